import type { LogReader } from '../../extension/runtime/console-ports.ts';

/** Logs in memory. */
export class FakeLogs implements LogReader {
  readonly held: Map<string, Uint8Array>;
  /** Bytes that were asked for in one reading, at most. */
  mostAsked = 0;

  constructor(logs: Readonly<Record<string, string | Uint8Array>> = {}) {
    const bytesOf = (log: string | Uint8Array): Uint8Array =>
      typeof log === 'string' ? new TextEncoder().encode(log) : log;
    this.held = new Map(Object.entries(logs).map(([path, log]) => [path, bytesOf(log)]));
  }

  size(path: string): Promise<number | undefined> {
    return Promise.resolve(this.held.get(path)?.length);
  }

  read(path: string, start: number, bytes: number): Promise<Uint8Array | undefined> {
    this.mostAsked = Math.max(this.mostAsked, bytes);
    return Promise.resolve(this.held.get(path)?.slice(start, start + bytes));
  }
}
