import fs from 'node:fs/promises';
import type { LogReader } from '../runtime/console-ports.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** Logs on this machine. Each reading opens the file anew, so that one that was put aside meanwhile is no trouble. */
export class FileLogReader implements LogReader {
  async size(path: string): Promise<number | undefined> {
    return unlessMissing(path, async () => (await fs.stat(path)).size);
  }

  async read(path: string, start: number, bytes: number): Promise<Uint8Array | undefined> {
    return unlessMissing(path, async () => {
      const handle = await fs.open(path, 'r');
      try {
        return await fill(handle, start, bytes);
      } finally {
        await handle.close();
      }
    });
  }
}

/** One read(2) may give less than there is. */
async function fill(handle: fs.FileHandle, start: number, bytes: number): Promise<Uint8Array> {
  const { size } = await handle.stat();
  const buffer = new Uint8Array(Math.max(0, Math.min(bytes, size - start)));
  for (let filled = 0; filled < buffer.length;) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) return buffer.subarray(0, filled);
    filled += bytesRead;
  }
  return buffer;
}

async function unlessMissing<T>(path: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw systemFailure(`Cannot read ${path}`, error);
  }
}
