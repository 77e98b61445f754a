import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { CalledOff, UserError } from '../base/user-error.ts';
import { readTarHeader, tarBlockBytes, tarPadding, writeTarHeader, type TarFile } from '../images/tar-header.ts';
import type { LongWork } from '../runtime/image-ports.ts';
import type { ArchivedFile, ArchiveWork, PointArchives } from '../runtime/snapshot-ports.ts';
import { systemFailure } from './system-error.ts';

const manifestName = 'manifest.json';
/** Far more than the texts of a lab. */
const longestManifest = 64 << 20;
const pieceBytes = 1 << 20;

/** Archives of snapshots as tar files, read and written a piece at a time. */
export class TarPointArchives implements PointArchives {
  async write(
    archive: string,
    manifest: string,
    files: readonly ArchivedFile[],
    { onProgress, signal, replaces = false }: ArchiveWork = {},
  ): Promise<void> {
    const part = `${archive}.part`;
    const text = Buffer.from(manifest);
    const seconds = Date.now() / 1000;
    const total = bytesOf(files);
    let done = 0;
    try {
      if (!replaces && (await isThere(archive)))
        throw new UserError(`${archive} is there already, and nothing was written.`);
      const to = await fs.open(part, 'w', 0o600);
      try {
        await writeWhole(to, writeTarHeader({ name: manifestName, bytes: text.length }, seconds));
        await writeWhole(to, Buffer.concat([text, Buffer.alloc(tarPadding(text.length))]));
        for (const file of files) {
          await writeWhole(to, writeTarHeader(file, seconds));
          await pack(file, to, count => {
            if (signal?.aborted === true) throw new CalledOff('It was called off.');
            onProgress?.((100 * (done += count)) / total);
          });
          await writeWhole(to, Buffer.alloc(tarPadding(file.bytes)));
        }
        await writeWhole(to, Buffer.alloc(2 * tarBlockBytes));
        await to.sync();
      } finally {
        await to.close();
      }
      await fs.rename(part, archive);
    } catch (error) {
      await fs.rm(part, { force: true });
      throw error instanceof UserError ? error : systemFailure(`Cannot write ${archive}`, error);
    }
  }

  async manifest(archive: string): Promise<string> {
    return reading(archive, async from => {
      const file = await from.next();
      if (file?.name !== manifestName) throw new UserError(`${archive} is no archive of a snapshot.`);
      if (file.bytes > longestManifest)
        throw new UserError(`${archive} is no archive of a snapshot: it says too much.`);
      const pieces: Uint8Array[] = [];
      await from.take(file.bytes, piece => void pieces.push(Buffer.from(piece)));
      return Buffer.concat(pieces).toString('utf8');
    });
  }

  async unpack(archive: string, files: readonly ArchivedFile[], { onProgress, signal }: LongWork = {}): Promise<void> {
    const total = bytesOf(files);
    let done = 0;
    await reading(archive, async from => {
      await from.skip(await from.next());
      for (const file of files) {
        const found = await from.next();
        if (found?.name !== file.name || found.bytes !== file.bytes)
          throw new UserError(`${archive} does not hold ${file.name} as it says.`);
        await unpackOne(archive, file, from, count => {
          if (signal?.aborted === true) throw new CalledOff('It was called off.');
          onProgress?.((100 * (done += count)) / total);
        });
      }
      const extra = await from.next();
      if (extra) throw new UserError(`${archive} holds ${extra.name}, of which it says nothing.`);
    });
  }
}

const bytesOf = (files: readonly ArchivedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Also a link that leads nowhere. */
export const isThere = (file: string): Promise<boolean> =>
  fs.lstat(file).then(
    () => true,
    () => false,
  );

async function pack(file: ArchivedFile, to: fs.FileHandle, tell: (bytes: number) => void): Promise<void> {
  const hash = createHash('sha256');
  const from = await fs.open(file.path);
  let left = file.bytes;
  try {
    const buffer = Buffer.alloc(pieceBytes);
    while (left > 0) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(pieceBytes, left));
      if (bytesRead === 0) break;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await writeWhole(to, piece);
      left -= bytesRead;
      tell(bytesRead);
    }
  } finally {
    await from.close();
  }
  if (left > 0 || hash.digest('hex') !== file.sha256)
    throw new UserError(`${file.path} is not what it was when it was saved, so nothing was packed.`);
}

async function unpackOne(
  archive: string,
  file: ArchivedFile,
  from: TarReader,
  tell: (bytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  await fs.mkdir(path.dirname(file.path), { recursive: true, mode: 0o700 });
  const to = await fs.open(file.path, 'wx', 0o600);
  try {
    await from.take(file.bytes, async piece => {
      hash.update(piece);
      await writeWhole(to, piece);
      tell(piece.length);
    });
    await to.sync();
  } finally {
    await to.close();
  }
  if (hash.digest('hex') !== file.sha256) throw new UserError(`${archive} is damaged: ${file.name} has another sum.`);
}

/** A write may end before its end, as at the border of a full disk; the next one then says why. */
async function writeWhole(to: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await to.write(bytes, at)).bytesWritten;
}

async function reading<T>(archive: string, act: (from: TarReader) => Promise<T>): Promise<T> {
  try {
    // A FIFO in the place of an archive must not make us wait.
    const handle = await fs.open(archive, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) throw new UserError(`${archive} is no file.`);
      return await act(new TarReader(archive, handle));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof UserError ? error : systemFailure(`Cannot read ${archive}`, error);
  }
}

/** Reads an archive from its beginning. */
class TarReader {
  private readonly archive: string;
  private readonly handle: fs.FileHandle;

  constructor(archive: string, handle: fs.FileHandle) {
    this.archive = archive;
    this.handle = handle;
  }

  /** The next file, whose content is to be taken. Undefined: that was the last one. */
  async next(): Promise<TarFile | undefined> {
    const block = Buffer.alloc(tarBlockBytes);
    const { bytesRead } = await this.handle.read(block, 0, tarBlockBytes);
    const found = readTarHeader(block.subarray(0, bytesRead));
    if (found.kind === 'broken') throw new UserError(`${this.archive} ${found.reason}.`);
    return found.kind === 'file' ? found : undefined;
  }

  async take(bytes: number, give: (piece: Uint8Array) => Promise<void> | void): Promise<void> {
    const buffer = Buffer.alloc(pieceBytes);
    for (let left = bytes; left > 0;) {
      const { bytesRead } = await this.handle.read(buffer, 0, Math.min(pieceBytes, left));
      if (bytesRead === 0) throw new UserError(`${this.archive} ends too early.`);
      await give(buffer.subarray(0, bytesRead));
      left -= bytesRead;
    }
    await this.handle.read(buffer, 0, tarPadding(bytes));
  }

  async skip(file: TarFile | undefined): Promise<void> {
    if (file) await this.take(file.bytes, () => undefined);
  }
}
