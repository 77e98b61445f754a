import type { Document } from 'yaml';
import { applyEdits } from './edit.ts';
import { elsewhereRefusal, sideEffect } from './elsewhere.ts';
import type { EditedLab, LabEdit, LabEditResult } from './lab-edit.ts';
import { planEdit } from './lab-edit-plan.ts';
import { moveNews } from './moved-addresses.ts';
import type { Lab, LabReading } from '../model.ts';
import { changedData, dataOf, isRecord, saysTheSame, type Plain } from '../reading/plain-data.ts';
import { changeText } from './yaml-change.ts';

/** What reads lab files. It is handed in, as this room is loaded later and would bring all of it once more. */
export interface LabEditTools {
  readonly readLab: (text: string) => LabReading;
  readonly parse: (text: string) => Document | undefined;
}

/**
 * The smallest edits of a lab file's text that make the change: comments, order and layout stay. A file with broken YAML
 * is left as it is, and so is one whose text would not say exactly what was wished.
 */
export function editLab(text: string, edit: LabEdit, tools: LabEditTools): LabEditResult {
  const reading = tools.readLab(text);
  const edited = readForEdit(text, reading.lab, tools);
  if (typeof edited === 'string') return refused(edited);
  const elsewhere = elsewhereRefusal(edited, edit);
  if (elsewhere) return { kind: 'refused', ...elsewhere };
  const changes = planEdit(edited, edit);
  if (typeof changes === 'string') return refused(changes);
  const wanted = changedData(edited.data, changes);
  const edits = wanted === undefined ? undefined : changeText(text, edited.document.contents, changes);
  // Anchors, odd keys and styles are many; so what comes out is looked at instead of foreseeing all of them.
  const after = edits && applyEdits(text, edits);
  if (!edits || after === undefined || !says(after, wanted, tools)) return refused(unsafe);
  // To read a large lab takes a while, and most have nothing elsewhere.
  const isAllHere = !reading.included && edited.lab.vms.every(({ origin }) => !origin);
  const effect = isAllHere ? undefined : sideEffect(reading, tools.readLab(after));
  if (effect !== undefined) return refused(effect);
  return { kind: 'edits', edits, news: edit.kind === 'moveNic' ? moveNews(edited.lab, edit) : [] };
}

function says(text: string, wanted: Plain | undefined, { parse }: LabEditTools): boolean {
  const document = parse(text);
  return document?.errors.length === 0 && saysTheSame(dataOf(document), wanted);
}

const unsafe = 'The lab file is written in a way that cannot be changed safely here. Change it by hand.';

const refused = (reason: string): LabEditResult => ({ kind: 'refused', reason });

function readForEdit(text: string, lab: Lab | undefined, { parse }: LabEditTools): EditedLab | string {
  const document = parse(text);
  const [error] = document?.errors ?? [];
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    return `The lab file has a mistake in line ${line}, so nothing was written into it. Correct it first.`;
  }
  const data = document && dataOf(document);
  if (!document || !lab || !isRecord(data)) return 'The lab file cannot be read, so nothing was written into it.';
  return { lab, data, document };
}
