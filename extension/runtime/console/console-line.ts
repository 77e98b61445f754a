import { CancelSource } from '../../base/cancel.ts';
import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { FrameDecoder, encodeFrame, type ShareFrame, type Wants } from '../../console/share-frames.ts';
import { TelnetDecoder, encodeTelnet, telnetBreak, telnetNothing } from '../../console/telnet.ts';
import { ConsoleOwner, inPieces } from './console-owner.ts';
import { isSameState, type ConsoleState } from './console-state.ts';
import type { Clock } from '../host.ts';
import type { ConsoleDialer, ConsoleLink, ConsoleShares, PortHolders, ShareLink } from '../console-ports.ts';
import { UnreachableHost } from '../remote-ports.ts';

/** What a connection needs of the machine. Without shares it is for itself; without holders nobody is named. */
export interface ConsoleHost {
  readonly dialer: ConsoleDialer;
  readonly clock: Clock;
  readonly shares?: ConsoleShares | undefined;
  readonly holders?: PortHolders | undefined;
}

/** Somebody takes what we write. */
interface Speech {
  write(bytes: Uint8Array): void;
  sendBreak(): void;
  /** Asks the process that shares its connection with us to give it up. */
  readonly askToYield?: () => void;
}

/** QEMU greets within milliseconds of taking a client on, on a busy host a good while later. */
const heldAfterMs = 1500;
/** A QEMU that has just begun listens long before it serves, above all when many VMs start at once. */
const heldAfterStartMs = 6000;
const firstRetryMs = 250;
const longestRetryMs = 5000;
/** While we stand in QEMU's queue: has the one that it serves begun to share? */
const lookForOwnerMs = 500;
/** Who was asked to give up the port leaves it alone for so long. */
const yieldMs = 1500;

/**
 * The connection to one console, over restarts of its VM and while somebody else holds it. Whoever QEMU serves owns the
 * console and lets the user's other processes join over a socket; when it goes, one of these is served next. There
 * cannot be two owners, because QEMU serves one client, and only that one lets others in.
 */
export class ConsoleLine implements Disposable {
  private readonly received = new Emitter<Uint8Array>();
  private readonly sent = new Emitter<Uint8Array>();
  private readonly skipped = new Emitter<number>();
  private readonly changed = new Emitter<ConsoleState>();
  /** What came over the connection: everything for an owner; for others what they asked for. */
  readonly onData = this.received.event;
  /** What was typed, no matter who did it: always for an owner, for others if they asked for the dialogue. */
  readonly onTyped = this.sent.event;
  /** So many bytes were not passed on to us. */
  readonly onSkipped = this.skipped.event;
  readonly onDidChangeState = this.changed.event;

  private current: ConsoleState = { kind: 'connecting' };
  /** All that the present try holds: dialling, link, timers. A new try releases the one before. */
  private attempt: DisposableStore | undefined;
  private hasLink = false;
  private speech: Speech | undefined;
  private owner: ConsoleOwner | undefined;
  private isBetweenTries = false;
  private retryMs = firstRetryMs;
  private isLogUseless = false;
  private readonly host: ConsoleHost;
  private readonly port: number;
  private wants: Wants;

  /** `wants`: what is needed from the owner of a shared console, because there is no log to read. */
  constructor(host: ConsoleHost, port: number, wants: Wants) {
    this.host = host;
    this.port = port;
    this.wants = wants;
  }

  get state(): ConsoleState {
    return this.current;
  }

  /** True while we are the one whom QEMU serves. */
  get isServed(): boolean {
    return this.current.kind === 'connected' && this.current.through === undefined;
  }

  open(): void {
    if (!this.attempt && this.current.kind !== 'closed') this.connect();
  }

  retryNow(): void {
    if (!this.isBetweenTries) return;
    this.retryMs = firstRetryMs;
    this.connect();
  }

  write(bytes: Uint8Array): boolean {
    if (!this.speech) return false;
    this.speech.write(bytes);
    return true;
  }

  sendBreak(): boolean {
    if (!this.speech) return false;
    this.speech.sendBreak();
    return true;
  }

  /** Undefined: whoever has the console was told to let go of it, and we are next. Otherwise the reason why not. */
  takeOver(): string | undefined {
    if (this.speech?.askToYield) {
      this.speech.askToYield();
      return undefined;
    }
    if (this.current.kind !== 'waiting' || this.current.reason !== 'held') return 'Nobody else holds this console.';
    return this.host.holders ? this.host.holders.end(this.port) : 'It cannot be told who holds this console.';
  }

