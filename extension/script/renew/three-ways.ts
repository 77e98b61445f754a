import { mark } from '../script-file.ts';
import { settingsStart } from '../settings.ts';
import { renewScript, type SettingClash } from './renew-script.ts';
import { hashLines } from './script-record.ts';
import { blockOf, takeVersion, versionThen, type KnownVersion, type Version } from './script-version.ts';
import { assignmentsOf } from './settings-block.ts';

/** A script with clashes for an editor that merges: whole texts, which differ in what clashes and in nothing else. */
export interface ThreeWays {
  /** As it was generated, as far as that is known. */
  readonly base: string;
  readonly mine: string;
  readonly lab: string;
  /** With each clash ended as suggested. */
  readonly suggested: string;
}

/** `existing`: a script of ours. What goes through cleanly is in all of the texts. */
export function threeWays(existing: string, generated: string): ThreeWays {
  const suggested = renewScript(existing, generated);
  const settings = suggested.clashes.filter(clash => clash.kind === 'setting');
  const lab = renewScript(existing, generated, () => 'lab').text;
  return {
    base: baseText({ existing, lab, settings, hasCode: settings.length < suggested.clashes.length }),
    mine: renewScript(existing, generated, () => 'mine').text,
    lab,
    suggested: suggested.text,
  };
}

interface BaseParts {
  readonly existing: string;
  readonly lab: string;
  readonly settings: readonly SettingClash[];
  readonly hasCode: boolean;
}

function baseText({ existing, lab, settings, hasCode }: BaseParts): string {
  const [mine, wanted] = [takeVersion(existing), takeVersion(lab)];
  if (!mine || !wanted) return lab;
  const block = blockBefore(wanted, settings);
  const known = hasCode ? versionThen(existing, mine, wanted) : undefined;
  const code = known ? codeBefore(known, block, mine, wanted) : wanted.head + block + wanted.tail;
  return (code + wanted.record).replace(mark, () => mark + wanted.checksum);
}

/** The settings with the values that were generated. */
function blockBefore({ settings: held, ...version }: Version, clashes: readonly SettingClash[]): string {
  let text = blockOf({ ...version, settings: held });
  if (!held) return text;
  const assignments = assignmentsOf(held.block);
  const places = clashes.flatMap(({ name, then }) => {
    const found = assignments.get(name);
    if (!found) return [];
    const statement = held.block.statements.find(one => one.assignments.includes(found));
    // One that was not there yet goes with its line.
    return then === undefined
      ? { start: statement?.start ?? found.valueStart, end: statement?.end ?? found.valueEnd, text: '' }
      : { start: found.valueStart, end: found.valueEnd, text: then };
  });
  for (const { start, end, text: before } of places.sort((a, b) => b.start - a.start))
    text = text.slice(0, start - held.block.start) + before + text.slice(end - held.block.start);
  return text;
}

/** Lines are known by their hashes: those that neither side has any more are left out. */
function codeBefore({ lines }: KnownVersion, block: string, mine: Version, lab: Version): string {
  const texts = new Map(
    [lab, mine].flatMap(({ head, tail }) => {
      const hashes = hashLines(head, tail);
      return `${head}${tail}`.split('\n').map((line, at): readonly [string, string] => [hashes[at] ?? '', line]);
    }),
  );
  const code = lines.flatMap(hash => texts.get(hash) ?? []).join('\n');
  return code.replace(`\n${settingsStart}\n`, start => start + block);
}
