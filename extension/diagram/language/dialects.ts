import type { Losses } from './losses.ts';

/** For whom a `.diag` is written; `portable` is what nwdiag and PlantUML both take and draw alike. */
export type WriteDialect = 'portable' | 'nwdiag' | 'plantuml';

export const writeDialects: readonly WriteDialect[] = ['portable', 'nwdiag', 'plantuml'];

/** For whom something is written, and what gets lost on the way. */
export interface Writing {
  readonly dialect: WriteDialect;
  readonly losses: Losses;
}

/** Words with which both programs begin something else than a node. */
const taken = new Set(
  (
    'network group route class plugin nwdiag diagram address color width description label title header footer caption ' +
    'legend skinparam scale hide left right center mainframe'
  ).split(' '),
);

const plainId: Readonly<Record<WriteDialect, RegExp>> = {
  portable: /^[A-Za-z_][A-Za-z0-9_]*$/,
  nwdiag: /^[A-Za-z_\u0080-\uD7FF\uE000-\uFFFF][A-Za-z_\-.0-9\u0080-\uD7FF\uE000-\uFFFF]*$/,
  plantuml: /^[\p{L}\p{N}_]+$/u,
};

const isPlain = (id: string, dialect: WriteDialect): boolean => plainId[dialect].test(id) && !taken.has(id);

/** Gives things ids that a dialect can write: their own where possible, else one that is made of it. */
export class IdWriter {
  private readonly ids = new Map<string, string>();

  /** `ids` are unique. */
  constructor(ids: readonly string[], { dialect, losses }: Writing) {
    const used = new Set(ids.filter(id => isPlain(id, dialect)));
    for (const id of ids) {
      if (used.has(id)) this.ids.set(id, id);
      else if (dialect === 'nwdiag' && isQuotable(id)) this.ids.set(id, quoted(id, dialect));
      else {
        this.ids.set(id, freeId(id, used));
        losses.add('names as they are; other ids stand for them', id);
      }
    }
  }

  /** As it stands in the text; quoted if it must be. */
  of(id: string): string {
    return this.ids.get(id) ?? id;
  }
}

const isQuotable = (id: string): boolean => id !== '' && cleaned(id, 'nwdiag') === id && !id.includes('\n');

function freeId(id: string, used: Set<string>): string {
  const letters = id.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d|$)/, '_');
  const base = taken.has(letters) ? `${letters}_` : letters;
  let free = base;
  for (let number = 2; used.has(free); number += 1) free = `${base}_${number}`;
  used.add(free);
  return free;
}

/** A text as it can stand between double quotes; equal to the text if nothing had to be changed. */
export function cleaned(text: string, dialect: WriteDialect): string {
  const plain = text.replace(/[^\P{Cc}\n]|[\u2028\u2029]/gu, ' ').replace(/\\(?=n|$)/g, '/');
  return dialect === 'nwdiag' ? plain : plain.replaceAll('"', '”').replaceAll("/'", '/’');
}

/** In double quotes; new lines as `\n`. */
export function quoted(text: string, dialect: WriteDialect): string {
  return `"${cleaned(text, dialect).replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`;
}
