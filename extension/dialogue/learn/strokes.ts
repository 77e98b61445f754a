import { withoutTerminalAnswers } from '../../console/terminal-answers.ts';
import { Utf8Decoder } from '../../console/utf8.ts';
import type { Recording, RecordedPart } from './recording.ts';

/** One press of a key. */
export interface Stroke {
  /** What the key sent: one character or one escape sequence. */
  readonly sent: string;
  readonly atMs: number;
  /** What was printed between the key before and this one, with all its control sequences. */
  readonly before: string;
  /** When the last of that came. Undefined: nothing came. */
  readonly printedMs: number | undefined;
}

export interface Strokes {
  readonly strokes: readonly Stroke[];
  /** What was printed behind the last key. */
  readonly after: string;
  /** When the last of that came. Undefined: nothing came. */
  readonly afterMs: number | undefined;
}

const escape = '\\u001b';
/** One key: an escape sequence, or one character. */
const oneKey = new RegExp(`${escape}[\\[O][0-9;]*[A-Za-z~]|[^]`, 'gu');
/** What a terminal puts around a paste where the guest asks for that; a script does not paste. */
const pasteMarks = new RegExp(`${escape}\\[20[01]~`, 'g');

/** The keys of a recording, one by one, each with what was printed before it. How the bytes were cut changes nothing. */
export function strokesOf(recording: Recording): Strokes {
  const decoder = new Utf8Decoder();
  const strokes: Stroke[] = [];
  let before = '';
  let printedMs: number | undefined;
  for (const run of runsOf(recording.parts)) {
    if (run.kind === 'printed') {
      before += decoder.push(run.bytes);
      printedMs = run.endMs;
      continue;
    }
    for (const { sent, atMs } of keysOf(run)) {
      strokes.push({ sent, atMs, before, printedMs });
      [before, printedMs] = ['', undefined];
    }
  }
  return { strokes, after: before + decoder.end(), afterMs: printedMs };
}

/** Parts of one kind that follow each other, as one. */
interface Run {
  readonly kind: RecordedPart['kind'];
  readonly bytes: Uint8Array;
  readonly parts: readonly RecordedPart[];
  readonly endMs: number;
}

function runsOf(parts: readonly RecordedPart[]): readonly Run[] {
  const groups: RecordedPart[][] = [];
  for (const part of parts) {
    if (part.bytes.length === 0) continue;
    const last = groups.at(-1);
    if (last?.[0]?.kind === part.kind) last.push(part);
    else groups.push([part]);
  }
  return groups.flatMap(group => {
    const [first, last] = [group[0], group.at(-1)];
    return first && last ? [{ kind: first.kind, bytes: joined(group), parts: group, endMs: last.atMs }] : [];
  });
}

function joined(parts: readonly RecordedPart[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, { bytes }) => total + bytes.length, 0));
  let at = 0;
  for (const { bytes } of parts) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

function keysOf(run: Run): readonly { readonly sent: string; readonly atMs: number }[] {
  const decoder = new Utf8Decoder();
  const typed = decoder.push(run.bytes) + decoder.end();
  const text = withoutTerminalAnswers(typed).replaceAll(pasteMarks, '');
  // A person types key by key; where several came at once, one time is right for all of them.
  const times = run.parts.flatMap(part => Array.from(part.bytes, () => part.atMs));
  const isWhole = text.length === run.bytes.length;
  let at = 0;
  return Array.from(text.matchAll(oneKey), ([sent]) => {
    const atMs = (isWhole ? times[at] : undefined) ?? run.parts[0]?.atMs ?? run.endMs;
    at += sent.length;
    return { sent, atMs };
  });
}
