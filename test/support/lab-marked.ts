import type { Problem, ProblemCode } from '../../extension/lab/problem.ts';
import { readLab, type ReadOptions } from '../../extension/lab/reading/reader.ts';

/** A problem as a test names it: its code and the exact text that it underlines. */
export interface Finding {
  readonly code: ProblemCode;
  readonly at: readonly [start: number, end: number];
}

/**
 * Reads a lab file in which `«…»` marks where problems are expected, in the order of the file.
 * Gives what was found beside what the marks say, for one comparison.
 */
export function readMarked(marked: string, codes: readonly ProblemCode[], options: ReadOptions = {}) {
  const expected: Finding[] = [];
  let text = '';
  let start = 0;
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') expected.push({ code: codes[expected.length]!, at: [start, text.length] });
    else text += part;
  }
  const reading = readLab(text, options);
  const found = reading.problems.map(({ code, span }): Finding => ({ code, at: [span.start, span.end] }));
  return { expected, found, text, ...reading };
}

export const codesOf = (problems: readonly Problem[]): readonly ProblemCode[] => problems.map(problem => problem.code);
