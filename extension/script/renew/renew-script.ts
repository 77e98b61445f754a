import { mark, originOf } from '../script-file.ts';
import { lineEdits, type LineEdits } from './line-edits.ts';
import { mergeSettings, suggestionFor, type SettingMerge, type Settings, type Side } from './merge-settings.ts';
import { blockOf, linesOf, takeVersion, versionThen, type KnownVersion, type Version } from './script-version.ts';
import { assignmentsOf, type SettingsBlock, type SettingValue } from './settings-block.ts';
import { writeBlock, type BlockText } from './write-block.ts';

/** A setting that both the user and the lab file changed, and differently. Values are as the script writes them. */
export interface SettingClash {
  readonly kind: 'setting';
  readonly name: string;
  readonly then: string | undefined;
  readonly mine: string | undefined;
  readonly lab: string | undefined;
  readonly suggestion: Side;
  /** Half a sentence: why this is suggested. */
  readonly why: string;
}

/** What is not a setting was edited, and is to be generated differently now. */
export interface CodeClash {
  readonly kind: 'code';
  /** In the script as it is; undefined: it cannot be told. */
  readonly edits: LineEdits | undefined;
  readonly suggestion: Side;
  readonly why: string;
}

export type Clash = SettingClash | CodeClash;
export type Decide = (clash: Clash) => Side;

