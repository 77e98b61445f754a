import type { Lab } from '../lab/model.ts';
import { folderOf } from './paths.ts';
import type { LabSnapshot } from './state.ts';

/** Whether two absolute paths name the same folder. */
export type SameFolder = (a: string, b: string) => boolean;

export const isSamePath: SameFolder = (a, b) => a === b;

/** What runs and may belong to a lab. */
export interface OfLab {
  /** The lab's name. */
  readonly lab: string | undefined;
  /** Folder of the scripts that started it, without links; undefined: not recorded, or gone. */
  readonly scripts?: string;
}

/** Where the scripts of a lab lie if nothing else was ordered: beside its file, in a folder of its name. */
export const scriptFolder = (labPath: string, lab: Lab): string => `${folderOf(labPath)}/${lab.name}`;

/**
 * Whether it was started by the scripts of this lab file. Labs in different folders may have the same name, and so one
 * run-time folder; the scripts of one leave alone what those of the other have started.
 */
export function belongsTo(one: OfLab, path: string, lab: Lab | undefined, isSame: SameFolder): boolean {
  if (lab === undefined || one.lab !== lab.name) return false;
  return one.scripts === undefined || isSame(one.scripts, scriptFolder(path, lab));
}

/**
 * By path, what tells labs of the same name apart: the last folders of their paths, as few as will do; with the
 * names of the files where these lie in one folder. Labs whose name nobody else has are left out.
 */
export function labPlaces(snapshots: readonly LabSnapshot[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string[]>();
  for (const { lab, path } of snapshots) if (lab) byName.set(lab.name, [...(byName.get(lab.name) ?? []), path]);
  return new Map([...byName.values()].flatMap(paths => (paths.length > 1 ? placesOf(paths) : [])));
}

function placesOf(paths: readonly string[]): readonly (readonly [string, string])[] {
  const ends = (of: (path: string) => string) => {
    const parts = paths.map(path =>
      of(path)
        .split('/')
        .filter(part => part !== ''),
    );
    const longest = Math.max(...parts.map(list => list.length));
    return Array.from({ length: longest }, (_, at) => parts.map(list => list.slice(-1 - at).join('/')));
  };
  const tries = [...ends(folderOf), ...ends(path => path)];
  const telling = tries.find(names => new Set(names).size === names.length) ?? paths;
  return paths.map((path, at) => [path, telling[at] ?? path]);
}