  /** The console log does not get what is printed: we need it, and so do all whom we let in. */
  withoutLog(): void {
    this.isLogUseless = true;
    this.wants = 'data';
    if (this.owner) this.owner.sendsToAll = true;
  }

  dispose(): void {
    this.setState({ kind: 'closed' });
    this.endAttempt();
    this.received.dispose();
    this.sent.dispose();
    this.skipped.dispose();
    this.changed.dispose();
  }

  private connect(): void {
    const attempt = this.beginAttempt();
    const isNewVm = this.current.kind === 'waiting' && this.current.reason === 'not running';
    const patience = this.waitFor(isNewVm ? heldAfterStartMs : heldAfterMs, attempt);
    if (!this.host.shares) {
      this.dial(attempt, patience);
      return;
    }
    this.join(this.host.shares, attempt).then(
      link => this.adoptShare(link, attempt, patience),
      () => {
        if (attempt === this.attempt) this.dial(attempt, patience);
      },
    );
  }

  private waitFor(ms: number, attempt: DisposableStore): Disposable {
    return attempt.add(this.host.clock.after(ms, () => void this.hold(attempt)));
  }

  private join(shares: ConsoleShares, attempt: DisposableStore): Promise<ShareLink> {
    const cancel = new CancelSource();
    attempt.add(disposable(() => cancel.cancel()));
    return shares.join(this.port, cancel.signal);
  }

  private dial(attempt: DisposableStore, patience: Disposable): void {
    const cancel = new CancelSource();
    attempt.add(disposable(() => cancel.cancel()));
    this.host.dialer.open(this.port, cancel.signal).then(
      link => this.adopt(link, attempt, this.host.dialer.isFar ? this.waitFor(heldAfterMs, attempt) : patience),
      (error: unknown) => this.retryLater(attempt, whyNot(error)),
    );
    if (this.host.dialer.isFar) patience.dispose();
    if (this.host.shares) this.lookForOwner(this.host.shares, attempt);
  }

  private adopt(link: ConsoleLink, attempt: DisposableStore, patience: Disposable): void {
    attempt.add(link);
    if (attempt !== this.attempt) return;
    this.hasLink = true;
    const decoder = new TelnetDecoder('qemu');
    // Why the link ended (VM gone, or put out by another client) is for the next try to find out.
    attempt.add(link.onClose(() => this.retryLater(attempt, { kind: 'connecting' })));
    attempt.add(
      link.onData(bytes => {
        const { text, reply } = decoder.push(bytes);
        if (reply.length > 0) link.write(reply);
        if (!decoder.isReady) return;
        if (!this.speech) this.own(link, attempt, patience);
        if (text.length > 0) this.print(text);
      }),
    );
  }

  /** QEMU serves us. */
  private own(link: ConsoleLink, attempt: DisposableStore, patience: Disposable): void {
    patience.dispose();
    this.retryMs = firstRetryMs;
    const type = (bytes: Uint8Array): void => {
      link.write(encodeTelnet(bytes));
      this.sent.fire(bytes);
    };
    const sendBreak = (): void => link.write(telnetBreak);
    if (this.host.shares) {
      const owner = attempt.add(
        new ConsoleOwner(this.host.shares, this.port, {
          ...{ write: type, sendBreak, yield: () => this.yieldPort(attempt) },
          isRecorded: () => this.sent.listenerCount > 0,
          soon: call => this.whenHeard(link, call),
        }),
      );
      owner.sendsToAll = this.isLogUseless;
      this.owner = owner;
    }
    const write = (bytes: Uint8Array): void => {
      if (this.owner) this.owner.typed(bytes);
      else type(bytes);
    };
    this.speech = { write, sendBreak: () => (this.owner ? this.owner.sendBreak() : sendBreak()) };
    this.setState({ kind: 'connected' });
  }

  /**
   * When all has been heard that QEMU has printed. It sends byte by byte, and TCP (Nagle) keeps the last ones until we
   * acknowledge those before, which Linux does 40 ms later, or at once with whatever we say. Between two timers what has
   * arrived is read.
   */
  private whenHeard(link: ConsoleLink, call: () => void): Disposable {
    const timers = new DisposableStore();
    link.write(telnetNothing);
    timers.add(this.host.clock.after(0, () => timers.add(this.host.clock.after(0, call))));
    return timers;
  }

  private print(bytes: Uint8Array): void {
    this.owner?.printed(bytes);
    this.received.fire(bytes);
  }

  private yieldPort(attempt: DisposableStore): void {
    this.retryMs = yieldMs;
    this.retryLater(attempt, { kind: 'connecting' });
  }

