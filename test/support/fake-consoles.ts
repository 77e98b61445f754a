import { Emitter } from '../../extension/base/emitter.ts';
import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import type { ConsolePorts } from '../../extension/cli/command.ts';
import type { KnownConsole } from '../../extension/runtime/console/console-list.ts';
import { ConsoleRecorder } from '../../extension/runtime/console/console-recorder.ts';
import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import type { Clock } from '../../extension/runtime/host.ts';
import type { PortHolder, PortHolders, TerminalPort } from '../../extension/runtime/console-ports.ts';
import { FakeDialer } from './console-fakes.ts';
import { FakeLog } from './fake-log.ts';
import type { FakeMeetingPlace } from './fake-shares.ts';

/** Who holds which port, as the test says. */
export class FakeHolders implements PortHolders {
  readonly held = new Map<number, PortHolder>();
  readonly ended: number[] = [];
  refusal: string | undefined;

  find(ports: readonly number[]): Promise<ReadonlyMap<number, PortHolder>> {
    return Promise.resolve(new Map([...this.held].filter(([port]) => ports.includes(port))));
  }

  end(port: number): string | undefined {
    if (this.refusal === undefined) this.ended.push(port);
    return this.refusal;
  }
}

/** The user's terminal; the test types. */
export class FakeTty implements TerminalPort {
  isInteractive = true;
  isScreen = false;
  /** How many have asked for raw keys and not given that back. */
  rawCount = 0;
  private readonly typed = new Emitter<Uint8Array>();
  private readonly ended = new Emitter<void>();
  private readonly drained = new Emitter<void>();
  readonly onInput = this.typed.event;
  readonly onEnd = this.ended.event;
  readonly onDrain = this.drained.event;
  private readonly show: (text: string) => void;

  constructor(show: (text: string) => void) {
    this.show = show;
  }

  get listenerCount(): number {
    return this.typed.listenerCount + this.ended.listenerCount + this.drained.listenerCount;
  }

  raw(): Disposable {
    this.rawCount += 1;
    return disposable(() => (this.rawCount -= 1));
  }

  write(bytes: Uint8Array): boolean {
    this.show(new TextDecoder().decode(bytes));
    return true;
  }

  type(text: string): void {
    this.typed.fire(new TextEncoder().encode(text));
  }

  end(): void {
    this.ended.fire();
  }
}

/** The consoles of a machine where the test plays QEMU. */
export class FakeConsoles implements ConsolePorts {
  readonly dialer = new FakeDialer();
  readonly holders = new FakeHolders();
  readonly terminal: FakeTty;
  readonly logs = new Map<string, FakeLog>();
  /** Set: those who look at a console share it. */
  place: FakeMeetingPlace | undefined;
  private readonly clock: Clock;

  constructor(clock: Clock, show: (text: string) => void) {
    this.clock = clock;
    this.terminal = new FakeTty(show);
  }

  session({ port }: KnownConsole): ConsoleSession {
    return new ConsoleSession(this.dialer, this.clock, port, { holders: this.holders, shares: this.place?.process(1) });
  }

  recorder({ port }: KnownConsole): ConsoleRecorder {
    const { dialer, clock, holders } = this;
    return new ConsoleRecorder({ dialer, clock, holders, shares: this.place?.process(2) }, port);
  }

  log(path: string): FakeLog {
    const log = this.logs.get(path) ?? new FakeLog();
    this.logs.set(path, log);
    return log;
  }
}
