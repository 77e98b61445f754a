import fs from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { CalledOff, UserError } from '../base/user-error.ts';
import type { FatItem } from '../images/fat/write.ts';
import type { FoundItem } from '../images/fat/read.ts';
import type { LongWork } from '../runtime/image-ports.ts';
import type { FolderTree, NewStick, OpenStick, StickContent, StickFiles } from '../runtime/stick-ports.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** The sticks of this machine, and the folders that they are made from. */
export class LocalStickFiles implements StickFiles {
  async real(file: string): Promise<string> {
    return fs.realpath(file).catch(() => file);
  }

  async open(file: string): Promise<OpenStick | undefined> {
    try {
      // A FIFO in the place of an image must not make us wait.
      const handle = await fs.open(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
      try {
        const stat = await handle.stat();
        if (!stat.isFile()) throw new UserError(`${file} is no file, so it cannot be a stick.`);
        return new OpenFile(file, handle, stat.size, stat.blocks * 512);
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error instanceof UserError ? error : systemFailure(`Cannot read ${file}`, error);
    }
  }

  async names(folder: string): Promise<readonly string[]> {
    try {
      return (await fs.readdir(folder)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw systemFailure(`Cannot read ${folder}`, error);
    }
  }

  async tree(folder: string): Promise<FolderTree> {
    const leftOut: string[] = [];
    try {
      return { items: await itemsOf(folder, leftOut), leftOut };
    } catch (error) {
      throw systemFailure(`Cannot read ${folder}`, error);
    }
  }

  async create(file: string, stick: NewStick, work: LongWork & { readonly replace: boolean }): Promise<void> {
    const copy = beside(file);
    try {
      await fs.mkdir(path.dirname(file), { recursive: true });
      await writeStick(copy, stick, work);
      // A link, unlike a new name, never takes the place of a file that came meanwhile.
      if (work.replace) await fs.rename(copy, await this.real(file));
      else await fs.link(copy, file);
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (codeOf(error) === 'EEXIST') throw new UserError(`${file} is there already, and nothing was made.`);
      throw systemFailure(`Cannot make ${file}`, error);
    } finally {
      await fs.rm(copy, { force: true });
    }
  }

  async unpack(stick: OpenStick, content: StickContent, folder: string, work: LongWork = {}): Promise<void> {
    const copy = beside(folder);
    try {
      await fs.mkdir(copy, { recursive: true });
      await writeItems(stick, content, copy, work);
      // Fails unless what is there is an empty folder.
      await fs.rename(copy, folder);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const isTaken = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '');
      if (isTaken) throw new UserError(`${folder} is there already and not an empty folder. Name another one.`);
      throw systemFailure(`Cannot unpack into ${folder}`, error);
    } finally {
      await fs.rm(copy, { recursive: true, force: true });
    }
  }
}

class OpenFile implements OpenStick {
  readonly bytes: number;
  readonly allocatedBytes: number;
  private readonly file: string;
  private readonly handle: fs.FileHandle;

  constructor(file: string, handle: fs.FileHandle, bytes: number, allocatedBytes: number) {
    this.file = file;
    this.handle = handle;
    this.bytes = bytes;
    this.allocatedBytes = allocatedBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    try {
      for (let at = 0; at < length;) {
        const { bytesRead } = await this.handle.read(bytes, at, length - at, offset + at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return bytes;
    } catch (error) {
      throw systemFailure(`Cannot read ${this.file}`, error);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');

/** In the same folder, so that it can be given the name at once. */
const beside = (file: string): string =>
  path.join(path.dirname(file), `.${path.basename(file).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);

/** In the order of their names. Links are not followed: they may lead anywhere. */
async function itemsOf(folder: string, leftOut: string[]): Promise<readonly FatItem[]> {
  const items: FatItem[] = [];
  const entries = await fs.readdir(folder, { withFileTypes: true });
  for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const source = path.join(folder, name);
    const stat = await fs.lstat(source);
    const modified = Math.floor(stat.mtimeMs);
    if (stat.isDirectory()) items.push({ kind: 'folder', name, modified, items: await itemsOf(source, leftOut) });
    else if (stat.isFile()) items.push({ kind: 'file', name, modified, bytes: stat.size, source });
    else leftOut.push(source);
  }
  return items;
}

async function writeStick(file: string, { bytes, table, offset, volume }: NewStick, work: LongWork): Promise<void> {
  const handle = await fs.open(file, 'wx');
  try {
    await handle.truncate(bytes);
    await writeAll(handle, table, 0);
    for (const one of volume.writes) await writeAll(handle, one.bytes, offset + one.offset);
    const progress = progressOf(
      volume.contents.reduce((sum, one) => sum + one.file.bytes, 0),
      work,
    );
    for (const one of volume.contents) await copyIn(one.file, handle, offset + one.offset, progress);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One call may write less than it was given. */
async function writeAll(handle: fs.FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await handle.write(bytes, at, bytes.length - at, offset + at)).bytesWritten;
}

/** Less is done in a moment. */
const worthTelling = 64 * 1_048_576;
type Progress = (bytes: number) => void;
const pieceBytes = 1_048_576;

/** Throws when the work was called off. */
function progressOf(total: number, { onProgress, signal }: LongWork): Progress {
  let done = 0;
  return bytes => {
    if (signal?.aborted === true) throw new CalledOff('It was called off, and nothing was made.');
    done += bytes;
    if (total > worthTelling) onProgress?.((100 * done) / total);
  };
}

async function copyIn(
  { source, bytes }: { readonly source: string; readonly bytes: number },
  to: fs.FileHandle,
  offset: number,
  progress: Progress,
): Promise<void> {
  const from = await fs.open(source, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  try {
    const piece = new Uint8Array(Math.min(pieceBytes, bytes));
    for (let at = 0; at < bytes;) {
      const { bytesRead } = await from.read(piece, 0, Math.min(piece.length, bytes - at), at);
      if (bytesRead === 0) throw new UserError(`${source} became shorter while it was read. Try again.`);
      await writeAll(to, piece.subarray(0, bytesRead), offset + at);
      at += bytesRead;
      progress(bytesRead);
    }
  } finally {
    await from.close();
  }
}

async function writeItems(
  stick: OpenStick,
  { offset, items }: StickContent,
  folder: string,
  work: LongWork,
): Promise<void> {
  const progress = progressOf(
    items.reduce((sum, { pieces }) => sum + lengthOf(pieces), 0),
    work,
  );
  const folders: FoundItem[] = [];
  for (const item of items) {
    const target = path.join(folder, ...item.path.split('/'));
    if (item.kind === 'folder') {
      await fs.mkdir(target);
      folders.push(item);
    } else await copyOut(stick, item, offset, target, progress);
  }
  // What is put into a folder changes its time.
  for (const { path: name, modified } of folders.reverse())
    await fs.utimes(path.join(folder, ...name.split('/')), modified / 1000, modified / 1000);
}

const lengthOf = (pieces: FoundItem['pieces']): number => pieces.reduce((sum, { length }) => sum + length, 0);

async function copyOut(
  stick: OpenStick,
  { pieces, modified }: FoundItem,
  offset: number,
  target: string,
  progress: Progress,
): Promise<void> {
  const to = await fs.open(target, 'wx');
  try {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; at += pieceBytes) {
        const bytes = await stick.read(offset + piece.offset + at, Math.min(pieceBytes, piece.length - at));
        await to.appendFile(bytes);
        progress(bytes.length);
      }
    }
    await to.utimes(modified / 1000, modified / 1000);
  } finally {
    await to.close();
  }
}
