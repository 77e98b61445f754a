import { mark, originOf, takeApart } from '../script-file.ts';
import { settingsEnd, settingsStart } from '../settings.ts';
import { hashLines, takeRecord, type ScriptRecord } from './script-record.ts';
import { readSettingsBlock } from './settings-block.ts';
import type { BlockText } from './write-block.ts';

/** A script taken apart. `block` is undefined where it has no settings, or where their end cannot be found. */
export interface Version {
  readonly text: string;
  readonly checksum: string;
  /** Without checksum and record. */
  readonly head: string;
  readonly settings: BlockText | undefined;
  readonly tail: string;
  readonly record: string;
  readonly known: ScriptRecord | undefined;
}

export function takeVersion(text: string): Version | undefined {
  const parts = takeApart(text);
  if (!parts) return undefined;
  const bare = parts.before + mark + parts.after;
  const { code, recordText, record } = takeRecord(bare);
  const start = code.indexOf(`\n${settingsStart}\n`);
  const from = start + settingsStart.length + 2;
  const block = start < 0 ? undefined : readSettingsBlock(code, from, settingsEnd);
  return {
    text,
    checksum: parts.recorded,
    head: block ? code.slice(0, block.start) : code,
    settings: block && { text: code, block },
    tail: block ? code.slice(block.end) : '',
    record: recordText,
    known: record,
  };
}

/** What is known of the version that the user began with. */
export interface KnownVersion {
  readonly lines: readonly string[];
  readonly settings: BlockText | undefined;
  /** Nothing but settings was edited since. */
  readonly isCodeUntouched: boolean;
}

export function versionThen(existing: string, mine: Version, lab: Version): KnownVersion | undefined {
  if (originOf(existing).kind === 'untouched')
    return { lines: linesOf(mine), settings: mine.settings, isCodeUntouched: true };
  const known = mine.known ?? (mine.checksum === lab.checksum ? lab.known : undefined);
  if (!known) return undefined;
  const settings = known.block === undefined ? undefined : blockText(known.block);
  const original = mine.head + (known.block ?? '') + mine.tail + mine.record;
  const asItWas = original.replace(mark, () => mark + mine.checksum);
  const isCodeUntouched =
    (mine.settings !== undefined) === (settings !== undefined) && originOf(asItWas).kind === 'untouched';
  return { lines: known.lines, settings, isCodeUntouched };
}

function blockText(lines: string): BlockText | undefined {
  const block = readSettingsBlock(`${lines}${settingsEnd}`, 0, settingsEnd);
  return block && { text: `${lines}${settingsEnd}`, block };
}

export const linesOf = ({ head, tail }: Version): readonly string[] => hashLines(head, tail);

/** The lines of its settings. */
export const blockOf = ({ settings }: Version): string =>
  settings ? settings.text.slice(settings.block.start, settings.block.end) : '';
