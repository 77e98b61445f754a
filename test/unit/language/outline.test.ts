import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labFolds } from '../../../extension/language/folding.ts';
import { readLoosely } from '../../../extension/language/loose-tree.ts';
import { labOutline, type OutlineEntry } from '../../../extension/language/outline.ts';
import { randomLab } from '../../support/lab-generator.ts';

const samples = path.resolve(import.meta.dirname, '../../../extension/samples');
const sample = (name: string): string => readFileSync(path.join(samples, name, `${name}.lab.yaml`), 'utf8');

const lines = (entries: readonly OutlineEntry[], depth = 0): readonly string[] =>
  entries.flatMap(({ kind, name, detail, children }) => [
    `${'  '.repeat(depth)}${kind} ${name}${detail === '' ? '' : ` | ${detail}`}`,
    ...lines(children, depth + 1),
  ]);

const outline = (text: string): readonly OutlineEntry[] => labOutline(readLoosely(text));

test('the outline of a sample says what each thing is', () => {
  expect(lines(outline(sample('vlans')))).toEqual([
    'property name | vlans',
    'property description | Two VLANs over one trunk',
    'property defaults',
    'section switches',
    '  switch east | 192.168.50.0/24',
    '  switch west | 192.168.50.0/24',
    'section vms',
    '  vm red1 | 41 · east',
    '    nic NIC 1 | east · 192.168.50.1/24',
    '  vm red2 | 42 · west',
    '    nic NIC 1 | west · 192.168.50.2/24',
    '  vm blue1 | 43 · east',
    '    nic NIC 1 | east · 192.168.50.3/24',
    '  vm blue2 | 44 · west',
    '    nic NIC 1 | west · 192.168.50.4/24',
    'section groups',
    '  group red | red1, red2',
    '  group blue | blue1, blue2',
    'section wires',
    '  wire east – west | tagged 10, 20',
    'section checks',
    '  check red | red1 reaches red2',
    '  check blue | blue1 reaches blue2',
    '  check trunk | red1 reaches red2 with at most 20% loss',
    '  check strangers | red1 must not reach blue1',
    '  check apart | red is isolated from blue',
  ]);
});

test('uplinks, taps and several addresses are told; a name that is still missing is left out', () => {
  const text = [
    'switches: { inet: { slirp: true }, off: { slirp: false }, adm: { tap: { interface: t0 } }, : {} }',
    'vms:',
    '  fw: { nics: [{ switch: inet, address: [10.0.0.1/24, fd00::1/64] }, { switch: inet }] }',
    '  half',
    'wires: [{ between: [inet] }, {}]',
  ].join('\n');

  expect(lines(outline(text))).toEqual([
    'section switches',
    '  switch inet | uplink',
    '  switch off',
    '  switch adm | tap',
    'section vms',
    '  vm fw | inet',
    '    nic NIC 1 | inet · 10.0.0.1/24, fd00::1/64',
    '    nic NIC 2 | inet',
    '  vm half',
    'section wires',
    '  wire inet',
  ]);
});

test('things, brackets over several lines and comments can be folded', () => {
  const text = [
    '# one', // 0
    '# two',
    'name: x # three',
    '# alone',
    'vms:', // 4
    '  fw:', // 5
    '    nics:', // 6
    '      - switch: lan', // 7
    '        vlan: 10',
    '      - { switch: lan }',
    '  # a',
    '  # b',
    '  web: {', // 12
    '    id: 1,',
    '  }',
    'switches: {}',
  ].join('\n');

  expect(labFolds(text, readLoosely(text)).map(({ start, end, isComment }) => [start, end, isComment])).toEqual([
    [0, 1, true],
    [4, 14, false],
    [5, 9, false],
    [6, 9, false],
    [7, 8, false],
    [10, 11, true],
    [12, 13, false],
  ]);
});

test('of any broken text, each entry has a name, lies in its parent and has its own name inside', () => {
  const check = (entries: readonly OutlineEntry[], length: number): void => {
    for (const { name, span, nameSpan, children } of entries) {
      expect(name).not.toBe('');
      expect(span.start <= nameSpan.start && nameSpan.end <= span.end && span.end <= length).toBe(true);
      check(children, length);
    }
  };
  fc.assert(
    fc.property(randomLab, fc.nat(), fc.nat(40), fc.string({ maxLength: 5 }), ({ text }, from, length, put) => {
      const start = from % (text.length + 1);
      const broken = text.slice(0, start) + put + text.slice(start + length);
      const tree = readLoosely(broken);
      check(labOutline(tree), broken.length);
      const count = broken.split('\n').length;
      for (const fold of labFolds(broken, tree)) expect(fold.start < fold.end && fold.end < count).toBe(true);
    }),
    { numRuns: 60 },
  );
});
