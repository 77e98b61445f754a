import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../extension/lab/edits/edit.ts';
import { parseForEdit } from '../../../extension/lab/edits/yaml-edit.ts';
import { dataOf } from '../../../extension/lab/reading/plain-data.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { formatLab } from '../../../extension/language/format/format.ts';
import { randomLab } from '../../support/lab-generator.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const textOf = (...parts: readonly string[]): string => readFileSync(path.join(root, ...parts), 'utf8');
const samples = readdirSync(path.join(root, 'extension/samples')).map(
  name => [name, textOf('extension/samples', name, `${name}.lab.yaml`)] as const,
);
const golden = readdirSync(path.join(root, 'test/golden/labs'))
  .filter(name => name !== 'broken.lab.yaml')
  .map(name => [name, textOf('test/golden/labs', name)] as const);

const formatted = (text: string): string => applyEdits(text, formatLab(text));
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');

describe('format', () => {
  test.each(samples)('leaves the sample %s as it is', (_name, text) => {
    expect(formatted(text)).toBe(text);
  });

  test.each<[string, string, string]>([
    ['blanks inside brackets', 'a: {b: 1,c: [ 2,3 ]}\n', 'a: { b: 1, c: [2, 3] }\n'],
    ['empty brackets', 'a: {  }\nb: [ ]\n', 'a: {}\nb: []\n'],
    ['blanks at colons and dashes', 'a :   1\nb:\n  -   2\n', 'a: 1\nb:\n  - 2\n'],
    ['blanks at the ends of lines', 'a: 1  \nb:  \n  c: 2\t\n', 'a: 1\nb:\n  c: 2\n'],
    ['the end of the file', 'a: 1', 'a: 1\n'],
    ['too many empty lines', '\n\na: 1\n\n\n\nb: 2\n\n\n', 'a: 1\n\nb: 2\n'],
    ['indentation of four', 'a:\n    b:\n        c: 1\n', 'a:\n  b:\n    c: 1\n'],
    ['lists at the column of their key', 'a:\n- b: 1\n  c: 2\n- d\n', 'a:\n  - b: 1\n    c: 2\n  - d\n'],
    ['wide dashes', 'a:\n  -   b: 1\n      c: 2\n', 'a:\n  - b: 1\n    c: 2\n'],
    ['quoted keys in brackets', 'a: {"b":1}\n', 'a: { "b": 1 }\n'],
    ['an alias as a key', 'x: &n lan\na: { *n : 1}\n', 'x: &n lan\na: { *n : 1 }\n'],
  ])('puts %s right', (_what, text, wanted) => {
    expect(formatted(text)).toBe(wanted);
  });

  test('moves comments along with what they belong to, and keeps their text and their columns at the ends of lines', () => {
    const text = lines(
      '# top',
      'vms:',
      '    #   the wall',
      '    fw: { id: 1 }      # here',
      '    web:   # there',
      '        # deep',
      '        id: 2',
      '    # after all VMs',
      '# at the very left',
      'switches: {}',
    );

    expect(formatted(text)).toBe(
      lines(
        '# top',
        'vms:',
        '  #   the wall',
        '  fw: { id: 1 }      # here',
        '  web:   # there',
        '    # deep',
        '    id: 2',
        '  # after all VMs',
        '# at the very left',
        'switches: {}',
      ),
    );
  });

  test('keeps the lines of texts and brackets together', () => {
    const text = lines(
      'a:',
      '      b: |',
      '          one',
      '',
      '            two',
      '      # c',
      '      d: "x',
      '        y"',
      '      e: [',
      '          1,',
      '          2, # two',
      '      ]',
    );

    expect(formatted(text)).toBe(text.replaceAll(/^ {4}/gm, ''));
  });

  test('keeps the line ends of the file', () => {
    expect(formatted('a:\r\n    b: 1\r\n\r\n\r\n    c: {d: 2}\r\n')).toBe('a:\r\n  b: 1\r\n\r\n  c: { d: 2 }\r\n');
  });

  test('of a range formats the sections that it touches', () => {
    const text = lines('a: {b: 1}', 'c: {d: 2}', 'e: {f: 3}');
    const inC = text.indexOf('d');

    expect(applyEdits(text, formatLab(text, { start: inC, end: inC + 1 }))).toBe(
      lines('a: {b: 1}', 'c: { d: 2 }', 'e: {f: 3}'),
    );
  });

  test.each(['a: {b: 1\n', 'a:  "x\n', '\ta:  1\n', 'a:  1\n  b:  2\n', '? a\n:   b\n', '%YAML 1.2\n---\na:   1\n'])(
    'leaves what is broken or odd alone: %j',
    text => {
      expect(formatLab(text)).toEqual([]);
    },
  );

  test('leaves absurd nesting alone', () => {
    expect(formatLab('['.repeat(20_000))).toEqual([]);
  });
});

/** Blanks put where YAML does not mind them. */
const loosened = (text: string, seed: number): string =>
  text
    .split('\n')
    .map((line, at) => {
      const doubled = line.replace(/^( *)/, blanks => blanks + blanks);
      const odd = (at * 7 + seed) % 5;
      if (odd === 0 && !line.includes('#')) return `${doubled}  `;
      // In words a blank after a comma is one of the text.
      if (odd === 1 && !/["'#|>]|description:/.test(line)) return doubled.replaceAll(/([{[,:]) /g, '$1   ');
      return doubled;
    })
    .join('\n');

describe('the layout of any lab', () => {
  const anyLab = fc.oneof(
    randomLab.map(({ text }) => text),
    fc.constantFrom(...samples, ...golden).map(([, text]) => text),
  );

  test('says the same, keeps every sign but blanks, and is laid out once and for all', () => {
    fc.assert(
      fc.property(anyLab, fc.nat(20), (text, seed) => {
        const loose = loosened(text, seed);
        fc.pre(parseForEdit(loose)?.errors.length === 0);
        const once = formatted(loose);

        expect(dataOf(parseForEdit(once)!)).toEqual(dataOf(parseForEdit(loose)!));
        expect(withoutBlanks(once)).toBe(withoutBlanks(loose));
        expect(formatted(once)).toBe(once);
        expect(readLab(once).problems.map(({ code, message }) => [code, message])).toEqual(
          readLab(loose).problems.map(({ code, message }) => [code, message]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test.each([...samples, ...golden])('is found again for %s, however its blanks were', (_name, text) => {
    expect(formatted(loosened(text, 3))).toBe(formatted(text));
  });
});