  /** Another process of this user owns the console. Until it says hello it may be stuck, which is for `hold` to tell. */
  private adoptShare(link: ShareLink, attempt: DisposableStore, patience: Disposable): void {
    attempt.add(link);
    if (attempt !== this.attempt) return;
    this.hasLink = true;
    const decoder = new FrameDecoder();
    const end = (): void => this.retryLater(attempt, { kind: 'connecting' });
    attempt.add(link.onClose(end));
    attempt.add(
      link.onData(bytes => {
        for (const frame of decoder.push(bytes)) if (attempt === this.attempt) this.hear(frame, link, patience);
        if (decoder.isBroken) end();
      }),
    );
    const self = this.host.shares?.self ?? { pid: 0, program: '' };
    link.write(encodeFrame({ kind: 'hello', ...self, wants: this.wants }));
  }

  private hear(frame: ShareFrame, link: ShareLink, patience: Disposable): void {
    if (frame.kind === 'data') this.received.fire(frame.bytes);
    else if (frame.kind === 'typed') this.sent.fire(frame.bytes);
    else if (frame.kind === 'skipped') this.skipped.fire(frame.bytes);
    if (frame.kind !== 'hello' || this.speech) return;
    patience.dispose();
    this.retryMs = firstRetryMs;
    const send = (message: ShareFrame): void => link.write(encodeFrame(message));
    this.speech = {
      write: bytes => {
        for (const piece of inPieces(bytes)) send({ kind: 'data', bytes: piece });
      },
      sendBreak: () => send({ kind: 'break' }),
      askToYield: () => send({ kind: 'yield' }),
    };
    this.setState({ kind: 'connected', through: { pid: frame.pid, program: frame.program } });
  }

  /** We may wait in QEMU's queue behind a process that has only just become the owner. */
  private lookForOwner(shares: ConsoleShares, attempt: DisposableStore): void {
    let pending: Disposable | undefined;
    attempt.add(disposable(() => pending?.dispose()));
    const look = (): void => {
      if (attempt !== this.attempt || this.speech) return;
      shares.join(this.port).then(
        link => {
          if (attempt !== this.attempt || this.speech) link.dispose();
          else this.changeOver(link);
        },
        () => again(),
      );
    };
    const again = (): void => {
      if (attempt === this.attempt && !this.speech) pending = this.host.clock.after(lookForOwnerMs, look);
    };
    again();
  }

  private changeOver(link: ShareLink): void {
    const attempt = this.beginAttempt();
    const patience = attempt.add(this.host.clock.after(heldAfterMs, () => void this.hold(attempt)));
    this.adoptShare(link, attempt, patience);
  }

  /**
   * No greeting. With a link we stand in QEMU's queue, and are greeted when the other one hangs up. Without one the
   * queue itself is full (QEMU listens with a backlog of 1, and Linux drops the SYN), so that we must come again.
   */
  private async hold(attempt: DisposableStore): Promise<void> {
    const found = await this.host.holders?.find([this.port]);
    // We may have been greeted, or have begun anew, while it was looked for.
    if (attempt !== this.attempt || this.speech) return;
    const holder = found?.get(this.port);
    const held: ConsoleState = { kind: 'waiting', reason: 'held', ...(holder && { holder }) };
    if (this.hasLink) this.setState(held);
    else this.retryLater(attempt, held);
  }

  private retryLater(attempt: DisposableStore, state: ConsoleState): void {
    if (attempt !== this.attempt) return;
    const pause = this.beginAttempt();
    pause.add(this.host.clock.after(this.retryMs, () => this.connect()));
    this.isBetweenTries = true;
    this.retryMs = Math.min(this.retryMs * 2, longestRetryMs);
    this.setState(state);
  }

  private beginAttempt(): DisposableStore {
    this.endAttempt();
    this.attempt = new DisposableStore();
    return this.attempt;
  }

  private endAttempt(): void {
    const former = this.attempt;
    this.attempt = undefined;
    this.hasLink = false;
    this.speech = undefined;
    this.owner = undefined;
    this.isBetweenTries = false;
    former?.dispose();
  }

  private setState(next: ConsoleState): void {
    if (this.current.kind === 'closed' || isSameState(this.current, next)) return;
    this.current = next;
    this.changed.fire(next);
  }
}

const whyNot = (error: unknown): ConsoleState =>
  error instanceof UnreachableHost
    ? { kind: 'waiting', reason: 'unreachable', words: error.message }
    : { kind: 'waiting', reason: 'not running' };
