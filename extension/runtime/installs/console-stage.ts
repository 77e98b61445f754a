import { CancelSource, type CancelSignal } from '../../base/cancel.ts';
import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import type { VmOrder } from '../../dialogue/install-script.ts';
import type { Answer, Stage } from '../../dialogue/player/stage.ts';
import type { ByteSession } from '../console/byte-session.ts';
import { PastePacer } from '../console/paste-pacer.ts';
import type { Clock } from '../host.ts';

/** The machine behind a console. What fails, or is refused, rejects with a UserError. */
export interface MachineOrders {
  /** Undefined: takes the CD out. */
  changeCd(file: string | undefined, signal: CancelSignal): Promise<void>;
  order(order: VmOrder, signal: CancelSignal): Promise<void>;
}

export interface StageParts {
  readonly session: ByteSession;
  readonly clock: Clock;
  /** Undefined: there is only a line, and nobody knows what is at its end. */
  readonly machine: MachineOrders | undefined;
  /** Makes a path of a script absolute; `from`: the included script that has it. */
  readonly resolve: (file: string, from: string | undefined) => string;
}

const nobody = 'Nobody takes what is typed: the VM is not running, or another program holds its console.';
const noMachine = 'This works with a VM of a lab only.';

/** A console as the place where a script plays. */
export class ConsoleStage implements Stage, Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: StageParts;
  private readonly pacer: PastePacer;

  constructor(parts: StageParts) {
    this.parts = parts;
    const { session, clock } = parts;
    this.pacer = this.owned.add(new PastePacer(clock, bytes => session.write(bytes)));
    this.owned.add(session.onData(bytes => this.pacer.heard(bytes.length)));
  }

  after(ms: number, call: () => void): Disposable {
    return this.parts.clock.after(ms, call);
  }

  type(bytes: Uint8Array, pauseMs: number | undefined, done: Answer): Disposable {
    return pauseMs === undefined ? this.paste(bytes, done) : this.typeSlowly(bytes, pauseMs, done);
  }

  sendBreak(done: Answer): Disposable {
    const isSent = this.parts.session.sendBreak?.();
    done(isSent === true ? undefined : isSent === false ? nobody : 'This line has no break.');
    return nothing;
  }

  changeCd(cd: { readonly file: string; readonly from: string | undefined } | undefined, done: Answer): Disposable {
    const file = cd && this.parts.resolve(cd.file, cd.from);
    return this.ask(done, (machine, signal) => machine.changeCd(file, signal));
  }

  orderVm(order: VmOrder, done: Answer): Disposable {
    return this.ask(done, (machine, signal) => machine.order(order, signal));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private paste(bytes: Uint8Array, done: Answer): Disposable {
    if (this.parts.session.state.kind !== 'connected') {
      done(nobody);
      return nothing;
    }
    const ending = this.pacer.onProgress(progress => {
      if (progress.kind === 'ended') end(progress.left === 0 ? undefined : nobody);
    });
    const end = (refusal?: string): void => {
      ending.dispose();
      done(refusal);
    };
    this.pacer.push(bytes);
    if (!this.pacer.isBusy) end();
    return disposable(() => {
      ending.dispose();
      this.pacer.cancel();
    });
  }

  private typeSlowly(bytes: Uint8Array, pauseMs: number, done: Answer): Disposable {
    let timer: Disposable = nothing;
    const next = (at: number): void => {
      if (at >= bytes.length) done();
      else if (!this.parts.session.write(bytes.subarray(at, at + 1))) done(nobody);
      else timer = this.parts.clock.after(pauseMs, () => next(at + 1));
    };
    next(0);
    return disposable(() => timer.dispose());
  }

  private ask(done: Answer, order: (machine: MachineOrders, signal: CancelSignal) => Promise<void>): Disposable {
    const { machine } = this.parts;
    if (!machine) {
      done(noMachine);
      return nothing;
    }
    const cancel = new CancelSource();
    order(machine, cancel.signal).then(
      () => done(),
      (error: unknown) => done(error instanceof Error ? error.message : String(error)),
    );
    return disposable(() => cancel.cancel());
  }
}

const nothing = disposable(() => undefined);
