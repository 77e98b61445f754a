import { Utf8Decoder } from '../../console/utf8.ts';
import { plainText } from '../../console/plain-lines.ts';

/** A start of the VM, written beside its console log by its script, so that the log itself holds what was printed and nothing else. */
export interface StartMark {
  /** Size of the log in bytes when the VM started: what comes after was printed by this start. */
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly pid: number | undefined;
}

/** Logs that were put aside when they grew too big: `.1` is the latest of them. As many as the scripts keep. */
const keptLogs = 3;

/** The log and those put aside, the newest first. */
export const logFiles = (log: string): readonly string[] => [
  log,
  ...Array.from({ length: keptLogs }, (_, index) => `${log}.${index + 1}`),
];

/** The marks of `fw.console.log` are in `fw.console.marks`; they are put aside with it. */
export const marksFile = (log: string): string => log.replace(/\.log(\.\d+)?$/, '.marks$1');

/** Lines `OFFSET SECONDS PID`; others are left out. */
export function parseMarks(text: string): readonly StartMark[] {
  return text.split('\n').flatMap(line => {
    const [, offset, seconds, pid] = /^(\d+) (\d+)(?: (\d+))?$/.exec(line) ?? [];
    if (offset === undefined || seconds === undefined) return [];
    return [{ offset: Number(offset), at: Number(seconds) * 1000, pid: pid === undefined ? undefined : Number(pid) }];
  });
}

/** A part of a log: whole lines, unless a line is longer than the part. */
export interface LogPart {
  readonly bytes: Uint8Array;
  /** Where it begins in the file. */
  readonly start: number;
  /** Size of the file. */
  readonly size: number;
}

export interface ShownLog {
  readonly text: string;
  /** The line of the text, counted from 0, that shows this byte of the log. */
  readonly lineOf: (offset: number) => number;
}

/** The log as a document: what a person would have seen, a line of ours where the VM started and where something is left out. */
export function showLog(part: LogPart, marks: readonly StartMark[], words: LogWords): ShownLog {
  const end = part.start + part.bytes.length;
  const inside = marks.filter(mark => mark.offset >= part.start && mark.offset <= end);
  const cuts = [part.start, ...inside.map(mark => mark.offset), end];
  const shown: { readonly offset: number; readonly line: number }[] = [];
  const lines: string[] = part.start > 0 ? [words.leftOut(part.start)] : [];
  cuts.slice(0, -1).forEach((from, index) => {
    const mark = inside[index - 1];
    if (mark) lines.push(words.started(mark));
    const bytes = part.bytes.subarray(from - part.start, (cuts[index + 1] ?? end) - part.start);
    if (bytes.length === 0) return;
    lineStarts(bytes).forEach((at, line) => shown.push({ offset: from + at, line: lines.length + line }));
    lines.push(...linesOf(bytes));
  });
  if (end < part.size) lines.push(words.leftOut(part.size - end));
  return { text: `${lines.join('\n')}\n`, lineOf: offset => shown.findLast(one => one.offset <= offset)?.line ?? 0 };
}

/** Our own lines in a log; the adapter knows the user's time zone. */
export interface LogWords {
  readonly started: (mark: StartMark) => string;
  readonly leftOut: (bytes: number) => string;
}

function linesOf(bytes: Uint8Array): readonly string[] {
  const decoder = new Utf8Decoder();
  const text = plainText(decoder.push(bytes) + decoder.end());
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function lineStarts(bytes: Uint8Array): readonly number[] {
  const starts = [0];
  for (let at = bytes.indexOf(newline); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(newline, at + 1))
    starts.push(at + 1);
  return starts;
}

export const newline = 0x0a;

/** An editor becomes slow with more. */
export const shownBytes = 4_000_000;

/** The part of a log that a document shows: its end, or what is around a place. */
export function logWindow(
  size: number,
  offset: number | undefined,
): { readonly start: number; readonly bytes: number; readonly isAtEnd: boolean } {
  const last = Math.max(0, size - shownBytes);
  const start = offset === undefined || offset >= last ? last : Math.max(0, offset - shownBytes / 2);
  return { start, bytes: shownBytes, isAtEnd: start === last };
}
