import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { describe, expect, test } from 'vitest';
import type { LooseNode } from '../../../extension/language/loose-node.ts';
import { readLoosely } from '../../../extension/language/loose-tree.ts';
import { randomLab } from '../../support/lab-generator.ts';

/** The tree as plain data; what is not there is null. */
function plain(node: LooseNode | undefined): unknown {
  if (!node) return null;
  if (node.kind === 'scalar') return node.text;
  if (node.kind === 'list') return node.items.map(({ value }) => plain(value));
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
}

const read = (text: string): unknown => plain(readLoosely(text).root);

describe('what is written as it should be', () => {
  test('is read as YAML reads it', () => {
    fc.assert(
      fc.property(randomLab, ({ text }) => {
        const yaml: unknown = parseDocument(text, { schema: 'failsafe' }).toJS();

        expect(read(text)).toEqual(yaml);
      }),
    );
  });

  test.each([
    ['lists at the column of their key', 'a:\n- x\n- y\nb: 1', { a: ['x', 'y'], b: '1' }],
    ['lists in lists', '- - a\n  - b\n- c', [['a', 'b'], 'c']],
    ['maps in lists', 'a:\n  - b: 1\n    c: 2\n  - d', { a: [{ b: '1', c: '2' }, 'd'] }],
    ['flows over several lines', 'a: {\n  b: [1,\n    2],\n}\nc: 3', { a: { b: ['1', '2'] }, c: '3' }],
    ['quotes with signs in them', `a: 'x: # }' # y\n"b": "\\"{"`, { a: 'x: # }', b: '"{' }],
    ['anchors and tags', 'a: &x { b: !!str 1 }\nc: *x', { a: { b: '1' }, c: '*x' }],
    ['colons and hashes inside of words', 'a: http://x:1#y\nb:c: d', { a: 'http://x:1#y', 'b:c': 'd' }],
    ['texts over several lines', 'a: |\n  b: 1\n\n  c\nd: e\n  f', { a: '|', d: 'e' }],
    ['Windows lines', 'a:\r\n  b: 1\r\nc: [x]\r\n', { a: { b: '1' }, c: ['x'] }],
    ['nothing', '# only this\n', null],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe('what is half typed', () => {
  test.each([
    ['a key without its colon', 'vms:\n  fw:\n    gu\n    id: 1', { vms: { fw: { gu: null, id: '1' } } }],
    ['the last key', 'a: 1\nb', { a: '1', b: null }],
    ['a bracket that nobody closes', 'a:\n  - { b: x,\n  - { c: y }', { a: [{ b: 'x' }, { c: 'y' }] }],
    ['a bracket closed by the one around it', 'a: { b: [x }\nc: 1', { a: { b: ['x'] }, c: '1' }],
    ['a quote that nobody closes', "a: 'x\nb: 1", { a: 'x', b: '1' }],
    ['a key with its children and no colon', 'x: 1\na\n  b: 1', { x: '1', a: { b: '1' } }],
    ['a line that is indented a little less', 'a:\n   b: 1\n  c: 2', { a: { b: '1', c: '2' } }],
    ['pieces between commas', 'a: { b: 1, , c, d: }', { a: { b: '1', '': null, c: null, d: null } }],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('is told from the comments around it', () => {
    const text = '# a\nb: 1 # c\nd: { e: 1, # f\n  g: "#" }\n  # h';

    expect(readLoosely(text).comments.map(({ start, end }) => text.slice(start, end))).toEqual([
      '# a',
      '# c',
      '# f',
      '# h',
    ]);
  });

  test('never throws, and keeps all places inside the text and each other', () => {
    const sign = fc.constantFrom(...'{}[]:,-#|>&*!?"\'\\ \n\t ab1'.split(''), ': ', '- ', '\n  ', '\r\n');

    fc.assert(
      fc.property(fc.string({ unit: sign, maxLength: 80 }), text => {
        const { root } = readLoosely(text);

        expect(root ? outside(root, 0, text.length) : []).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('takes no longer for absurd nesting', () => {
    expect(readLoosely('['.repeat(100_000)).root?.kind).toBe('list');
    expect(readLoosely('- '.repeat(20_000)).root?.kind).toBe('list');
  });
});

/** Spans that reach beyond the one around them. */
function outside(node: LooseNode, start: number, end: number): readonly string[] {
  const own = node.span.start < start || node.span.end > end || node.span.end < node.span.start ? [node.kind] : [];
  if (node.kind === 'scalar') return own;
  const slots = node.kind === 'map' ? node.entries : node.items;
  const inner = slots.flatMap(slot => [
    ...(slot.span.start < node.span.start || slot.span.end > node.span.end ? ['slot'] : []),
    ...(slot.value ? outside(slot.value, slot.span.start, slot.span.end) : []),
  ]);
  return [...own, ...inner];
}
