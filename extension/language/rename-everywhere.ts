import type { TextEdit } from '../lab/edits/edit.ts';
import { readLoosely } from './loose-tree.ts';
import { LabIndex } from './names/lab-index.ts';
import type { NameKind } from './names/name-places.ts';

export interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** The edits that a new name takes in one file. */
export interface FileEdits {
  readonly path: string;
  /** Before them. */
  readonly text: string;
  /** In their order. */
  readonly edits: readonly TextEdit[];
}

/** A thing that has its name in one of several files, and all places in them that speak of it. */
export interface NameOfFiles {
  /** The paths of the files in which something gets this name. */
  readonly definedIn: readonly string[];
  readonly rename: (to: string) => readonly FileEdits[];
}

export function nameOfFiles(files: readonly NamedText[], kind: NameKind, name: string): NameOfFiles {
  const found = files.map(({ path, text }) => ({
    path,
    text,
    places: new LabIndex(text, readLoosely(text)).all(kind, name),
  }));
  return {
    definedIn: found.flatMap(({ path, places }) => (places.some(one => one.role === 'definition') ? [path] : [])),
    rename: to =>
      found
        .filter(({ places }) => places.length > 0)
        .map(({ path, text, places }) => ({ path, text, edits: places.map(({ span }) => ({ span, text: to })) })),
  };
}
