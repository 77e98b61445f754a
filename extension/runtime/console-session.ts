import { CancelSource } from '../base/cancel.ts';
import { DisposableStore, disposable, type Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { TelnetDecoder, encodeTelnet, telnetBreak } from '../console/telnet.ts';
import type { Clock, ConsoleDialer, ConsoleLink } from './host.ts';

export type ConsoleState =
  | { readonly kind: 'connecting' }
  /** QEMU has greeted us: what is written arrives. */
  | { readonly kind: 'connected' }
  /** `held`: QEMU serves one client at a time, and another one is connected. The session goes on trying. */
  | { readonly kind: 'waiting'; readonly reason: 'held' | 'not running' }
  | { readonly kind: 'closed' };

/** QEMU greets within milliseconds of taking a client on, on a busy host a good while later. */
const heldAfterMs = 1500;
/** A QEMU that has just begun listens long before it serves, above all when many VMs start at once. */
const heldAfterStartMs = 6000;
const firstRetryMs = 250;
const longestRetryMs = 5000;

/**
 * Keeps one console of a VM connected for as long as it lives: over restarts of the VM, and while somebody else holds
 * the console. Bytes in, bytes out; telnet is taken off and put on here.
 */
export class ConsoleSession implements Disposable {
  private readonly received = new Emitter<Uint8Array>();
  private readonly changed = new Emitter<ConsoleState>();
  /** What the guest (or the monitor) printed. Always after the state became `connected`. */
  readonly onData = this.received.event;
  readonly onDidChangeState = this.changed.event;

  private current: ConsoleState = { kind: 'connecting' };
  /** All that the present try holds: dialling, link, timer. A new try releases the one before. */
  private attempt: DisposableStore | undefined;
  private link: ConsoleLink | undefined;
  private isBetweenTries = false;
  private retryMs = firstRetryMs;
  private readonly dialer: ConsoleDialer;
  private readonly clock: Clock;
  private readonly port: number;

  constructor(dialer: ConsoleDialer, clock: Clock, port: number) {
    this.dialer = dialer;
    this.clock = clock;
    this.port = port;
  }

  get state(): ConsoleState {
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

  /**
   * False if the bytes were dropped because nobody takes them. They must not be sent ahead: QEMU would give the guest
   * what was typed while somebody else held the console, long after and unseen.
   */
  write(bytes: Uint8Array): boolean {
    return this.send(encodeTelnet(bytes));
  }

  /** A break condition on the guest's UART. */
  sendBreak(): boolean {
    return this.send(telnetBreak);
  }

  dispose(): void {
    this.setState({ kind: 'closed' });
    this.endAttempt();
    this.received.dispose();
    this.changed.dispose();
  }

  private send(bytes: Uint8Array): boolean {
    if (this.current.kind !== 'connected' || !this.link) return false;
    this.link.write(bytes);
    return true;
  }

  private dial(): void {
    const attempt = this.beginAttempt();
    const cancel = new CancelSource();
    attempt.add(disposable(() => cancel.cancel()));
    const isNewVm = reasonOf(this.current) === 'not running';
    const patienceMs = isNewVm ? heldAfterStartMs : heldAfterMs;
    const patience = attempt.add(this.clock.after(patienceMs, () => this.hold(attempt)));
    this.dialer.open(this.port, cancel.signal).then(
      link => this.adopt(link, attempt, patience),
      () => this.retryLater(attempt, { kind: 'waiting', reason: 'not running' }),
    );
  }

  private adopt(link: ConsoleLink, attempt: DisposableStore, patience: Disposable): void {
    attempt.add(link);
    if (attempt !== this.attempt) return;
    this.link = link;
    const decoder = new TelnetDecoder('qemu');
    // Why the link ended (VM gone, or put out by another client) is for the next try to find out.
    attempt.add(link.onClose(() => this.retryLater(attempt, { kind: 'connecting' })));
    attempt.add(
      link.onData(bytes => {
        const { text, reply } = decoder.push(bytes);
        if (reply.length > 0) link.write(reply);
        if (!decoder.isReady) return;
        patience.dispose();
        this.retryMs = firstRetryMs;
        this.setState({ kind: 'connected' });
        if (text.length > 0) this.received.fire(text);
      }),
    );
  }

  /**
   * No greeting. With a link we stand in QEMU's queue, and are greeted when the other one hangs up. Without one the
   * queue itself is full (QEMU listens with a backlog of 1, and Linux drops the SYN), so that we must come again.
   */
  private hold(attempt: DisposableStore): void {
    const held = { kind: 'waiting', reason: 'held' } as const;
    if (this.link) this.setState(held);
    else this.retryLater(attempt, held);
  }

  private retryLater(attempt: DisposableStore, state: ConsoleState): void {
    if (attempt !== this.attempt) return;
    const pause = this.beginAttempt();
    pause.add(this.clock.after(this.retryMs, () => this.dial()));
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
    this.link = undefined;
    this.isBetweenTries = false;
    former?.dispose();
  }

  private setState(next: ConsoleState): void {
    const before = this.current;
    if (before.kind === 'closed') return;
    if (before.kind === next.kind && reasonOf(before) === reasonOf(next)) return;
    this.current = next;
    this.changed.fire(next);
  }
}

const reasonOf = (state: ConsoleState): string | undefined => (state.kind === 'waiting' ? state.reason : undefined);
