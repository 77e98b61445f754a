import { applyEdit } from '../../extension/lab/edits/edit.ts';
import type { Completion } from '../../extension/language/completion-item.ts';
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

/** The text after an item was chosen, as VS Code would put it there; the places that are typed at next are marked. */
export function chosenOf(text: string, found: Completion | undefined, label: string): string {
  const item = found?.items.find(one => one.label === label || `${one.label} ${one.detail}` === label);
  if (!found || !item) throw new Error(`${label} is not offered in ${text}.`);
  const lineStart = text.lastIndexOf('\n', found.span.start - 1) + 1;
  const indent = /^ */.exec(text.slice(lineStart, found.span.start))?.[0] ?? '';
  const inserted = item.snippet
    .replace(/\n/g, `\n${indent}`)
    .replace(/\$\d/g, '|')
    .replace(/\\([\\$}])/g, '$1');
  return applyEdit(text, { span: found.span, text: inserted });
}
