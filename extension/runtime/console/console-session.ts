import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { ConsoleLine } from './console-line.ts';
import { LogStream, type ConsoleLoss, type LogStreamOptions } from './console-log-stream.ts';
import type { ConsoleState } from './console-state.ts';
import type { Clock } from '../host.ts';
import type { ConsoleDialer, ConsoleLog, ConsoleShares, PortHolders } from '../console-ports.ts';

export type { ConsoleState } from './console-state.ts';

export interface ConsoleOptions extends LogStreamOptions {
  /** Shares the console with other sessions and processes. */
  readonly shares?: ConsoleShares | undefined;
  /** Names and ends others that hold the console. */
  readonly holders?: PortHolders | undefined;
  /** Where what is printed is read from, so that nothing is missed and nothing comes twice. */
  readonly log?: ConsoleLog | undefined;
  /** Only what is printed from now on, also where others who share a console have seen more. */
  readonly isFresh?: boolean | undefined;
}

/** What was printed before the session was opened. */
export interface ConsoleHistory {
  readonly bytes: Uint8Array;
  /** It begins somewhere in the middle. */
  readonly isCut: boolean;
}

/**
 * One user's view of one console, for as long as it lives: over restarts of the VM, over changes of who is connected,
 * and while somebody else holds it. Bytes in, bytes out. Where there is a console log, what is printed comes from there:
 * each byte once, in order, whoever QEMU serves at the moment.
 */
export class ConsoleSession implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly received = this.owned.add(new Emitter<Uint8Array>());
  private readonly lost = this.owned.add(new Emitter<ConsoleLoss>());
  /** What the guest (or the monitor) printed. */
  readonly onData = this.received.event;
  /** Something of it was left out here. */
  readonly onDidLose = this.lost.event;
  readonly onDidChangeState: ConsoleLine['onDidChangeState'];

  private readonly line: ConsoleLine;
  private readonly log: LogStream | undefined;
  private isLogged: boolean;
  private isOpen = false;

  constructor(dialer: ConsoleDialer, clock: Clock, port: number, options: ConsoleOptions = {}) {
    const { shares, holders, log } = options;
    this.isLogged = log !== undefined;
    const wants = log ? 'nothing' : options.isFresh === true ? 'data' : 'recent';
    this.line = this.owned.add(new ConsoleLine({ dialer, clock, shares, holders }, port, wants));
    this.onDidChangeState = this.line.onDidChangeState;
    if (log) this.log = this.owned.add(this.follow(log, clock, options));
    this.owned.add(this.line.onData(bytes => this.receive(bytes)));
    this.owned.add(this.line.onSkipped(bytes => this.isLogged || this.lost.fire({ kind: 'skipped', bytes })));
    this.owned.add(this.line.onDidChangeState(state => this.comeOrGo(state)));
  }

  get state(): ConsoleState {
    return this.line.state;
  }

  /** The end of what was printed so far; `onData` goes on right behind it. To be called before `open`. */
  history(bytes: number): Promise<ConsoleHistory | undefined> {
    return this.log ? this.log.history(bytes) : Promise.resolve(undefined);
  }

  /** Begins to connect, once. Whoever wants to hear everything listens before. */
  open(): void {
    if (this.isOpen || this.state.kind === 'closed') return;
    this.isOpen = true;
    this.log?.start().catch(() => this.log?.giveUp());
    this.line.open();
  }

  /** To be called when there is reason to think that the VM runs: connects without waiting for the next try. */
  retryNow(): void {
    this.line.retryNow();
  }

  /**
   * False if the bytes were dropped because nobody takes them. They must not be sent ahead: QEMU would give the guest
   * what was typed while somebody else held the console, long after and unseen.
   */
  write(bytes: Uint8Array): boolean {
    return this.line.write(bytes);
  }

  /** A break condition on the guest's UART. */
  sendBreak(): boolean {
    return this.line.sendBreak();
  }

  /**
   * Ends the connection of whoever holds the console, so that we are next. A process of ours that shares it with us is
   * asked; any other is ended. Gives the reason if that cannot be done.
   */
  takeOver(): string | undefined {
    return this.line.takeOver();
  }

  /** For a consumer that cannot take more at the moment: nothing comes until it is disposed, and nothing is lost if there is a log. */
  hold(): Disposable {
    return this.log && this.isLogged ? this.log.hold() : disposable(() => undefined);
  }

  dispose(): void {
    // First of all, so that whoever listens hears of it.
    this.line.dispose();
    this.owned.dispose();
  }

  private follow(log: ConsoleLog, clock: Clock, options: LogStreamOptions): LogStream {
    const events = {
      data: (bytes: Uint8Array) => this.received.fire(bytes),
      lost: (loss: ConsoleLoss) => this.lost.fire(loss),
      failed: () => {
        this.isLogged = false;
        this.line.withoutLog();
      },
    };
    return new LogStream(log, clock, events, options);
  }

  private receive(bytes: Uint8Array): void {
    // An owner sends unasked what is printed when it has found the log to be useless.
    if (this.isLogged && !this.line.isServed) this.log?.giveUp();
    if (this.isLogged) this.log?.heard(bytes);
    // The link reads into one buffer again and again, and whoever hears of it here may keep it.
    else this.received.fire(bytes.slice());
  }

  private comeOrGo(state: ConsoleState): void {
    if (!this.isLogged) return;
    if (state.kind !== 'connected') this.log?.reconnected();
    this.log?.look();
  }
}
