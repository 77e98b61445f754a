import type { SettingMerge, Side } from './merge-settings.ts';
import { lineAt, type Assignment, type BlockStatement, type SettingsBlock } from './settings-block.ts';

/** A text and the settings block in it. */
export interface BlockText {
  readonly text: string;
  readonly block: SettingsBlock;
}

export interface DecidedSetting extends SettingMerge {
  readonly side: Side;
}

/** Texts of the three versions; `then` where it is known. */
export interface BlockVersions {
  readonly then: BlockText | undefined;
  readonly mine: BlockText;
  readonly lab: BlockText;
}

interface BlockEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The user's settings block with what was decided; all other lines stay byte for byte. */
export function writeBlock(versions: BlockVersions, settings: readonly DecidedSetting[]): string {
  const { text, block } = versions.mine;
  const edits = settings.flatMap(setting => editFor(versions, setting) ?? []);
  const inserted = insertions(versions, settings);
  const all = [...edits, ...inserted].sort((a, b) => a.start - b.start || a.end - b.end);
  let [written, at] = ['', block.start];
  for (const edit of all) {
    written += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return written + text.slice(at, block.end);
}

function editFor(versions: BlockVersions, setting: DecidedSetting): BlockEdit | undefined {
  const { mine, lab, side, kind } = setting;
  if (!mine) return undefined;
  const statement = statementOf(versions.mine.block, mine);
  if (!statement) return undefined;
  const isAlone = statement.assignments.length === 1;
  const isTaken = kind !== 'same' && side === 'lab';
  if (isTaken && !lab) return isAlone ? removal(versions, setting, statement, mine) : undefined;
  if (!lab) return undefined;
  if (!isAlone) return isTaken ? { start: mine.valueStart, end: mine.valueEnd, text: lab.valueText } : undefined;
  return lineEdit(versions, setting, isTaken ? lab.valueText : mine.valueText, { mine, lab, statement });
}

/** A comment of the user's outlives its variable. */
function removal(
  versions: BlockVersions,
  { then }: DecidedSetting,
  statement: BlockStatement,
  mine: Assignment,
): BlockEdit {
  const rest = restOf(versions.mine.text, mine).trim();
  const isOwn = rest !== '' && rest !== thenRest(versions, then);
  return { start: statement.start, end: statement.end, text: isOwn ? `${rest}\n` : '' };
}

/** The line with this value; with the comment of the lab file's version, unless the user wrote one. */
function lineEdit(
  versions: BlockVersions,
  { then }: DecidedSetting,
  value: string,
  of: { readonly mine: Assignment; readonly lab: Assignment; readonly statement: BlockStatement },
): BlockEdit | undefined {
  const { mine, lab, statement } = of;
  const rest = restOf(versions.mine.text, mine);
  const labRest = restOf(versions.lab.text, lab).trim();
  const isOwnRest = rest.trim() !== labRest && rest.trim() !== thenRest(versions, then);
  if (value === mine.valueText && (isOwnRest || rest.trim() === labRest)) return undefined;
  const before = versions.mine.text.slice(statement.start, mine.valueStart) + value;
  const line = isOwnRest ? before + rest : labRest === '' ? before : `${before.padEnd(31)} ${labRest}`;
  const ending = /\r?\n?$/.exec(versions.mine.text.slice(statement.start, statement.end))?.[0] ?? '\n';
  return { start: statement.start, end: statement.end, text: `${line.replace(/\r$/, '')}${ending}` };
}

const thenRest = ({ then }: BlockVersions, setting: Assignment | undefined): string | undefined =>
  then && setting ? restOf(then.text, setting).trim() : undefined;

/** What stands behind a value on its line. */
const restOf = (text: string, { valueEnd }: Assignment): string => lineAt(text, valueEnd);

/** New variables go behind the one that they follow in the lab file's version, in front of what is not understood. */
function insertions(versions: BlockVersions, settings: readonly DecidedSetting[]): readonly BlockEdit[] {
  const { block } = versions.mine;
  const unclear = block.statements.find(({ kind }) => kind === 'notUnderstood')?.start ?? block.end;
  let place = block.start;
  return settings.flatMap(({ lab, mine, side }) => {
    if (!lab) return [];
    const statement = mine && statementOf(block, mine);
    if (statement) place = Math.min(statement.end, unclear);
    if (mine || side !== 'lab') return [];
    const { text } = versions.lab;
    const line = text.slice(text.lastIndexOf('\n', lab.valueStart - 1) + 1, lab.valueEnd) + restOf(text, lab);
    return [{ start: place, end: place, text: `${line}\n` }];
  });
}

const statementOf = ({ statements }: SettingsBlock, setting: Assignment): BlockStatement | undefined =>
  statements.find(({ start, end }) => setting.valueStart >= start && setting.valueStart < end);
