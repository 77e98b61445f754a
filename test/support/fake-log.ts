import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import type { ConsoleLog, LogPiece } from '../../extension/runtime/console-ports.ts';

/** A file into which a test writes what QEMU would. Any number of readers. */
export class FakeLogFile {
  bytes: number[] | undefined;
  /** Counts the files that had this name. */
  generation = 0;
  readonly watchers = new Set<() => void>();

  constructor(text?: string) {
    this.bytes = text === undefined ? undefined : [...new TextEncoder().encode(text)];
  }

  append(bytes: readonly number[] | string): void {
    // Not all at once: a call with too many arguments overflows the stack.
    const held = (this.bytes ??= []);
    for (const byte of typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes) held.push(byte);
    this.tell();
  }

  /** It is put aside, and an empty one takes its place; who reads the old one reads it to its end. */
  renew(): void {
    this.bytes = [];
    this.generation += 1;
    this.tell();
  }

  /** It is made shorter. */
  cut(length: number): void {
    this.bytes?.splice(length);
    this.tell();
  }

  private tell(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

export class FakeLog implements ConsoleLog {
  readonly file: FakeLogFile;
  isDisposed = false;
  private generation: number | undefined;
  private held: number[] | undefined;

  constructor(file = new FakeLogFile()) {
    this.file = file;
  }

  size(): Promise<number | undefined> {
    return Promise.resolve(this.file.bytes?.length);
  }

  read(offset: number, bytes: number): Promise<LogPiece> {
    this.generation ??= this.file.bytes && this.file.generation;
    this.held ??= this.file.bytes;
    return Promise.resolve(this.piece(offset, bytes));
  }

  onceChanged(call: () => void): Disposable {
    const once = disposable(() => this.file.watchers.delete(wake));
    const wake = (): void => {
      once.dispose();
      call();
    };
    this.file.watchers.add(wake);
    return once;
  }

  dispose(): void {
    this.isDisposed = true;
  }

  private piece(offset: number, bytes: number): LogPiece {
    if (!this.held) return { kind: 'end' };
    if (offset > this.held.length) return { kind: 'cut' };
    const piece = this.held.slice(offset, offset + bytes);
    if (piece.length > 0)
      return { kind: 'bytes', bytes: Uint8Array.from(piece), left: this.held.length - offset - piece.length };
    if (this.generation === this.file.generation) return { kind: 'end' };
    [this.generation, this.held] = [undefined, undefined];
    return { kind: 'renewed' };
  }
}
