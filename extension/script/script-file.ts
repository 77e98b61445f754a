import { commentText } from './quote.ts';

/** One script as it is to be written: name in the script folder, and text. */
export interface ScriptFile {
  readonly name: string;
  readonly text: string;
}

const mark = '\n# kvmlab: generated ';

/** Puts the header on: what it is, how it is used, and a checksum that tells later whether somebody edited the file. */
export function assemble(name: string, about: readonly string[], body: readonly string[]): ScriptFile {
  const before = ['#!/usr/bin/env bash', ...about.map(line => `# ${commentText(line)}`)].join('\n');
  const after = `\n${body.join('\n')}\n`;
  return { name, text: `${before}${mark}${checksum(before, after)}${after}` };
}

/** Gives a text with a `# kvmlab: generated` line its checksum. */
export function stamp(text: string): string {
  const { before, after } = takeApart(text) ?? { before: text, after: '' };
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

/** A script without its checksum, and the checksum. */
function takeApart(text: string) {
  const start = text.indexOf(mark);
  if (start < 0) return undefined;
  const from = start + mark.length;
  const end = text.indexOf('\n', from);
  const to = end < 0 ? text.length : end;
  return { before: text.slice(0, start), recorded: text.slice(from, to), after: text.slice(to) };
}

/** 53 bits over all but the checksum itself (two multiplicative hashes); against accidents, not against an attacker. */
function checksum(...parts: readonly string[]): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const part of parts) {
    // Two UTF-16 units a round; past the end charCodeAt gives NaN, which counts as 0.
    for (let at = 0; at < part.length; at += 2) {
      const unit = part.charCodeAt(at) | (part.charCodeAt(at + 1) << 16);
      high = Math.imul(high ^ unit, 2654435761);
      low = Math.imul(low ^ unit, 1597334677);
    }
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}
