import { disposable, type Disposable } from '../../base/disposable.ts';
import type { Clock } from '../host.ts';
import type { ConsoleLog, LogPiece } from '../console-ports.ts';
import { RecentBytes } from './recent-bytes.ts';

/** Something of what was printed is not shown. */
export type ConsoleLoss =
  /** The console log became shorter: whatever it had that we had not read is gone. */
  | { readonly kind: 'cut' }
  /** Left out because it came faster than it is taken. */
  | { readonly kind: 'skipped'; readonly bytes: number };

export interface LogStreamEvents {
  data(bytes: Uint8Array): void;
  lost(loss: ConsoleLoss): void;
  /** The log does not get what the console prints (disk full, a script without `logfile=`): nothing more comes from here. */
  failed(): void;
}

export interface LogStreamOptions {
  /** Everything, as fast as it is taken; otherwise no faster than a terminal can show, and skipped ahead when far behind. */
  readonly isComplete?: boolean | undefined;
}

const pieceBytes = 64 * 1024;
/** Between two looks at a log that grows: gathers what QEMU writes byte by byte, and leaves others time to work. */
const pauseMs = 15;
const dropBeyond = 2 * 1024 * 1024;
const keptOnDrop = 256 * 1024;
const suspiciousMs = 1000;
const longestPending = 256 * 1024;

/**
 * Follows a console's log, the file into which QEMU writes all that the console prints, whether or not anybody is
 * connected and whoever that is. All who read it see the same bytes, each at a speed of its own; nobody has to slow down
 * QEMU. (If its client does not read, QEMU 7.2 writes bytes into the log twice: chardev/char.c, qemu_chr_write_buffer,
 * takes EAGAIN for a broken connection.)
 */
export class LogStream implements Disposable {
  private readonly log: ConsoleLog;
  private readonly clock: Clock;
  private readonly events: LogStreamEvents;
  private readonly isComplete: boolean;
  private offset = 0;
  private isPlaced = false;
  private isReading = false;
  private isWatched = false;
  private holders = 0;
  private isOver = false;
  /** The timer or the watch that brings the next look. */
  private next: Disposable | undefined;
  private readonly proof: LogProof;

  constructor(log: ConsoleLog, clock: Clock, events: LogStreamEvents, options: LogStreamOptions = {}) {
    this.log = log;
    this.clock = clock;
    this.events = events;
    this.isComplete = options.isComplete === true;
    this.proof = new LogProof(clock, () => this.doubt());
  }

  /** Everything so far, or its end. What comes later follows without a gap. Not after `start`. */
  async history(bytes: number): Promise<{ readonly bytes: Uint8Array; readonly isCut: boolean } | undefined> {
    const size = await this.log.size();
    this.isPlaced = true;
    if (size === undefined) return undefined;
    const from = Math.max(0, size - bytes);
    const pieces: Uint8Array[] = [];
    this.offset = from;
    while (this.offset < size) {
      const piece = await this.log.read(this.offset, Math.min(pieceBytes, size - this.offset));
      if (piece.kind !== 'bytes') break;
      this.offset += piece.bytes.length;
      pieces.push(piece.bytes);
    }
    return { bytes: joined(pieces), isCut: from > 0 };
  }

  /** Gives what is printed from now on, or from where the history ended, or from a given place. */
  async start(from?: number): Promise<void> {
    if (!this.isPlaced) this.offset = from ?? (await this.log.size()) ?? 0;
    this.isPlaced = true;
    this.step();
  }

  /** Looks at once; to be called when there is reason to think that the file has come into being. */
  look(): void {
    if (!this.isPlaced) return;
    // One that was set while there was no file is of no use.
    this.unwatch();
    this.step();
  }

  /** Gives nothing until all holds are released. */
  hold(): Disposable {
    this.holders += 1;
    return disposable(() => {
      this.holders -= 1;
      this.step();
    });
  }

  /** The connection is a new one. */
  reconnected(): void {
    this.proof.reset();
  }