/** One variable that is not what it was: `from` and `to` as the script writes them, undefined where it is not there. */
export interface SettingChange {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A hand edit that stays; `value` is what it says. */
export interface KeptSetting extends SettingChange {
  readonly value: SettingValue;
}

export interface ScriptRenewal {
  /** `new`: there is no file yet. `same`: it stays as it is. `foreign`: a file that we did not make; it stays. */
  readonly kind: 'new' | 'same' | 'changed' | 'foreign';
  /** What the file is to hold, if the clashes end as decided. */
  readonly text: string;
  /** What the lab file changes: from what the script says now. */
  readonly taken: readonly SettingChange[];
  /** Hand edits that stay: from what would be generated. */
  readonly kept: readonly KeptSetting[];
  /** Edits outside the settings that stay. */
  readonly keptCode: LineEdits | undefined;
  readonly clashes: readonly Clash[];
  /** Lines of the settings block that are neither assignments nor comments. They stay as they are. */
  readonly notUnderstood: readonly { readonly line: number; readonly text: string }[];
}

const untouched = { taken: [], kept: [], keptCode: undefined, clashes: [], notUnderstood: [] };

/** As a clash is suggested to end. */
const asSuggested: Decide = ({ suggestion }) => suggestion;

/**
 * Merges a script three ways: what was generated, what the user made of it, and what is generated now. Settings are
 * merged one by one, the code around them as one piece. Nothing of the script is run.
 */
export function renewScript(existing: string | undefined, generated: string, decide = asSuggested): ScriptRenewal {
  if (existing === undefined) return { kind: 'new', text: generated, ...untouched };
  if (existing === generated) return { kind: 'same', text: existing, ...untouched };
  if (originOf(existing).kind === 'foreign') return { kind: 'foreign', text: existing, ...untouched };
  const [mine, lab] = [takeVersion(existing), takeVersion(generated)];
  if (!mine || !lab) return { kind: 'foreign', text: existing, ...untouched };
  const then = versionThen(existing, mine, lab);
  return mergeVersions({ then, mine, lab }, decide);
}

interface Versions {
  readonly then: KnownVersion | undefined;
  readonly mine: Version;
  readonly lab: Version;
}

function mergeVersions(versions: Versions, decide: Decide): ScriptRenewal {
  const { then, mine, lab } = versions;
  const code = mergeCode(versions, decide);
  const merges = settingMerges(versions, code.side);
  const decided = merges.map(merge => {
    if (merge.kind === 'mine') return { ...merge, side: 'mine' as const, clash: undefined };
    if (merge.kind !== 'clash') return { ...merge, side: 'lab' as const, clash: undefined };
    const clash = clashOf(merge);
    return { ...merge, side: decide(clash), clash };
  });
  const own = code.side === 'mine' ? mine : lab;
  const block =
    mine.settings && lab.settings
      ? writeBlock({ then: then?.settings, mine: mine.settings, lab: lab.settings }, decided)
      : blockOf(own);
  const text = (own.head + block + own.tail + lab.record).replace(mark, () => mark + lab.checksum);
  return {
    kind: text === mine.text ? 'same' : 'changed',
    text,
    taken: decided.filter(({ kind, side }) => kind !== 'same' && side === 'lab').map(changeFromMine),
    kept: decided.filter(({ kind, side }) => kind !== 'same' && side === 'mine').map(changeFromLab),
    keptCode: code.kept,
    clashes: [...(code.clash ? [code.clash] : []), ...decided.flatMap(({ clash }) => clash ?? [])],
    notUnderstood: mine.settings ? notUnderstoodIn(mine.settings) : [],
  };
}

/** Settings of a script whose block cannot be read go with its code. */
function settingMerges({ then, mine, lab }: Versions, code: Side): readonly SettingMerge[] {
  if (!lab.settings || !mine.settings) return [];
  const of = (settings: BlockText | undefined): Settings | undefined => settings && assignmentsOf(settings.block);
  const none: Settings = new Map();
  const merges = mergeSettings(
    then && (of(then.settings) ?? none),
    of(mine.settings) ?? none,
    of(lab.settings) ?? none,
  );
  // Code that stays may need a variable that the lab file's has no more.
  return code === 'mine'
    ? merges.map(merge => (merge.kind === 'lab' && !merge.lab ? { ...merge, kind: 'mine' } : merge))
    : merges;
}

interface CodeMerge {
  readonly side: Side;
  readonly kept: LineEdits | undefined;
  readonly clash: CodeClash | undefined;
}

function mergeCode({ then, mine, lab }: Versions, decide: Decide): CodeMerge {
  const isBroken = (mine.settings !== undefined) !== (lab.settings !== undefined);
  if (isBroken) return codeClash(undefined, 'the end of its settings cannot be found', decide);
  const isAsWanted = mine.head === lab.head && mine.tail === lab.tail;
  if (then?.isCodeUntouched === true || isAsWanted) return { side: 'lab', kept: undefined, clash: undefined };
  const wanted = linesOf(lab);
  const edits = inScript(lineEdits(then?.lines ?? wanted, linesOf(mine)), mine);
  if (then?.lines.join() === wanted.join()) return { side: 'mine', kept: edits, clash: undefined };
  const why = then
    ? 'it is written anew for the lab file of today or by a newer version, which your change does not know'
    : 'it does not tell what was generated';
  return codeClash(edits, why, decide);
}

function codeClash(edits: LineEdits | undefined, why: string, decide: Decide): CodeMerge {
  const clash: CodeClash = { kind: 'code', edits, suggestion: 'lab', why };
  const side = decide(clash);
  return { side, kept: side === 'mine' ? edits : undefined, clash };
}

/** Lines of the code as lines of the file, which has the settings in the middle. */
function inScript({ changed, removedBefore }: LineEdits, { head, settings }: Version): LineEdits {
  const headLines = head.split('\n').length - 1;
  const blockLines = settings
    ? settings.text.slice(settings.block.start, settings.block.end).split('\n').length - 1
    : 0;
  const move = (line: number): number => (line > headLines ? line + blockLines : line);
  return { changed: changed.map(move), removedBefore: removedBefore.map(move) };
}

function clashOf(merge: SettingMerge): SettingClash {
  const { side, why } = suggestionFor(merge);
  const { name, then, mine, lab } = merge;
  const [before, own, wanted] = [then, mine, lab].map(one => one?.valueText);
  return { kind: 'setting', name, then: before, mine: own, lab: wanted, suggestion: side, why };
}

const changeFromMine = ({ name, mine, lab }: SettingMerge): SettingChange => ({
  name,
  from: mine?.valueText,
  to: lab?.valueText,
});

const changeFromLab = ({ name, mine, lab }: SettingMerge): KeptSetting => ({
  name,
  from: lab?.valueText,
  to: mine?.valueText,
  value: mine?.value,
});

function notUnderstoodIn({ text, block }: { readonly text: string; readonly block: SettingsBlock }) {
  return block.statements
    .filter(({ kind }) => kind === 'notUnderstood')
    .map(({ start, end }) => ({ line: text.slice(0, start).split('\n').length, text: text.slice(start, end).trim() }));
}
