import type { Pattern } from '../install-script.ts';
import { parseTemplate } from '../template.ts';
import { ExpressionError, parseExpression } from './parse-expression.ts';
import { literally, type PatternNode } from './pattern-node.ts';

/** A pattern, or what is wrong with it, as a sentence. */
export type PatternReading = { readonly pattern: Pattern } | { readonly refusal: string };

/** More states would make every character expensive. */
const mostStates = 4000;

/** A text that is waited for as it is, or a regular expression between slashes: `/login: ?$/i`. */
export function parsePattern(source: string): PatternReading {
  if (source === '') return { refusal: 'There is nothing to wait for. Give a text, or /regular expression/.' };
  const [, expression, flags = ''] = /^\/(.+)\/(i?)$/su.exec(source) ?? [];
  try {
    const node = expression === undefined ? textNode(source) : parseExpression(expression, flags === 'i');
    if (sizeOf(node) > mostStates) return { refusal: 'The regular expression is too large. Make its counts smaller.' };
    return { pattern: { source, node } };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { refusal: `This is no regular expression that can be used. ${error.message}` };
  }
}

function textNode(source: string): PatternNode {
  const { template, badNames } = parseTemplate(source);
  if (badNames[0] !== undefined)
    throw new ExpressionError(`\${${badNames[0]}} names no variable. Write $\${ for the text.`);
  const parts = template.flatMap(part =>
    typeof part === 'string' ? literally(part) : [{ kind: 'variable', name: part.name } as const],
  );
  return { kind: 'sequence', parts };
}

/** How many states it has when it is written out. */
function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence':
      return sum(node.parts);
    case 'either':
      return sum(node.choices) + 2 * node.choices.length;
    case 'group':
      return sizeOf(node.inner) + 2;
    case 'repeat':
      return (sizeOf(node.inner) + 2) * Math.max(1, node.least, node.most === Infinity ? 0 : node.most);
    case 'set':
    case 'variable':
    case 'assertion':
      return 1;
  }
}

const sum = (nodes: readonly PatternNode[]): number => nodes.reduce((total, node) => total + sizeOf(node), 0);

/** The variables that a pattern uses, and those that it sets (its named groups). */
export function namesOf(node: PatternNode): { readonly used: readonly string[]; readonly set: readonly string[] } {
  const [used, set]: [string[], string[]] = [[], []];
  const walk = (one: PatternNode): void => {
    if (one.kind === 'variable') used.push(one.name);
    if (one.kind === 'group' && one.name !== undefined) set.push(one.name);
    if (one.kind === 'sequence') one.parts.forEach(walk);
    if (one.kind === 'either') one.choices.forEach(walk);
    if (one.kind === 'group' || one.kind === 'repeat') walk(one.inner);
  };
  walk(node);
  return { used, set };
}
