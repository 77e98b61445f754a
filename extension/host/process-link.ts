import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { Emitter, type Event } from '../base/emitter.ts';
import type { DisplayLink } from '../runtime/console-ports.ts';

/** The input and output of a program as a link. What comes before somebody listens is kept. Disposing ends the program. */
export class ProcessLink implements DisplayLink {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly received = new Emitter<Uint8Array>();
  private readonly closed = new Emitter<void>();
  readonly onClose = this.closed.event;
  private early: Uint8Array[] | undefined = [];

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    child.stdout.on('data', (bytes: Buffer) => {
      if (this.early) this.early.push(bytes);
      else this.received.fire(bytes);
    });
    // What it says does not matter: its end does.
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', () => this.finish());
    child.once('close', () => this.finish());
  }

  /** Whether something has come; true also if nothing has in this time, and the program still runs. */
  async firstByte(withinMs: number): Promise<boolean> {
    const { stdout } = this.child;
    const waiting = new AbortController();
    const { signal } = waiting;
    const late = setTimeout(() => waiting.abort(), withinMs);
    const came = once(stdout, 'data', { signal }).then(() => true);
    const ended = once(this.child, 'close', { signal }).then(() => false);
    try {
      return await Promise.race([came, ended]);
    } catch {
      return this.child.exitCode === null && this.child.pid !== undefined;
    } finally {
      clearTimeout(late);
      waiting.abort();
      await Promise.allSettled([came, ended]);
    }
  }

  readonly onData: Event<Uint8Array> = listener => {
    const subscription = this.received.event(listener);
    const { early = [] } = this;
    this.early = undefined;
    process.nextTick(() => early.forEach(bytes => this.received.fire(bytes)));
    return subscription;
  };

  write(bytes: Uint8Array): void {
    if (this.child.stdin.writable) this.child.stdin.write(bytes);
  }

  pause(): void {
    this.child.stdout.pause();
  }

  resume(): void {
    this.child.stdout.resume();
  }

  dispose(): void {
    this.closed.dispose();
    this.received.dispose();
    this.child.kill();
  }

  private finish(): void {
    this.closed.fire();
    this.closed.dispose();
    this.received.dispose();
  }
}
