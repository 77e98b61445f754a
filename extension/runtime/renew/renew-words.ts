import type { LineEdits } from '../../script/renew/line-edits.ts';
import type { Clash, SettingChange } from '../../script/renew/renew-script.ts';
import { count } from '../views/tree-node.ts';
import type { ScriptPlan } from './renew-plan.ts';

const shownLength = 60;

/** A value as the script writes it, short enough for a line. */
function valueWords(text: string | undefined): string {
  if (text === undefined) return 'not there';
  if (text === '') return 'empty';
  const line = text.replace(/\s+/g, ' ');
  return line.length > shownLength ? `${line.slice(0, shownLength - 1)}…` : line;
}

/** `RAM 256M → 1G` */
const changeWords = ({ name, from, to }: SettingChange): string => `${name} ${valueWords(from)} → ${valueWords(to)}`;

/** `lines 7, 40–42`; `something before line 50`. */
export function lineWords(edits: LineEdits | undefined): string {
  if (!edits) return 'lines that cannot be told';
  const { changed, removedBefore } = edits;
  const taken = removedBefore.map(line => `what was before line ${line}`);
  const parts = [
    ...(changed.length > 0 ? [`line${changed.length === 1 ? '' : 's'} ${ranges(changed)}`] : []),
    ...taken,
  ];
  return parts.length === 0 ? 'its first or last lines' : parts.join(' and ');
}

/** `7, 40–42` */
function ranges(lines: readonly number[]): string {
  const rows: [first: number, last: number][] = [];
  for (const line of lines) {
    const row = rows.at(-1);
    if (row?.[1] === line - 1) row[1] = line;
    else rows.push([line, line]);
  }
  return rows.map(([first, last]) => (first === last ? String(first) : `${first}–${last}`)).join(', ');
}

/** What a clash is about: `RAM`, `lines 40–42`. */
export const clashName = (clash: Clash): string => (clash.kind === 'setting' ? clash.name : lineWords(clash.edits));

/** `RAM is 2G by hand and 1G by the lab file (generated as 256M)` */
export function clashWords(clash: Clash): string {
  if (clash.kind === 'code') return `${lineWords(clash.edits)} outside the settings: edited by hand, and ${clash.why}`;
  const { name, then, mine, lab } = clash;
  const before = then === undefined ? '' : ` (generated as ${valueWords(then)})`;
  return `${name} is ${valueWords(mine)} by hand and ${valueWords(lab)} by the lab file${before}`;
}

/** `suggested: yours, as you changed it by hand` */
export function suggestionWords(clash: Clash): string {
  if (clash.kind === 'code') return 'suggested: written anew, with a copy of yours beside it';
  return `suggested: ${clash.suggestion === 'mine' ? 'yours' : 'the lab file’s'}, as ${clash.why}`;
}

/** What the user has changed in a script, short: `RAM, line 7`. Empty: nothing. */
export function handMadeWords({ renewal }: ScriptPlan): string {
  const { kept, keptCode, clashes } = renewal;
  const names = [...kept.map(({ name }) => name), ...clashes.map(clashName)];
  return [...names, ...(keptCode ? [lineWords(keptCode)] : [])].join(', ');
}

/**
 * One line on what becomes of a script; undefined: it stays as it is, and as it was generated. Of clashes it tells only how
 * they were decided.
 */
export function scriptWords(plan: ScriptPlan, isDecided: boolean): string | undefined {
  const { kind, keptCode, notUnderstood, clashes } = plan.renewal;
  const open = new Set(isDecided ? [] : clashes.map(clashName));
  const isClear = ({ name }: SettingChange): boolean => !open.has(name);
  const [taken, kept] = [plan.renewal.taken.filter(isClear), plan.renewal.kept.filter(isClear)];
  const stays = [...kept.map(changeWords), ...(keptCode ? [`${lineWords(keptCode)} outside the settings`] : [])];
  const unclear = notUnderstood.map(({ line }) => `line ${line}`);
  const parts = [
    ...(kind === 'new' ? ['new'] : []),
    ...(kind === 'foreign' ? ['a file of another origin is in its place'] : []),
    ...(kind === 'changed' ? changedWords(taken, open.size > 0) : []),
    ...(stays.length > 0 ? [`your change stays: ${stays.join(', ')}`] : []),
    ...(unclear.length > 0
      ? [`${unclear.join(', ')} not understood, left as ${unclear.length === 1 ? 'it is' : 'they are'}`]
      : []),
  ];
  return parts.length === 0 ? undefined : `${plan.name}: ${parts.join('; ')}`;
}

/** While a clash is open nothing is written, so there is no more to say than what is clear. */
const changedWords = (taken: readonly SettingChange[], isOpen: boolean): readonly string[] =>
  taken.length > 0 ? [taken.map(changeWords).join(', ')] : isOpen ? [] : ['written anew'];

/** `3 scripts renewed` */
export const renewedWords = (written: number): string =>
  written === 0 ? 'All scripts are up to date' : `${count(written, 'script')} renewed`;
