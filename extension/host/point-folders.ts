import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { UserError } from '../base/user-error.ts';
import type { FolderTree, PointFolders } from '../runtime/snapshot-ports.ts';
import { lockFile, type FileLock } from './file-lock.ts';
import { isUnfinished } from './files.ts';
import { isThere } from './point-archives.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** Whoever had a lock and was killed lets go of it a moment later. */
const lockTries = 20;
const lockPauseMs = 100;

/** Keeps other processes from the points in a folder, until released or until we die. Undefined: another one has them. */
export async function lockPoints(folder: string): Promise<FileLock | undefined> {
  try {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw systemFailure(`Cannot make ${folder}`, error);
  }
  for (let left = lockTries; ; left -= 1) {
    const lock = await lockFile(`${folder}/.lock`);
    if (lock || left === 0) return lock;
    await passed(lockPauseMs);
  }
}

/** The folders of points on this machine. */
export class LocalPointFolders implements PointFolders {
  async folders(path: string): Promise<readonly string[]> {
    try {
      const entries = await fs.readdir(path, { withFileTypes: true });
      return entries
        .filter(entry => entry.isDirectory())
        .map(({ name }) => name)
        .sort();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw systemFailure(`Cannot read ${path}`, error);
    }
  }

  async makeEmpty(path: string): Promise<void> {
    try {
      await fs.rm(path, { recursive: true, force: true });
      await fs.mkdir(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw systemFailure(`Cannot make ${path}`, error);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    try {
      await fs.rename(from, to);
    } catch (error) {
      throw systemFailure(`Cannot rename ${from} to ${to}`, error);
    }
  }

  async place(from: string, to: string): Promise<void> {
    try {
      await fs.mkdir(dirname(to), { recursive: true, mode: 0o700 });
      if (await isThere(to)) throw new UserError(`${to} is there already, and was left as it is.`);
      await fs.rename(from, to);
    } catch (error) {
      throw error instanceof UserError ? error : systemFailure(`Cannot make ${to}`, error);
    }
  }

  async removeTree(path: string): Promise<void> {
    try {
      await fs.rm(path, { recursive: true, force: true });
    } catch (error) {
      throw systemFailure(`Cannot remove ${path}`, error);
    }
  }

  async dropUnfinished(path: string): Promise<void> {
    try {
      const names = await fs.readdir(path);
      for (const name of names.filter(isUnfinished)) await fs.rm(join(path, name), { force: true });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw systemFailure(`Cannot clear up ${path}`, error);
    }
  }

  async real(path: string): Promise<string> {
    try {
      return await fs.realpath(path);
    } catch (error) {
      throw systemFailure(`Cannot look at ${path}`, error);
    }
  }

  async isVacant(path: string): Promise<boolean> {
    try {
      return (await fs.readdir(path)).length === 0;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return true;
      if (codeOf(error) === 'ENOTDIR') return false;
      throw systemFailure(`Cannot read ${path}`, error);
    }
  }

  async tree(path: string): Promise<FolderTree | undefined> {
    try {
      const entries = await fs.readdir(path, { withFileTypes: true, recursive: true });
      const names = (wanted: (entry: Dirent) => boolean): readonly string[] =>
        entries
          .filter(wanted)
          .map(entry => relative(path, join(entry.parentPath, entry.name)))
          .sort();
      return {
        files: names(entry => entry.isFile()),
        others: names(entry => !entry.isFile() && !entry.isDirectory()),
      };
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw systemFailure(`Cannot read ${path}`, error);
    }
  }

  async freeBytes(path: string): Promise<number> {
    try {
      const { bavail, bsize } = await fs.statfs(path);
      return bavail * bsize;
    } catch (error) {
      throw systemFailure(`Cannot look at ${path}`, error);
    }
  }
}
