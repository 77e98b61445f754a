import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlainYaml } from '../../../extension/lab/yaml-plain.ts';
import { readAnyYaml } from '../../../extension/lab/yaml-tree.ts';
import type { YamlNode } from '../../../extension/lab/yaml-node.ts';
import { bigLab, randomLab } from '../../support/lab-generator.ts';

const folder = new URL('../../../extension/samples/', import.meta.url);
const samples = readdirSync(folder).map(name => readFileSync(new URL(`${name}/${name}.lab.yaml`, folder), 'utf8'));

/** What the real parser sees, and what it complains of. */
function readWithParser(text: string): { readonly node: YamlNode | undefined; readonly messages: readonly string[] } {
  const messages: string[] = [];
  const node = readAnyYaml(text, (_code, _span, message) => messages.push(message));
  return { node, messages };
}

/** Whether the plain reader took the text; if it did, it saw what the parser sees. */
function agrees(text: string): boolean {
  const node = readPlainYaml(text);
  if (!node) return false;
  expect({ node, messages: [] }, JSON.stringify(text)).toEqual(readWithParser(text));
  return true;
}

describe('plain YAML', () => {
  test.each([
    ['the samples', samples],
    ['a big lab', [bigLab(50, 7)]],
    [
      'scalars of all kinds',
      [
        'a: 1\nb: -1.5e3\nc: 0x1f\nd: 0o17\ne: true\nf: False\ng: null\nh: NULL\ni: 1.\nj: .5\nk: 1_000\nl: 12:30\nm: 007\nn: -a\no: 1.2.3\np: /x y\nq: e1\n',
      ],
    ],
    ['quotes', [`a: 'x # y'\nb: "it's: {x}" # c\nc: { d: "x, y", e: ']' }\n`]],
    ['comments', ['# a\n\nb: 1 # c\n  # d\nc:# e\n'.replace('c:#', 'c: #')]],
    ['colons and hashes inside of texts', ['a: b:c\nd: e#f\ng: [h:i, j#k, tcp 22 10.0.2.15:22]\n']],
    ['lists under their key and deeper', ['a:\n- 1\n- 2\nb:\n  - c: 1\n    d: 2\n  - e:\n      - 3\n']],
    ['nothing behind a key', ['a:\nb: # x\nc:\n  d:\n  e:\nf:']],
    ['empty brackets', ['a: {}\nb: []\nc: { }\nd: [ ]\ne: [{}, []]\n']],
  ])('%s are read, and as the parser reads them', (_, texts) => {
    for (const text of texts) expect(agrees(text), text).toBe(true);
  });

  test.each([
    'a: b: c',
    'a: b\n  c',
    'a: |\n  b',
    'a: &x 1\nb: *x',
    'a: !!str 1',
    'a: "x\\n"',
    "a: 'it''s'",
    'a: [1,\n 2]',
    'a: 1\na: 2',
    'a: { b: 1, b: 2 }',
    'a: { b }',
    'a: [1, 2,]',
    'a: [b: c]',
    'a: 1\n b: 2',
    'a:\n   b: 1\n  c: 2',
    '\ta: 1',
    'a:\t1',
    'a: 1\r\n',
    '--- \na: 1',
    'a: 1\n---\nb: 2',
    '%YAML 1.1\n---\na: 1',
    '? a\n: b',
    '"a": 1',
    'a: {"b":1}',
    'a: @x',
    'a: `x`',
    'a: "x" y',
    'a: [1] 2',
    'a: [1]# x',
    '- - a',
    'a:\n  -\n  - b',
    'a: ~',
    'a: .inf',
    '<<: { a: 1 }',
    'a',
    'a:\n  b',
    '',
    '# only a comment',
    '\uFEFFa: 1',
  ])('%j is left to the parser', text => {
    expect(agrees(text)).toBe(false);
  });

  test('every beginning of the samples is left to the parser or read as it reads it', () => {
    const counts = samples.map(
      text => Array.from({ length: text.length }, (_, end) => agrees(text.slice(0, end))).filter(Boolean).length,
    );

    // Many beginnings are still plain; else this test would prove nothing.
    expect(Math.min(...counts)).toBeGreaterThan(150);
  }, 120_000);

  test('thousands of random and mutated texts are left to the parser or read as it reads them', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        ' ',
        '  ',
        ': ',
        ':',
        '- ',
        '-',
        '[',
        ']',
        '{',
        '}',
        ',',
        ', ',
        '"',
        "'",
        '#',
        ' #',
        '&a ',
        '*a',
        '|',
        '? ',
        '.',
        '~',
        '0x',
        '1e3',
        'true',
        'null',
        'a',
        'b',
        'c: ',
        'd:\n',
        '\ne: ',
        '\n  f: ',
        '[a, b]',
        '{ x: y }',
        '\u0085',
        '\u2028',
        '=',
        '\n  ',
        '\n- ',
      ),
      fc.string({ unit: 'binary-ascii', maxLength: 4 }),
    );
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat({ max: 8 }), piece });
    const source = fc.oneof(
      randomLab.map(({ text }) => text),
      fc.constantFrom(...samples.map(text => text.slice(0, 900))),
      fc.array(piece, { maxLength: 12 }).map(all => `a: ${all.join('')}`),
    );

    fc.assert(
      fc.property(source, fc.array(change, { maxLength: 4 }), (text, changes) => {
        agrees(
          changes.reduce((changed, { at, cut, piece: inserted }) => {
            const start = Math.floor(at * changed.length);
            return changed.slice(0, start) + inserted + changed.slice(start + cut);
          }, text),
        );
      }),
      { numRuns: 4000 },
    );
  }, 120_000);
});
