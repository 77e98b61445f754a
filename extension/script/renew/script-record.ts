import { checksum } from '../checksum.ts';
import { settingsEnd, settingsStart } from '../settings.ts';

/**
 * What was generated, written at the end of each script as comments: its settings block as it was, and a short hash of
 * each line around it. So a later version can be merged with what the user made of this one, without any other file.
 */
export interface ScriptRecord {
  /** The lines between the first and the last of the settings block; undefined: the script has no settings. */
  readonly block: string | undefined;
  /** Hashes of the other lines. */
  readonly lines: readonly string[];
}

const recordStart = '# --- as generated, for "kvmlab renew" to compare with: ';
const settingMark = '#| ';
const hashMark = '#= ';
const hashLength = 3;
const hashesInRow = 36;

/** A script cut at its settings block; `head` and `tail` keep the lines that begin and end it. */
export interface SplitCode {
  readonly head: string;
  readonly block: string | undefined;
  readonly tail: string;
}

/** The record of a script without checksum and record, as it was generated. */
export function renderRecord(generated: string): string {
  const { head, block, tail } = splitGenerated(generated);
  const hashes = hashLines(head, tail);
  const rows = Array.from({ length: Math.ceil(hashes.length / hashesInRow) }, (_, row) =>
    hashes.slice(row * hashesInRow, (row + 1) * hashesInRow).join(''),
  );
  const settings = block?.split('\n').slice(0, -1) ?? [];
  const lines = [...settings.map(line => settingMark + line), ...rows.map(row => hashMark + row)];
  return `\n${recordStart}${checksum(...lines)} ---\n${lines.map(line => `${line}\n`).join('')}`;
}

/**
 * A script's text without its record, the text of the record, and what it says; undefined: there is none, or somebody
 * changed it. What was written behind it counts as the script's last lines.
 */
export function takeRecord(text: string): {
  readonly code: string;
  readonly recordText: string;
  readonly record: ScriptRecord | undefined;
} {
  const start = text.lastIndexOf(`\n${recordStart}`);
  if (start < 0) return { code: text, recordText: '', record: undefined };
  const [heading = '', ...lines] = text.slice(start + 1).split('\n');
  const isHeld = (line: string): boolean => line.startsWith(settingMark) || line.startsWith(hashMark);
  const firstOther = lines.findIndex(line => !isHeld(line));
  const held = firstOther < 0 ? lines : lines.slice(0, firstOther);
  const behind = lines.slice(held.length).join('\n').trim();
  const isIntact = heading === `${recordStart}${checksum(...held)} ---`;
  return {
    code: text.slice(0, start) + (behind === '' ? '' : `\n${behind}\n`),
    recordText: `\n${heading}\n${held.map(line => `${line}\n`).join('')}`,
    record: isIntact ? readRecord(held) : undefined,
  };
}

function readRecord(lines: readonly string[]): ScriptRecord {
  const marked = (mark: string): readonly string[] =>
    lines.filter(line => line.startsWith(mark)).map(line => line.slice(mark.length));
  const settings = marked(settingMark);
  const hashes = marked(hashMark).join('');
  return {
    block: settings.length === 0 ? undefined : settings.map(line => `${line}\n`).join(''),
    lines: Array.from({ length: hashes.length / hashLength }, (_, at) =>
      hashes.slice(at * hashLength, (at + 1) * hashLength),
    ),
  };
}

/** Cuts a script as it was generated: no value there has a line break, so the lines of the block can be searched. */
function splitGenerated(code: string): SplitCode {
  const start = code.indexOf(`\n${settingsStart}\n`);
  const from = start + settingsStart.length + 2;
  const end = start < 0 ? -1 : code.indexOf(`\n${settingsEnd}\n`, from - 1) + 1;
  if (end < from) return { head: code, block: undefined, tail: '' };
  return { head: code.slice(0, from), block: code.slice(from, end), tail: code.slice(end) };
}

/** One hash for each line. */
export const hashLines = (head: string, tail: string): readonly string[] => `${head}${tail}`.split('\n').map(hashOf);

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 18 bits (FNV-1a, folded): it only has to tell which lines were changed; that some were is told by the checksum. */
function hashOf(line: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < line.length; at += 1) hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 18;
  return [12, 6, 0].map(shift => digits.charAt((hash >>> shift) & 63)).join('');
}
