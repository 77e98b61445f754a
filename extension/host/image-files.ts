import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { CalledOff, UserError } from '../base/user-error.ts';
import { headerBytes } from '../images/image-header.ts';
import type { ImageFile, ImageFiles, LongWork } from '../runtime/image-ports.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** Where fetched images lie for every lab of this user; the scripts find them by the same rule (`fetched_image` in common-vm.sh). */
export function imageCache(env: Readonly<Record<string, string | undefined>>): string {
  const cache = env['XDG_CACHE_HOME'];
  const base =
    cache !== undefined && path.isAbsolute(cache) ? cache : path.join(env['HOME'] ?? '/nonexistent', '.cache');
  return path.join(base, 'kvmlab/images');
}

/** The images of this machine. */
export class LocalImageFiles implements ImageFiles {
  async look(file: string): Promise<ImageFile | undefined> {
    let handle: fs.FileHandle | undefined;
    try {
      // A FIFO in the place of an image must not make us wait.
      handle = await fs.open(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
      const stat = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
      return { bytes: stat.size, allocatedBytes: stat.blocks * 512, head: buffer.subarray(0, bytesRead) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw systemFailure(`Cannot read ${file}`, error);
    } finally {
      await handle?.close();
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

  async replace(copy: string, file: string): Promise<void> {
    try {
      const target = await fs.realpath(file).catch(() => undefined);
      if (target !== undefined) await fs.chmod(copy, (await fs.stat(target)).mode & 0o7777);
      await fs.rename(copy, target ?? file);
    } catch (error) {
      throw systemFailure(`Cannot replace ${file}`, error);
    }
  }

  async copy(file: string, copy: string): Promise<void> {
    try {
      await fs.copyFile(file, copy, fs.constants.COPYFILE_FICLONE);
    } catch (error) {
      throw systemFailure(`Cannot copy ${file} to ${copy}`, error);
    }
  }

  async remove(file: string): Promise<void> {
    try {
      await fs.rm(file, { force: true });
    } catch (error) {
      throw systemFailure(`Cannot remove ${file}`, error);
    }
  }

  async sum(file: string, { onProgress, signal }: LongWork = {}): Promise<string> {
    try {
      const { size } = await fs.stat(file);
      const hash = createHash('sha256');
      let done = 0;
      for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
        if (signal?.aborted === true) throw new CalledOff('It was called off.');
        hash.update(piece);
        done += piece.length;
        onProgress?.((100 * done) / size);
      }
      return hash.digest('hex');
    } catch (error) {
      throw error instanceof UserError ? error : systemFailure(`Cannot read ${file}`, error);
    }
  }
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
