import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Clock } from '../host.ts';

export type PasteProgress =
  | { readonly kind: 'sending'; readonly sent: number; readonly total: number }
  /** `left`: bytes that were not sent, because it was called off or the connection ended. */
  | { readonly kind: 'ended'; readonly left: number };

/** Nobody types so much at once: longer input is a paste. */
export const pieceBytes = 64;
/** A UART of 115,200 baud takes 64 bytes in 6 ms; a guest without KVM needs longer to fetch them. */
const pauseMs = 12;
/** A guest that does not echo gets this long for each piece. */
const patienceMs = 40;
/** One that echoed before and falls silent is busy, or has stopped to echo; it gets this long. */
const echoPatienceMs = 3000;

/**
 * Sends large input in pieces. A serial line without flow control has nobody who says "wait": the guest keeps some of
 * what its program has not fetched (Linux 64 kB, a router a few hundred bytes), and drops the rest. So each piece waits
 * until the guest has echoed the one before, or for a moment if it does not echo.
 */
export class PastePacer implements Disposable {
  private readonly progress = new Emitter<PasteProgress>();
  readonly onProgress = this.progress.event;

  private readonly clock: Clock;
  private readonly send: (bytes: Uint8Array) => boolean;
  private waiting: Uint8Array[] = [];
  private sent = 0;
  private total = 0;
  private echoed = 0;
  private lastPiece = 0;
  private isRested = false;
  private isEchoing = false;
  private timers: readonly Disposable[] = [];

  /** `send` gives false if nobody took the bytes. */
  constructor(clock: Clock, send: (bytes: Uint8Array) => boolean) {
    this.clock = clock;
    this.send = send;
  }

  get isBusy(): boolean {
    return this.total > 0;
  }

  /** Sends at once what is short, unless a paste is on its way: then it follows after that. */
  push(bytes: Uint8Array): void {
    if (!this.isBusy && bytes.length <= pieceBytes) {
      this.send(bytes);
      return;
    }
    this.waiting.push(bytes);
    const isFirst = !this.isBusy;
    this.total += bytes.length;
    if (isFirst) this.next();
  }

  /** To be called with the number of bytes that came from the guest. */
  heard(count: number): void {
    if (!this.isBusy) return;
    this.echoed += count;
    this.isEchoing ||= this.echoed >= this.lastPiece;
    if (this.isRested && this.echoed >= this.lastPiece) this.next();
  }

  /** Gives up what was not sent yet. */
  cancel(): void {
    if (this.isBusy) this.end();
  }

  dispose(): void {
    this.cancel();
    this.progress.dispose();
  }

  private next(): void {
    this.clearTimers();
    const piece = this.take();
    if (piece.length === 0 || !this.send(piece)) {
      this.end();
      return;
    }
    this.sent += piece.length;
    this.lastPiece = piece.length;
    this.echoed = 0;
    this.isRested = false;
    const patience = this.isEchoing ? echoPatienceMs : patienceMs;
    this.timers = [this.clock.after(pauseMs, () => this.rest()), this.clock.after(patience, () => this.giveUpEcho())];
    this.progress.fire({ kind: 'sending', sent: this.sent, total: this.total });
  }

  private giveUpEcho(): void {
    this.isEchoing = false;
    this.next();
  }

  private rest(): void {
    this.isRested = true;
    if (this.echoed >= this.lastPiece) this.next();
  }

  private take(): Uint8Array {
    const [first] = this.waiting;
    if (!first) return new Uint8Array(0);
    if (first.length <= pieceBytes) {
      this.waiting.shift();
      return first;
    }
    this.waiting[0] = first.subarray(pieceBytes);
    return first.subarray(0, pieceBytes);
  }

  private end(): void {
    const left = this.total - this.sent;
    this.clearTimers();
    this.waiting = [];
    [this.sent, this.total] = [0, 0];
    this.isEchoing = false;
    this.progress.fire({ kind: 'ended', left });
  }

  private clearTimers(): void {
    for (const timer of this.timers) timer.dispose();
    this.timers = [];
  }
}
