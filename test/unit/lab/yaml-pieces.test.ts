import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLab } from '../../../extension/lab/reading/reader.ts';
import type { YamlNode } from '../../../extension/lab/reading/yaml-node.ts';
import { YamlPieces } from '../../../extension/lab/reading/yaml-pieces.ts';
import { sizeOf } from '../../../extension/lab/reading/yaml-tree.ts';
import { bigLab, randomLab } from '../../support/lab-generator.ts';
import { samples } from '../../support/samples.ts';

/** What YAML has that reaches over lines: each begins, ends or odd blanks of it. */
const oddLab = `# A lab of everything
name: odd # its name
description: |+
  one

   two

defaults: { memory: 96M,
  cpus: 2 }
vms: # machines
  # the first
  a:
    id: 1
    append: >-
      long
      text

    nics:
    - switch: lan
    - { switch: lan,
        address: "10.0.0.1/8" }
# at the top

  b: { id: 2 }
  "c": { id: 3 }
  d:
    extra:
      -
      - 'it''s
        two lines'
  e:

switches:
  lan: {}
  dmz:
    vlans: [10,
      20]
wires:
- { between: [lan, dmz] }
-
`;

const withCrlf = (text: string): string => text.replaceAll('\n', '\r\n');

const unixSource = fc.oneof(
  fc.constantFrom(oddLab, bigLab(6, 3), ...samples.map(({ text }) => text)),
  randomLab.map(({ text }) => text),
);
const source = fc.oneof({ weight: 2, arbitrary: unixSource }, { weight: 1, arbitrary: unixSource.map(withCrlf) });

const piece = fc.constantFrom(
  ...[
    '\n',
    ' ',
    '  ',
    '\n  ',
    '\n\n',
    '\t',
    '\r',
    '\r\n',
    '\r\n  ',
    ': ',
    ':',
    '- ',
    '\n- ',
    '\n  - ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '"',
    "'",
  ],
  ...[
    '#',
    ' # ',
    '\n#',
    '\n  # ',
    '|',
    ' |\n',
    ' >-\n',
    ' |+\n',
    ' |2\n',
    '? ',
    '\n? ',
    '!',
    '!!str ',
    '!!int ',
    '&a ',
    '*a',
  ],
  ...[
    '\n---\n',
    '\n...\n',
    '\n%TAG',
    '%',
    '\0',
    '\uFEFF',
    'x',
    '\n  x',
    '\nx',
    '\n  x:',
    '\nx:',
    '\n   x: 1',
    '\n y: 2',
  ],
  ...[
    'a: ',
    '\nvms:\n',
    '\n  a: {}\n',
    '\n  "q": 1',
    '<<: *a\n',
    'null',
    '~',
    '1e999',
    '\nv:\n',
    '\n  z:\n',
    '\nz:\n',
    '\n    z:',
  ],
);
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const change = fc.oneof(
  fc.record({
    kind: fc.constant('letters' as const),
    place,
    cut: fc.oneof(fc.constant(0), fc.nat({ max: 12 })),
    piece,
  }),
  fc.record({ kind: fc.constantFrom('remove', 'double', 'indent', 'outdent', 'end', 'swap'), place }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(text: string, one: Change): string {
  if ('piece' in one) {
    const at = Math.floor(one.place * (text.length + 1));
    return text.slice(0, at) + one.piece + text.slice(at + one.cut);
  }
  const lines = text.split('\n');
  const at = Math.floor(one.place * lines.length);
  const [line = '', next] = [lines[at], lines[at + 1]];
  const made = {
    remove: () => [],
    double: () => [line, line],
    indent: () => [` ${line}`],
    outdent: () => [line.replace(/^ /, '')],
    end: () => [line.slice(0, -1)],
    swap: () => (next === undefined ? [line] : [next, line]),
  }[one.kind]();
  lines.splice(at, one.kind === 'swap' ? 2 : 1, ...made);
  return lines.join('\n');
}

const sizesOf = (node: YamlNode | undefined): readonly unknown[] => {
  if (!node) return [];
  const inner = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.kind === 'list' ? node.items : [];
  return [sizeOf(node), ...inner.map(sizesOf)];
};

/** Holds that the text gives the same in pieces, whatever was read before. */
function expectSame(text: string, pieces: YamlPieces): void {
  const [whole, inPieces] = [parseLab(text), parseLab(text, pieces)];
  if (!isDeepStrictEqual(inPieces, whole)) expect(inPieces, JSON.stringify(text)).toStrictEqual(whole);
  expect(sizesOf(inPieces.root)).toEqual(sizesOf(whole.root));
}

/** The VMs of a lab as they were parsed, by their names. */
function parsedVms(text: string, pieces: YamlPieces): ReadonlyMap<string, YamlNode> {
  const { root } = parseLab(text, pieces);
  const vms = root?.kind === 'map' ? root.entries.find(({ key }) => key === 'vms')?.value : undefined;
  return new Map(vms?.kind === 'map' ? vms.entries.map(({ key, value }) => [key, value]) : []);
}

describe('a text read in pieces', () => {
  test('is the same as read whole, after every one of random changes', () => {
    fc.assert(
      fc.property(source, fc.array(change, { minLength: 1, maxLength: 8 }), (text, changes) => {
        const pieces = new YamlPieces();
        expectSame(text, pieces);
        changes.reduce((before, one) => {
          const after = changed(before, one);
          expectSame(after, pieces);
          return after;
        }, text);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  test.each([
    ['LF', oddLab],
    ['CRLF', withCrlf(oddLab)],
  ])('is the same at every beginning of a file, typed on, with %s', (_, text) => {
    const pieces = new YamlPieces();
    for (let end = 0; end <= text.length; end += 1) expectSame(text.slice(0, end), pieces);
  });

  test.each(['\n', '\r\n'])('takes no missing key for the key that begins the next piece, with %j', end => {
    const [known, broken] = [['b: { c: 1 }', 'd: 2', ''].join(end), `a: |x: "y"${end}`];
    const pieces = new YamlPieces();

    for (const text of [known, broken + known, known]) expectSame(text, pieces);
  });

  test.each([
    ['a letter', bigLab(20, 4), 'cpus: 2', 'cpus: 3'],
    ['a broken line', bigLab(20, 4), 'cpus: 2', 'cpus; 2'],
    ['a letter, between lines of Windows', withCrlf(bigLab(20, 4)), 'cpus: 2', 'cpus: 3'],
  ])('of the VMs, parses only the one in which there is %s', (_, text, from, to) => {
    const pieces = new YamlPieces();
    const vms = parsedVms(text, pieces);

    const after = parsedVms(text.replace(from, to), pieces);

    const changedVms = [...after].filter(([name, value]) => vms.get(name) !== value).map(([name]) => name);
    expect(changedVms).toEqual(['vm2']);
  });
});
