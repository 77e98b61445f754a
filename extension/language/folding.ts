import { LineIndex, type TextSpan } from '../lab/text-span.ts';
import type { LooseNode, LooseTree } from './loose-node.ts';

/** Lines that can be folded behind the first of them; counted from 0, both included. */
export interface Fold {
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

/** Things over several lines, brackets over several lines (the closing one stays), and comments on lines of their own. */
export function labFolds(text: string, { root, comments }: LooseTree): readonly Fold[] {
  const index = new LineIndex(text);
  const lineOf = (offset: number): number => index.position(offset).line;
  const folds = new Map<number, Fold>();
  const add = (start: number, end: number, isComment: boolean): void => {
    // Of two that begin in one line (a key and the bracket behind it) the outer one, which comes first.
    if (end > start && !folds.has(start)) folds.set(start, { start, end, isComment });
  };
  const visit = (node: LooseNode | undefined, owner: TextSpan | undefined): void => {
    if (!node) return;
    const isFlow = node.kind !== 'scalar' && node.isFlow;
    const last = lineOf(node.span.end) - (isFlow ? 1 : 0);
    if (owner || isFlow) add(lineOf((owner ?? node.span).start), last, false);
    if (node.kind === 'map') for (const { value, keySpan } of node.entries) visit(value, keySpan);
    if (node.kind === 'list') for (const { value, span } of node.items) visit(value, isFlow ? undefined : span);
  };
  visit(root, undefined);
  for (const [start, end] of runsOf(comments.filter(span => isAlone(text, span)).map(({ start }) => lineOf(start))))
    add(start, end, true);
  return [...folds.values()].sort((a, b) => a.start - b.start);
}

/** Whether there is nothing else on its line. */
const isAlone = (text: string, { start }: TextSpan): boolean =>
  text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === '';

/** Lines that follow one another, as the first and the last of them. */
function runsOf(lines: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.[1] === line - 1) run[1] = line;
    else runs.push([line, line]);
  }
  return runs;
}
