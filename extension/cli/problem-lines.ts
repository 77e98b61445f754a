import type { Problem } from '../lab/problem.ts';
import { LineIndex } from '../lab/text-span.ts';
import { printable } from './text-table.ts';

/** A problem as `check --json` gives it: lines and columns from 1, the end behind the last character. */
export interface ReportedProblem {
  readonly file: string;
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** In the order of the file. */
export function reportProblems(
  file: string,
  text: string,
  problems: readonly Problem<string>[],
): readonly ReportedProblem[] {
  const index = new LineIndex(text);
  const inOrder = [...problems].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return inOrder.map(({ code, severity, message, span }) => {
    const start = index.position(span.start);
    const end = index.position(span.end);
    const place = { line: start.line + 1, column: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
    return { file, code, severity, message, ...place };
  });
}

/** The form that compilers use and editors understand. */
export function problemLines(
  file: string,
  text: string,
  { problems }: { readonly problems: readonly Problem<string>[] },
): readonly string[] {
  return reportProblems(file, text, problems).map(lineOf);
}

export const lineOf = ({ file, line, column, severity, message, code }: ReportedProblem): string =>
  printable(`${file}:${line}:${column}: ${severity}: ${message} [${code}]`);
