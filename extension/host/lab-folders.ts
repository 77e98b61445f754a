import fs from 'node:fs';
import path from 'node:path';
import { movedFile } from '../lab/layout.ts';
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

  movesFrom(runDir: string): ReadonlyMap<string, string> {
    const names = unlessGone(() => fs.readdirSync(runDir)) ?? [];
    const suffix = movedFile('');
    return new Map(
      names.flatMap(name => {
        const text = name.endsWith(suffix)
          ? unlessGone(() => fs.readFileSync(path.join(runDir, name), 'utf8'))
          : undefined;
        return text === undefined ? [] : [[name.slice(0, -suffix.length), text]];
      }),
    );
  }

  isSame(a: string, b: string): boolean {
    return a === b || withoutLinks(a) === withoutLinks(b);
  }
}

/** A folder of somebody else, or that is removed meanwhile, has nothing for us. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function withoutLinks(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
}
