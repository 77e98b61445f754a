import { applyEdits } from '../../extension/lab/edits/edit.ts';
import { editLab } from '../../extension/lab/edits/edit-lab.ts';
import type { LabEdit } from '../../extension/lab/edits/lab-edit.ts';
import { parseForEdit } from '../../extension/lab/edits/yaml-edit.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';

export const labEditTools = { readLab, parse: parseForEdit };

/** The text of a lab file after an edit, which must not be refused. */
export function edited(text: string, edit: LabEdit): string {
  const result = editLab(text, edit, labEditTools);
  if (result.kind === 'refused') throw new Error(result.reason);
  return applyEdits(text, result.edits);
}

/** The lines that went (-) and came (+), in their order. */
export function difference(before: string, after: string): readonly string[] {
  const [old, now] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return [
    ...old.slice(start, old.length - end).map(line => `-${line}`),
    ...now.slice(start, now.length - end).map(line => `+${line}`),
  ];
}
