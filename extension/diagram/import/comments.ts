import type { TextSpan } from '../../lab/text-span.ts';
import type { DiagSyntax } from '../language/syntax.ts';
import type { Comment } from '../language/token.ts';
import type { ImportPlan } from './plan.ts';

/** The comments of a diagram's file as lines for a lab file: each before the thing that it stood before. */
export interface PlacedComments {
  readonly atTop: readonly string[];
  /** Those of a network or node, by its span; given once, as one line of a file can make several things. */
  readonly take: (span: TextSpan | undefined) => readonly string[];
}

/** A comment behind something on the same line belongs to that; one before everything to the file. */
export function placeComments(text: string, { comments, tokens }: DiagSyntax, plan: ImportPlan): PlacedComments {
  const things = [...plan.switches, ...plan.vms].flatMap(({ source }) => source.span ?? []);
  const inOrder = [...new Set(things)].sort((a, b) => a.start - b.start);
  const before = new Map<TextSpan, string[]>();
  const atTop: string[] = [];
  let next = 0;
  for (const comment of comments) {
    for (let span = inOrder[next]; span && span.start < comment.start; span = inOrder[next]) next += 1;
    const previous = inOrder[next - 1];
    const isBehind = previous && !text.slice(previous.start, comment.start).includes('\n');
    const owner = isBehind ? previous : inOrder[next];
    const lines = linesOf(comment);
    const isFirst = comment.start < (tokens[0]?.start ?? 0);
    if (!owner || isFirst) atTop.push(...lines);
    else before.set(owner, [...(before.get(owner) ?? []), ...lines]);
  }
  const take = (span: TextSpan | undefined): readonly string[] => {
    const lines = (span && before.get(span)) ?? [];
    if (span) before.delete(span);
    return lines;
  };
  return { atTop, take };
}

const linesOf = ({ text }: Comment): readonly string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map(line =>
      line.replace(/[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF]|[\uD800-\uDFFF](?![\uDC00-\uDFFF])/gu, ' ').trim(),
    )
    .filter(line => line !== '')
    .map(line => `# ${line}`);
