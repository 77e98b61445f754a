import fs from 'node:fs';
import path from 'node:path';
import type { LabFolders } from '../runtime/host.ts';

/** The scripts write down where they lie in the run-time folder that they claim (`claim` in common.sh). */
export class RecordedLabFolders implements LabFolders {
  scriptsOf(runDir: string): string | undefined {
    try {
      const folder = fs.readFileSync(path.join(runDir, 'folder'), 'utf8').trimEnd();
      return fs.statSync(folder).isDirectory() ? folder : undefined;
    } catch {
      // Nothing is recorded, or the folder was moved or removed: as for the scripts, anybody of that name may have it.
      return undefined;
    }
  }

  isSame(a: string, b: string): boolean {
    return a === b || withoutLinks(a) === withoutLinks(b);
  }
}

function withoutLinks(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
}
