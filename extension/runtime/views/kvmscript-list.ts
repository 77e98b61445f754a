import { readKvmscript } from '../../lab/kvmscript-defaults.ts';
import type { Problem } from '../../lab/problem.ts';
import { placedProblems, type PlacedProblem } from './diagnostic-list.ts';

/** What of a `~/.kvmscript` is not understood, each with its line as the place, without the blanks around it. */
export function kvmscriptProblems(text: string): readonly PlacedProblem<Problem<'kvmscript'>>[] {
  // Line breaks of any kind count as one character; lines and columns stay the same.
  const plain = text.replaceAll(/\r\n?/g, '\n');
  const lines = plain.split('\n');
  const problems = readKvmscript(plain).problems.map(({ line, message }) => {
    const content = lines[line - 1] ?? '';
    const lineStart = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const start = lineStart + content.length - content.trimStart().length;
    const span = { start, end: lineStart + content.trimEnd().length };
    return { code: 'kvmscript', severity: 'warning', message, span } as const;
  });
  return placedProblems(plain, problems);
}
