import type { LanguageFacts } from '../../extension/language/facts.ts';
import { seededRandom } from '../../extension/lab/networks/random.ts';

/** A quiet machine: no other labs, no files, no QEMU. */
export function languageFacts(more: Partial<LanguageFacts> = {}): LanguageFacts {
  return {
    lab: undefined,
    part: undefined,
    otherTexts: [],
    labName: 'lab',
    usedIds: [],
    random: seededRandom(1),
    takenNetworks: () => Promise.resolve([]),
    files: () => Promise.resolve([]),
    qemu: () => Promise.resolve(undefined),
    ...more,
  };
}

/** The text without its mark `|`, and the place of the mark. */
export function atMark(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error(`There is no mark in ${JSON.stringify(marked)}.`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
