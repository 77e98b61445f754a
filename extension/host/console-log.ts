import fs from 'node:fs';
import { disposable, type Disposable } from '../base/disposable.ts';
import type { ConsoleLog, LogPiece } from '../runtime/console-ports.ts';
import { codeOf } from './system-error.ts';

/** Where the kernel has no more watches for us, files are looked at this often. */
const lookMs = 250;

/** The console log of a VM, read while QEMU writes it; also over a rename of the file, when a new one takes its place. */
export class LogFile implements ConsoleLog {
  private readonly file: string;
  private descriptor: number | undefined;
  private isDisposed = false;

  constructor(file: string) {
    this.file = file;
  }

  size(): Promise<number | undefined> {
    return Promise.resolve(this.stat()?.size);
  }

  async read(offset: number, bytes: number): Promise<LogPiece> {
    // The reading itself is a copy of memory; but whoever reads much must let others work in between.
    await new Promise(resolve => setImmediate(resolve));
    if (this.isDisposed) return { kind: 'end' };
    this.descriptor ??= open(this.file);
    if (this.descriptor === undefined) return { kind: 'end' };
    const left = fs.fstatSync(this.descriptor).size - offset;
    if (left < 0) return { kind: 'cut' };
    if (left === 0) return this.isReplaced() ? { kind: 'renewed' } : { kind: 'end' };
    const buffer = Buffer.allocUnsafe(Math.min(left, bytes));
    const count = fs.readSync(this.descriptor, buffer, 0, buffer.length, offset);
    return { kind: 'bytes', bytes: buffer.subarray(0, count), left: left - count };
  }

  onceChanged(call: () => void): Disposable {
    let end = (): void => undefined;
    const once = disposable(() => end());
    const wake = (): void => {
      once.dispose();
      call();
    };
    try {
      const watcher = fs.watch(this.file, wake);
      watcher.once('error', wake);
      end = () => watcher.close();
    } catch (error) {
      // A file that is not there yet comes with a VM that starts, and whoever waits hears of that.
      if (codeOf(error) === 'ENOENT') return once;
      const timer = setTimeout(wake, lookMs);
      end = () => clearTimeout(timer);
    }
    return once;
  }

  dispose(): void {
    this.isDisposed = true;
    this.close();
  }

  /** At the end of a file that was put aside: from now on the one that has its name is read. */
  private isReplaced(): boolean {
    const [ours, named] = [this.descriptor === undefined ? undefined : fs.fstatSync(this.descriptor), this.stat()];
    if (!ours || !named || (ours.ino === named.ino && ours.dev === named.dev)) return false;
    this.close();
    return true;
  }

  private stat(): fs.Stats | undefined {
    return fs.statSync(this.file, { throwIfNoEntry: false });
  }

  private close(): void {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

function open(file: string): number | undefined {
  try {
    return fs.openSync(file, 'r');
  } catch {
    // There is none yet, or it is not for us to read: then it gives nothing, and the connection has to do without it.
    return undefined;
  }
}
