import type { IncludedFile } from '../lab/model.ts';
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

/** What was found in a file, and in the files that it includes. */
export interface ProblemsOfFile {
  readonly problems: readonly Problem<string>[];
  readonly included?: readonly IncludedFile[];
}

/** In the order of the file, those of included files behind it. */
export function reportProblems(
  file: string,
  text: string,
  { problems, included = [] }: ProblemsOfFile,
): readonly ReportedProblem[] {
  const own = problems.filter(({ span }) => span.file === undefined);
  return [
    ...reportOf(file, text, own),
    ...included.flatMap(one => {
      const there = problems.filter(({ span }) => span.file === one.path);
      return 'text' in one ? reportOf(besideFile(file, one.name), one.text, there) : [];
    }),
  ];
}

/** `labs/dmz.lab.yaml` includes `../common.yaml`: `common.yaml`. */
function besideFile(file: string, name: string): string {
  let path = file.slice(0, file.lastIndexOf('/') + 1) + name;
  for (const back = /(^|\/)(?!\.\.?\/)[^/]+\/\.\.\//; back.test(path);) path = path.replace(back, '$1');
  return path;
}

function reportOf(file: string, text: string, problems: readonly Problem<string>[]): readonly ReportedProblem[] {
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
export function problemLines(file: string, text: string, found: ProblemsOfFile): readonly string[] {
  return reportProblems(file, text, found).map(lineOf);
}

export const lineOf = ({ file, line, column, severity, message, code }: ReportedProblem): string =>
  printable(`${file}:${line}:${column}: ${severity}: ${message} [${code}]`);
