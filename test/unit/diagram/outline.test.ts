import { expect, test } from 'vitest';
import { diagFolds, diagOutline, type OutlineEntry } from '../../../extension/diagram/language/outline.ts';
import { parseDiag } from '../../../extension/diagram/language/parser.ts';

const text = `nwdiag {
  // two lines
  // of comment
  class hot [color = red];
  network lan {
    address = "10.0.0.0/24"
    pc [address = ".1"];
    group { label = "Desks"; desk; }
  }
  network { "" }
  a -- b;
  route { a -> b }
}
`;
const syntax = parseDiag(text, () => undefined);

const lines = (entries: readonly OutlineEntry[], indent = ''): readonly string[] =>
  entries.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name}${detail === '' ? '' : `: ${detail}`}`,
    ...lines(children, `${indent}  `),
  ]);

test('the outline has blocks with their nodes, peers and classes', () => {
  expect(lines(diagOutline(syntax))).toEqual([
    'class hot: class',
    'network lan: 10.0.0.0/24',
    '  node pc: .1',
    '  group (group): Desks',
    '    node desk',
    'network (network)',
    '  node ""',
    'peer a -- b',
    'route (route)',
    '  peer a -> b',
  ]);
});

test('every name lies in its entry, as editors demand', () => {
  const check = ({ span, nameSpan, children }: OutlineEntry): void => {
    expect(nameSpan.start).toBeGreaterThanOrEqual(span.start);
    expect(nameSpan.end).toBeLessThanOrEqual(span.end);
    children.forEach(check);
  };
  for (let end = 0; end <= text.length; end += 1)
    diagOutline(parseDiag(text.slice(0, end), () => undefined)).forEach(check);
});

test('blocks over several lines fold, and comments one under the other', () => {
  expect(diagFolds(text, syntax).map(({ start, end }) => text.slice(start, end).split('\n').length)).toEqual([5, 2]);
});
