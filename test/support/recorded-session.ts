import type { RecordedPart, Recording } from '../../extension/dialogue/learn/recording.ts';

/** Something that was printed or typed, so many milliseconds after what was before. */
export type SessionPart = readonly [kind: 'out' | 'in', text: string, afterMs?: number];

/** A session as somebody would have seen it. */
export function recorded(...parts: readonly SessionPart[]): Recording {
  let atMs = 0;
  return {
    parts: parts.map(([kind, text, afterMs = 100]): RecordedPart => {
      atMs += afterMs;
      return { kind: kind === 'out' ? 'printed' : 'typed', bytes: new TextEncoder().encode(text), atMs };
    }),
  };
}

/** Keys, each with what the guest prints for it. */
export const keyed = (...keys: readonly (readonly [key: string, echo: string])[]): readonly SessionPart[] =>
  keys.flatMap(([key, echo]): SessionPart[] => [
    ['in', key],
    ['out', echo],
  ]);

/** A line and Enter, echoed character by character. */
export const echoed = (line: string): readonly SessionPart[] =>
  keyed(...Array.from(line, (key): [string, string] => [key, key]), ['\r', '\r\n']);

/** The same, of which only Enter is seen. */
export const hidden = (line: string): readonly SessionPart[] => [
  ...Array.from(`${line}\r`, (key): SessionPart => ['in', key]),
  ['out', '\r\n'],
];
