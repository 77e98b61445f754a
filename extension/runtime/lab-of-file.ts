import type { LabSnapshot } from './state.ts';
import type { LabStore } from './store.ts';

type Labs = Pick<LabStore, 'lab' | 'labs'>;

export interface FileText {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** The lab of a lab file; of an included file, the first lab that includes it. */
export const labOfFile = (store: Labs, path: string): LabSnapshot | undefined => labsOfFile(store, path)[0];

/** The lab of a lab file; of an included file, all that include it, in the order of their paths. */
export function labsOfFile(store: Labs, path: string): readonly LabSnapshot[] {
  const own = store.lab(path);
  return own ? [own] : store.labs.filter(({ reading }) => reading.included?.some(one => one.path === path));
}

/** The lab files of these labs and what they include, as they were read; each once. */
export function filesOf(
  labs: readonly LabSnapshot[],
  textOf: (path: string) => string | undefined,
): readonly FileText[] {
  const files = labs.flatMap(({ path, reading }) => [
    { path, text: textOf(path) ?? '' },
    ...(reading.included ?? []).flatMap(one => ('text' in one ? [one] : [])),
  ]);
  return [...new Map(files.map(({ path, text }) => [path, { path, text }])).values()];
}

/** Those of all labs that a file belongs to, but for itself. */
export const otherFiles = (
  store: Labs,
  path: string,
  textOf: (path: string) => string | undefined,
): readonly FileText[] => filesOf(labsOfFile(store, path), textOf).filter(one => one.path !== path);
