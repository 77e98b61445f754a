import { commentText } from './quote.ts';

/** One script as it is to be written: name in the script folder, and text. */
export interface ScriptFile {
  readonly name: string;
  readonly text: string;
}

const mark = '# kvmlab: generated ';

/** Puts the header on: what it is, how it is used, and a checksum that tells later whether somebody edited the file. */
export function assemble(name: string, about: readonly string[], body: readonly string[]): ScriptFile {
  const head = ['#!/usr/bin/env bash', ...about.map(line => `# ${commentText(line)}`)];
  const text = [...head, `${mark}0`, ...body].join('\n') + '\n';
  return { name, text: stamp(text) };
}

/** Gives a text with a `# kvmlab: generated` line its checksum. */
export function stamp(text: string): string {
  return text.replace(/^# kvmlab: generated .*$/m, `${mark}${checksum(text)}`);
}

export type ScriptOrigin =
  /** As it was generated. */
  | { readonly kind: 'untouched'; readonly checksum: string }
  /** Generated, then edited by hand. `checksum` is that of what was generated. */
  | { readonly kind: 'edited'; readonly checksum: string }
  /** Not made by us. */
  | { readonly kind: 'foreign' };

export function originOf(text: string): ScriptOrigin {
  const recorded = /^# kvmlab: generated (\w+)$/m.exec(text)?.[1];
  if (recorded === undefined) return { kind: 'foreign' };
  return { kind: recorded === checksum(text) ? 'untouched' : 'edited', checksum: recorded };
}

export function recordedChecksum(text: string): string | undefined {
  const origin = originOf(text);
  return origin.kind === 'foreign' ? undefined : origin.checksum;
}

/** 53 bits over all but the checksum itself (two multiplicative hashes); against accidents, not against an attacker. */
function checksum(text: string): string {
  const covered = text.replace(/^# kvmlab: generated .*$/m, '');
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < covered.length; at++) {
    const unit = covered.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}
