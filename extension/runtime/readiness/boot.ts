import type { CancelSignal } from '../../base/cancel.ts';
import { bootTimesFile, vmFiles } from '../../lab/layout.ts';
import type { Ready } from '../../lab/ready.ts';
import { marksFile, parseMarks, type StartMark } from '../console/console-marks.ts';
import type { Clock, Files } from '../host.ts';
import type { BootState } from '../state.ts';
import { isSlow, readBootTimes, usualSeconds, withBootTime } from './boot-times.ts';
import type { SignWatch } from './sign.ts';

export interface BootParts {
  readonly files: Files;
  readonly clock: Clock;
}

/** One start of a VM that says when it is ready. */
export interface BootOrder {
  readonly vm: string;
  readonly pid: number;
  readonly runDir: string;
  readonly ready: Ready;
  /** Made with the first look that needs them. */
  readonly signs: (boot: Boot) => readonly SignWatch[];
  /** All VMs of the lab. */
  readonly vms: readonly string[];
}

export interface LookOptions {
  readonly signal?: CancelSignal | undefined;
  /** Only what nobody notices, and without writing down what is found. */
  readonly isQuiet?: boolean | undefined;
}

/** Who looks less often has not seen when it happened. */
const witnessedMs = 15_000;

/** Looks for the signs of one start, one after another; what has held once is not looked for again. */
export class Boot {
  private readonly parts: BootParts;
  private readonly order: BootOrder;
  private signs: readonly SignWatch[] | undefined;
  private held = 0;
  private nextLookAt = 0;
  private missedAt: number | undefined;
  /** Whoever asks meanwhile gets the same answer: signs remember what they have read. */
  private looking: Promise<void> | undefined;
  private mark: StartMark | undefined;
  private usual: number | undefined;
  /** Why it is not ready, for people. Undefined: it has not been looked at yet, or is ready. */
  missing: string | undefined;
  state: BootState = { kind: 'booting' };

  constructor(order: BootOrder, parts: BootParts) {
    this.order = order;
    this.parts = parts;
  }

  get isReady(): boolean {
    return this.state.kind === 'ready';
  }

  /** Seconds that it may take. */
  get limitSeconds(): number {
    return this.order.ready.withinMs / 1000;
  }

  /** When to look again, in milliseconds; 0: at once. */
  get restMs(): number {
    return Math.max(0, this.nextLookAt - this.parts.clock.now());
  }

  /** One look, if it is time for one. Never rejects. */
  async look(options: LookOptions): Promise<BootState> {
    if (this.isReady || (this.restMs > 0 && !this.looking)) return this.state;
    this.looking ??= this.lookNow(options);
    await this.looking;
    return this.state;
  }

  /** The byte of its console log with which this start begins. Undefined: its script has not written that yet. */
  async logStart(): Promise<number | undefined> {
    return (await this.startMark())?.offset;
  }

  private async lookNow(options: LookOptions): Promise<void> {
    this.missing = await this.lookForSigns(options).catch((error: unknown) => String(error));
    this.looking = undefined;
  }

  private async lookForSigns({ signal, isQuiet }: LookOptions): Promise<string | undefined> {
    if (await this.isRecorded()) return undefined;
    this.signs ??= this.order.signs(this);
    for (const sign of this.signs.slice(this.held)) {
      const missing = isQuiet && sign.isIntrusive ? 'Its guest was not asked.' : await sign.look(signal);
      this.nextLookAt = this.parts.clock.now() + sign.restMs;
      if (missing !== undefined) {
        await this.isMissing();
        return missing;
      }
      this.held += 1;
    }
    await this.happened(isQuiet);
    return undefined;
  }

  /** Somebody else, or an earlier process of ours, has seen it. */
  private async isRecorded(): Promise<boolean> {
    const text = await this.parts.files.read(this.file(vmFiles(this.order.vm).ready));
    const [, pid, seconds] = /^(\d+) (\d+|-)\s*$/.exec(text ?? '') ?? [];
    if (Number(pid) !== this.order.pid) return false;
    await this.becomeReady(seconds === undefined || seconds === '-' ? undefined : Number(seconds));
    return true;
  }

  private async isMissing(): Promise<void> {
    this.missedAt = this.parts.clock.now();
    const seconds = await this.seconds();
    this.usual ??= usualSeconds(await this.times(), this.order.vm);
    if (seconds !== undefined && seconds > this.limitSeconds) this.state = { kind: 'late' };
    else if (seconds !== undefined && isSlow(seconds, this.usual)) this.state = { ...this.booting(), isSlow: true };
    else this.state = this.booting();
  }

  private booting(): BootState & { readonly kind: 'booting' } {
    return { kind: 'booting', ...(this.usual === undefined ? {} : { usualSeconds: this.usual }) };
  }

  private async happened(isQuiet: boolean | undefined): Promise<void> {
    const { files, clock } = this.parts;
    const { vm, pid, vms } = this.order;
    const wasSeen = this.missedAt !== undefined && clock.now() - this.missedAt <= witnessedMs;
    const seconds = wasSeen ? await this.seconds() : undefined;
    await this.becomeReady(seconds);
    // Who looks only once would keep who watches from telling how long it took.
    if (isQuiet) return;
    await files.write(this.file(vmFiles(vm).ready), `${pid} ${seconds ?? '-'}\n`);
    if (seconds === undefined) return;
    await files.write(this.file(bootTimesFile), withBootTime(await this.times(), vm, seconds, vms));
  }

  private async becomeReady(seconds: number | undefined): Promise<void> {
    // Of the starts before this one.
    const usual = this.usual ?? usualSeconds(await this.times(), this.order.vm);
    this.missing = undefined;
    this.state = {
      kind: 'ready',
      ...(seconds === undefined ? {} : { seconds }),
      ...(usual === undefined ? {} : { usualSeconds: usual }),
      ...(seconds !== undefined && isSlow(seconds, usual) ? { isSlow: true } : {}),
    };
  }

  /** Since its start. Undefined: it is not known when that was. */
  private async seconds(): Promise<number | undefined> {
    const mark = await this.startMark();
    return mark && Math.max(0, Math.round((this.parts.clock.now() - mark.at) / 1000));
  }

  private async startMark(): Promise<StartMark | undefined> {
    if (this.mark) return this.mark;
    const text = await this.parts.files.read(this.file(marksFile(vmFiles(this.order.vm).consoleLog)));
    this.mark = parseMarks(text ?? '').findLast(({ pid }) => pid === this.order.pid);
    return this.mark;
  }

  private async times() {
    return readBootTimes(await this.parts.files.read(this.file(bootTimesFile)));
  }

  private file(name: string): string {
    return `${this.order.runDir}/${name}`;
  }
}
