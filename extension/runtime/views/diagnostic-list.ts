import type { LabReading } from '../../lab/model.ts';
import type { Problem } from '../../lab/problem.ts';
import { LineIndex, type TextPosition } from '../../lab/text-span.ts';

/** A problem at its place in lines and columns (from 0), as editors want it. */
export interface PlacedProblem<P extends Problem<string> = Problem<string>> {
  readonly problem: P;
  readonly start: TextPosition;
  readonly end: TextPosition;
}

/**
 * Problems at their places. One without any width (a key without a value, an empty file) gets the character beside it,
 * so that there is something to underline.
 */
export function placedProblems<P extends Problem<string>>(
  text: string,
  problems: readonly P[],
): readonly PlacedProblem<P>[] {
  const index = new LineIndex(text);
  return problems.map(problem => {
    const { start, end } = widened(text, problem.span.start, problem.span.end);
    return { problem, start: index.position(start), end: index.position(end) };
  });
}

/** The problems of a lab in the file that was read and in those that it includes, by their paths. */
export function problemsByFile(
  path: string,
  text: string,
  { problems, included = [] }: LabReading,
): ReadonlyMap<string, readonly PlacedProblem<Problem>[]> {
  const texts = new Map(included.flatMap(file => ('text' in file ? [[file.path, file.text] as const] : [])));
  const found = new Map<string, Problem[]>([[path, []]]);
  for (const problem of problems) {
    const file = problem.span.file ?? path;
    const others = found.get(file) ?? [];
    others.push(problem);
    found.set(file, others);
  }
  return new Map([...found].map(([file, own]) => [file, placedProblems(texts.get(file) ?? text, own)]));
}

function widened(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  if (end > start) return { start, end };
  const isVisible = (at: number): boolean => /\S/.test(text.charAt(at));
  if (isVisible(start)) return { start, end: start + 1 };
  return start > 0 && isVisible(start - 1) ? { start: start - 1, end: start } : { start, end };
}
