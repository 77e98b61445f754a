import fs from 'node:fs/promises';
import type { InstallFiles } from '../runtime/install-ports.ts';
import { lockFile } from './file-lock.ts';
import { codeOf } from './system-error.ts';

export class LocalInstallFiles implements InstallFiles {
  /** Inodes are used again; the time of birth tells apart who had one. */
  async identity(path: string): Promise<string | undefined> {
    try {
      const { dev, ino, birthtimeNs } = await fs.stat(path, { bigint: true });
      return `${dev}-${ino}-${birthtimeNs}`;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  lock(path: string): Promise<{ release(): Promise<void> } | undefined> {
    return lockFile(path);
  }
}
