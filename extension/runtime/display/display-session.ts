import { CancelSource } from '../../base/cancel.ts';
import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Clock } from '../host.ts';
import type { DisplayDialer, DisplayLink } from '../console-ports.ts';
import { UnreachableHost } from '../remote-ports.ts';

export type DisplayState =
  | { readonly kind: 'connecting' }
  /** The view has agreed with QEMU: there is a picture. */
  | { readonly kind: 'shown' }
  /**
   * The session goes on trying. `refused`: somebody answered, and hung up or spoke no VNC that we understand.
   * `no answer` has a detail if the host cannot be reached.
   */
  | { readonly kind: 'waiting'; readonly reason: 'no answer' | 'refused'; readonly detail?: string | undefined }
  | { readonly kind: 'closed' };

export interface DisplayBytes {
  readonly connection: number;
  readonly bytes: Uint8Array;
}

/** A view that has this much before it gets no more until it has worked off most of it. A full screen is 3 MB. */
const pauseBytes = 1024 * 1024;
const resumeBytes = 256 * 1024;
const firstRetryMs = 250;
const longestRetryMs = 5000;

/** What one connection has; it ends with it. */
interface Attempt {
  readonly connection: number;
  readonly owned: DisposableStore;
  link?: DisplayLink;
  /** Sent to the view, and not yet said to be worked off. */
  ahead: number;
  isPaused: boolean;
}

/**
 * Keeps one display of a VM connected for as long as it lives, also over restarts of the VM. It carries bytes; what they
 * mean is for the view, which tells when it can see something and when it gives up.
 */
export class DisplaySession implements Disposable {
  private readonly opened = new Emitter<number>();
  private readonly received = new Emitter<DisplayBytes>();
  private readonly closed = new Emitter<number>();
  private readonly changed = new Emitter<DisplayState>();
  /** A connection with this number begins; its bytes follow. */
  readonly onDidOpen = this.opened.event;
  readonly onData = this.received.event;
  readonly onDidClose = this.closed.event;
  readonly onDidChangeState = this.changed.event;

  private current: DisplayState = { kind: 'connecting' };
  private attempt: Attempt | undefined;
  private lastConnection = 0;
  private isBetweenTries = false;
  private retryMs = firstRetryMs;
  private readonly dialer: DisplayDialer;
  private readonly clock: Clock;
  private readonly port: number;

  constructor(dialer: DisplayDialer, clock: Clock, port: number) {
    this.dialer = dialer;
    this.clock = clock;
    this.port = port;
  }

  get state(): DisplayState {
    return this.current;
  }

  /** Begins to connect, once. Whoever wants to hear everything listens before. */
  open(): void {
    if (!this.attempt && this.current.kind !== 'closed') this.dial();
  }

  /** To be called when there is reason to think that the VM runs: connects without waiting for the next try. */
  retryNow(): void {
    if (!this.isBetweenTries) return;
    this.retryMs = firstRetryMs;
    this.dial();
  }

  write({ connection, bytes }: DisplayBytes): void {
    this.attemptOf(connection)?.link?.write(bytes);
  }

  /** The view has worked off so many bytes. */
  acknowledge(connection: number, count: number): void {
    const attempt = this.attemptOf(connection);
    if (!attempt) return;
    attempt.ahead -= count;
    if (!attempt.isPaused || attempt.ahead > resumeBytes) return;
    attempt.isPaused = false;
    attempt.link?.resume();
  }

  /** The view can see something. */
  markShown(connection: number): void {
    if (!this.attemptOf(connection)) return;
    this.retryMs = firstRetryMs;
    this.setState({ kind: 'shown' });
  }

  /** The view has given up on the connection. */
  fail(connection: number, detail: string): void {
    const attempt = this.attemptOf(connection);
    if (!attempt) return;
    this.closed.fire(connection);
    this.retryLater(attempt, { kind: 'waiting', reason: 'refused', detail });
  }

  dispose(): void {
    this.setState({ kind: 'closed' });
    this.endAttempt();
    for (const emitter of [this.opened, this.received, this.closed, this.changed]) emitter.dispose();
  }

  private dial(): void {
    const attempt = this.beginAttempt();
    const cancel = new CancelSource();
    attempt.owned.add(disposable(() => cancel.cancel()));
    this.dialer.open(this.port, cancel.signal).then(
      link => this.adopt(link, attempt),
      (error: unknown) => this.retryLater(attempt, whyNot(error)),
    );
  }

  private adopt(link: DisplayLink, attempt: Attempt): void {
    attempt.owned.add(link);
    if (attempt !== this.attempt) return;
    attempt.link = link;
    this.opened.fire(attempt.connection);
    attempt.owned.add(link.onClose(() => this.hungUp(attempt)));
    attempt.owned.add(link.onData(bytes => this.pass(attempt, bytes)));
  }

  private pass(attempt: Attempt, bytes: Uint8Array): void {
    attempt.ahead += bytes.length;
    if (!attempt.isPaused && attempt.ahead > pauseBytes) {
      attempt.isPaused = true;
      attempt.link?.pause();
    }
    this.received.fire({ connection: attempt.connection, bytes });
  }

  /** After a picture this is the end of the VM, or of QEMU's patience with us; before it we were not let in. */
  private hungUp(attempt: Attempt): void {
    if (attempt !== this.attempt) return;
    this.closed.fire(attempt.connection);
    const wasShown = this.current.kind === 'shown';
    this.retryLater(attempt, wasShown ? { kind: 'connecting' } : { kind: 'waiting', reason: 'refused' });
  }

  private retryLater(attempt: Attempt, state: DisplayState): void {
    if (attempt !== this.attempt) return;
    const pause = this.beginAttempt();
    pause.owned.add(this.clock.after(this.retryMs, () => this.dial()));
    this.isBetweenTries = true;
    this.retryMs = Math.min(this.retryMs * 2, longestRetryMs);
    this.setState(state);
  }

  private attemptOf(connection: number): Attempt | undefined {
    return this.attempt?.connection === connection ? this.attempt : undefined;
  }

  private beginAttempt(): Attempt {
    this.endAttempt();
    const connection = ++this.lastConnection;
    this.attempt = { connection, owned: new DisposableStore(), ahead: 0, isPaused: false };
    return this.attempt;
  }

  private endAttempt(): void {
    const former = this.attempt;
    this.attempt = undefined;
    this.isBetweenTries = false;
    former?.owned.dispose();
  }

  private setState(next: DisplayState): void {
    const before = this.current;
    if (before.kind === 'closed' || JSON.stringify(before) === JSON.stringify(next)) return;
    this.current = next;
    this.changed.fire(next);
  }
}

const whyNot = (error: unknown): DisplayState => ({
  ...{ kind: 'waiting', reason: 'no answer' },
  ...(error instanceof UnreachableHost && { detail: error.message }),
});
