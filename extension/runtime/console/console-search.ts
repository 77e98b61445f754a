import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { plainLine } from '../../console/plain-lines.ts';
import { Utf8Decoder } from '../../console/utf8.ts';
import { newline } from './console-marks.ts';
import type { LogReader } from '../console-ports.ts';

/** One console's log, and how it is called. */
export interface SearchedLog {
  readonly path: string;
  readonly label: string;
}

export interface LogHit {
  readonly log: SearchedLog;
  /** Where the line begins in the file. */
  readonly offset: number;
  /** The line as a person would have seen it, cut to a length that fits a list. */
  readonly text: string;
}

export interface SearchResult {
  readonly hits: readonly LogHit[];
  /** More was there than is listed. */
  readonly isCut: boolean;
  readonly bytes: number;
}

export interface SearchOptions {
  readonly signal?: CancelSignal;
  readonly onProgress?: (bytes: number) => void;
  readonly mostHits?: number;
}

/** How many places are listed at most. */
export const mostHits = 1000;
/** A longer line is looked at in parts of this size: a guest may print without ever ending a line. */
const longestLine = 64 * 1024;
const chunkBytes = 256 * 1024;
const longestText = 300;

/**
 * What is looked for: `/…/` or `/…/i` is a regular expression; any other text is itself, and its case counts if it has a
 * capital letter.
 */
export function patternOf(text: string): (line: string) => boolean {
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? [];
  if (source !== undefined) {
    const regex = regexOf(source, flags);
    return line => regex.test(line);
  }
  if (text !== text.toLowerCase()) return line => line.includes(text);
  return line => line.toLowerCase().includes(text);
}

/** Looks through logs one after another, a piece at a time, so that neither memory nor the editor suffers from big ones. */
export async function searchLogs(
  reader: LogReader,
  logs: readonly SearchedLog[],
  text: string,
  options: SearchOptions = {},
): Promise<SearchResult> {
  const most = options.mostHits ?? mostHits;
  const fits = patternOf(text);
  const hits: LogHit[] = [];
  let bytes = 0;
  const progress = (count: number): void => {
    bytes += count;
    options.onProgress?.(bytes);
  };
  const isOver = (): boolean => hits.length > most || options.signal?.aborted === true;
  for (const log of logs) {
    for await (const { offset, line } of linesOf(reader, log.path, progress)) {
      if (isOver()) break;
      const plain = plainLine(line);
      if (fits(plain)) hits.push({ log, offset, text: plain.slice(0, longestText) });
    }
    if (isOver()) break;
  }
  return { hits: hits.slice(0, most), isCut: hits.length > most, bytes };
}

function regexOf(source: string, flags: string): RegExp {
  try {
    // Without `g` and `y`, which would make one test depend on the one before.
    return new RegExp(source, flags.replaceAll(/[gy]/g, ''));
  } catch (error) {
    throw new UserError(`/${source}/${flags} is no regular expression: ${error instanceof Error ? error.message : ''}`);
  }
}

interface Line {
  readonly offset: number;
  readonly line: string;
}

async function* linesOf(reader: LogReader, path: string, onRead: (bytes: number) => void): AsyncGenerator<Line> {
  let carried = new Uint8Array(0);
  for (let start = 0; ;) {
    const chunk = await reader.read(path, start, chunkBytes);
    if (chunk === undefined || chunk.length === 0) break;
    onRead(chunk.length);
    const bytes = joined(carried, chunk);
    const begin = start - carried.length;
    let at = 0;
    for (let end = lineEnd(bytes, at); end >= 0; end = lineEnd(bytes, at)) {
      yield { offset: begin + at, line: textOf(bytes.subarray(at, end)) };
      at = bytes[end] === newline ? end + 1 : end;
    }
    carried = bytes.slice(at);
    start += chunk.length;
    if (chunk.length < chunkBytes) {
      if (carried.length > 0) yield { offset: start - carried.length, line: textOf(carried) };
      break;
    }
  }
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(newline, from);
  if (end >= 0 && end - from <= longestLine) return end;
  return bytes.length - from > longestLine ? from + longestLine : -1;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function textOf(bytes: Uint8Array): string {
  const decoder = new Utf8Decoder();
  return decoder.push(bytes) + decoder.end();
}
