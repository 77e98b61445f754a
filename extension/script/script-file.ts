import { checksum } from './checksum.ts';
import { commentText } from './quote.ts';
import { renderRecord } from './renew/script-record.ts';

/** One script as it is to be written: name in the script folder, and text. */
export interface ScriptFile {
  readonly name: string;
  readonly text: string;
}

export const mark = '\n# kvmlab: generated ';

/**
 * Puts the header on: what it is, how it is used, and a checksum that tells later whether somebody edited the file. At the
 * end goes a record of what was generated, with which a later version is merged.
 */
export function assemble(name: string, about: readonly string[], body: readonly string[]): ScriptFile {
  const before = ['#!/usr/bin/env bash', ...about.map(line => `# ${commentText(line)}`)].join('\n');
  return { name, text: complete(before, `\n${body.join('\n')}\n`) };
}

/** Gives a text with a `# kvmlab: generated` line its checksum and record. */
export function stamp(text: string): string {
  const { before, after } = takeApart(text) ?? { before: text, after: '' };
  return complete(before, after);
}

function complete(before: string, code: string): string {
  const after = code + renderRecord(`${before}${mark}${code}`);
  return `${before}${mark}${checksum(before, after)}${after}`;
}

export type ScriptOrigin =
  /** As it was generated. */
  | { readonly kind: 'untouched'; readonly checksum: string }
  /** Generated, then edited by hand. `checksum` is that of what was generated. */
  | { readonly kind: 'edited'; readonly checksum: string }
  /** Not made by us. */
  | { readonly kind: 'foreign' };

export function originOf(text: string): ScriptOrigin {
  const parts = takeApart(text);
  if (!parts || !/^\w+$/.test(parts.recorded)) return { kind: 'foreign' };
  const isSame = parts.recorded === checksum(parts.before, parts.after);
  return { kind: isSame ? 'untouched' : 'edited', checksum: parts.recorded };
}

export function recordedChecksum(text: string): string | undefined {
  const origin = originOf(text);
  return origin.kind === 'foreign' ? undefined : origin.checksum;
}

/** A script without its checksum, and the checksum. Undefined: it was not made by us. */
export function takeApart(text: string) {
  const start = text.indexOf(mark);
  if (start < 0) return undefined;
  const from = start + mark.length;
  const end = text.indexOf('\n', from);
  const to = end < 0 ? text.length : end;
  return { before: text.slice(0, start), recorded: text.slice(from, to), after: text.slice(to) };
}
