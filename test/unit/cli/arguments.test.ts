import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArguments, UsageError } from '../../../extension/cli/arguments.ts';

const shapes = [
  { name: 'json', summary: '' },
  { name: 'help', summary: '' },
  { name: 'out', value: 'DIR', summary: '' },
];
const read = (...words: readonly string[]) => {
  const { operands, options } = readArguments(words, shapes);
  return { operands, options: Object.fromEntries(options) };
};

describe('arguments', () => {
  test.each([
    [['a', '--json', 'b'], { operands: ['a', 'b'], options: { json: '' } }],
    [['--out', '--json'], { operands: [], options: { out: '--json' } }],
    [['--out=a=b', '--out', 'c'], { operands: [], options: { out: 'c' } }],
    [['--json', '--', '--json', '-x'], { operands: ['--json', '-x'], options: { json: '' } }],
    [['-'], { operands: ['-'], options: {} }],
    [['-h'], { operands: [], options: { help: '' } }],
    [[], { operands: [], options: {} }],
  ])('%j are %j', (words, expected) => {
    expect(read(...words)).toEqual(expected);
  });

  test.each([
    [['--nosuch'], 'There is no option --nosuch.'],
    [['-j'], 'There is no option -j.'],
    [['--json=1'], 'Option --json takes no value.'],
    [['--out'], 'Option --out needs a value: DIR.'],
    [['--out='], 'Option --out needs a value: DIR.'],
  ])('%j make no sense', (words, message) => {
    expect(() => read(...words)).toThrow(new UsageError(message));
  });

  test('are all operands after --, whatever they look like', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), words => {
        expect(read('--', ...words).operands).toEqual(words);
      }),
    );
  });
});