  /** Came over the connection, and has to be in the log as well. */
  heard(bytes: Uint8Array): void {
    if (!this.isOver) this.proof.heard(bytes);
  }

  /** To be called when it is known that the log gets nothing. */
  giveUp(): void {
    if (this.isOver) return;
    const pending = this.proof.pending();
    this.dispose();
    this.events.failed();
    if (pending.length > 0) this.events.data(pending);
  }

  dispose(): void {
    this.isOver = true;
    this.next?.dispose();
    this.proof.dispose();
    this.log.dispose();
  }

  /** While nobody takes anything, nothing is read, and that proves nothing. */
  private doubt(): void {
    if (this.holders > 0) this.proof.reset();
    else this.giveUp();
  }

  private step(): void {
    if (this.isOver || this.isReading || this.holders > 0) return;
    this.isReading = true;
    const take = (piece: LogPiece): void => {
      this.isReading = false;
      if (!this.isOver) this.take(piece);
    };
    // A log that cannot be read is like one that gets nothing: what comes over the connection will tell.
    this.log.read(this.offset, pieceBytes).then(take, () => take({ kind: 'end' }));
  }

  private take(piece: LogPiece): void {
    switch (piece.kind) {
      case 'bytes':
        this.print(piece.bytes, piece.left);
        break;
      case 'renewed':
      case 'cut':
        this.offset = 0;
        this.unwatch();
        this.proof.reset();
        if (piece.kind === 'cut') this.events.lost({ kind: 'cut' });
        this.step();
        break;
      case 'end':
        this.watch();
        break;
    }
  }

  private print(bytes: Uint8Array, left: number): void {
    this.offset += bytes.length;
    this.proof.read(bytes.length);
    this.unwatch();
    this.events.data(bytes);
    if (this.isOver) return;
    if (!this.isComplete && left > dropBeyond) this.dropAhead(left - keptOnDrop);
    if (this.isComplete && left > 0) this.step();
    else this.next = this.clock.after(pauseMs, () => this.step());
  }

  private dropAhead(bytes: number): void {
    this.offset += bytes;
    this.proof.read(bytes);
    this.events.lost({ kind: 'skipped', bytes });
  }

  /** At the end: asks to be called, then looks once more, because something may have come in between. */
  private watch(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.next?.dispose();
    this.next = this.log.onceChanged(() => {
      this.isWatched = false;
      this.step();
    });
    this.step();
  }

  private unwatch(): void {
    this.isWatched = false;
    this.next?.dispose();
    this.next = undefined;
  }
}

/** Compares what the connection brings with what the log brings. */
class LogProof implements Disposable {
  private readonly clock: Clock;
  private readonly onFailure: () => void;
  private missing = 0;
  private readCount = 0;
  private readonly recent = new RecentBytes(longestPending);
  private timer: Disposable | undefined;

  constructor(clock: Clock, onFailure: () => void) {
    this.clock = clock;
    this.onFailure = onFailure;
  }

  /** The bytes that the log does not have, as far as they were kept. */
  pending(): Uint8Array {
    return this.recent.last(this.missing);
  }

  heard(bytes: Uint8Array): void {
    this.missing += bytes.length;
    if (this.missing <= 0) return;
    this.recent.add(bytes);
    this.timer ??= this.suspect();
  }

  read(count: number): void {
    this.missing -= count;
    this.readCount += count;
    if (this.missing <= 0) this.clear();
  }

  /** What the log had before the connection must not speak for what came after it. */
  reset(): void {
    this.missing = 0;
    this.clear();
  }

  dispose(): void {
    this.clear();
  }

  private suspect(): Disposable {
    const before = this.readCount;
    return this.clock.after(suspiciousMs, () => {
      this.timer = undefined;
      if (this.missing <= 0) return;
      if (this.readCount === before) this.onFailure();
      else this.timer = this.suspect();
    });
  }

  private clear(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.recent.clear();
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first && pieces.length === 1) return first;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
