import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Files, ScriptFolder } from '../runtime/host.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** The files of this machine. */
export class NodeFiles implements Files, ScriptFolder {
  async read(file: string): Promise<string | undefined> {
    return unlessMissing(`Cannot read ${file}`, () => fs.readFile(file, 'utf8'));
  }

  async readTail(file: string, bytes: number): Promise<string | undefined> {
    return unlessMissing(`Cannot read ${file}`, () => readEnd(file, bytes));
  }

  async write(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
    try {
      await fs.mkdir(path.dirname(file), { recursive: true });
      // A link stays a link: what it points to is replaced.
      const target = (await whenThere(() => fs.realpath(file))) ?? file;
      await replace(target, content, mode ?? (await whenThere(() => fs.stat(target)))?.mode);
    } catch (error) {
      throw systemFailure(`Cannot write ${file}`, error);
    }
  }

  async exists(file: string): Promise<boolean> {
    return (await unlessMissing(`Cannot look at ${file}`, () => fs.stat(file))) !== undefined;
  }

  async list(folder: string): Promise<readonly string[]> {
    return (await unlessMissing(`Cannot read ${folder}`, () => fs.readdir(folder))) ?? [];
  }

  async remove(file: string): Promise<void> {
    await unlessMissing(`Cannot remove ${file}`, () => fs.rm(file));
  }
}

/** Whether a file was being written by somebody who may have been killed meanwhile. */
export const isUnfinished = (name: string): boolean => /^\..+\.[0-9a-f]{12}\.tmp$/.test(name);

/** Readers see the old file or the new one: rename(2) is atomic inside one folder. The sync keeps it so over a power cut. */
async function replace(target: string, content: string | Uint8Array, mode: number | undefined): Promise<void> {
  const name = `.${path.basename(target).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(target), name);
  try {
    const handle = await fs.open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      // Not by open: that one is subject to the umask.
      if (mode !== undefined) await handle.chmod(mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

async function readEnd(file: string, bytes: number): Promise<string> {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - bytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const end = buffer.subarray(0, bytesRead);
    return (start === 0 ? end : fromWholeCharacter(end)).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** Drops the rest of a UTF-8 character that was cut: at most three bytes of the form 10xxxxxx. */
function fromWholeCharacter(bytes: Buffer): Buffer {
  const start = bytes.subarray(0, 3).findIndex(byte => (byte & 0xc0) !== 0x80);
  return bytes.subarray(start < 0 ? Math.min(3, bytes.length) : start);
}

async function whenThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function unlessMissing<T>(what: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await whenThere(look);
  } catch (error) {
    throw systemFailure(what, error);
  }
}
