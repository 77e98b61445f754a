import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../extension/dialogue/pattern/compile-pattern.ts';
import { parsePattern } from '../../../extension/dialogue/pattern/parse-pattern.ts';
import { PatternSearch, type PatternMatch } from '../../../extension/dialogue/pattern/pattern-search.ts';

const searchFor = (source: string, values: Readonly<Record<string, string>> = {}): PatternSearch => {
  const reading = parsePattern(source);
  if ('refusal' in reading) throw new Error(reading.refusal);
  return new PatternSearch(compilePattern(reading.pattern.node, new Map(Object.entries(values))), undefined);
};

/** What is found in a text behind which nothing more comes. */
function find(source: string, text: string, values?: Readonly<Record<string, string>>): PatternMatch | undefined {
  const search = searchFor(source, values);
  for (const character of text) {
    const match = search.push(character.codePointAt(0)!);
    if (match) return match;
  }
  return search.quiet();
}

const found = (source: string, text: string, values?: Readonly<Record<string, string>>): string | undefined => {
  const match = find(source, text, values);
  return match && text.slice(match.start, match.end);
};

const character = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\n', '\\w');
const atom = fc.oneof(character, fc.constantFrom('\\b', '^', '$'));
const { expression } = fc.letrec<{ expression: string }>(tie => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      // What may take nothing is not repeated: there JavaScript has rules of its own.
      .tuple(character, tie('expression'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '*?', '+?', '??'))
      .map(([first, inner, times]) => `(?:${first}${inner})${times}`),
  ),
}));
const output = fc.array(fc.constantFrom('a', 'b', 'c', ' ', '\n'), { maxLength: 12 }).map(parts => parts.join(''));

describe('a pattern', () => {
  test('finds what a regular expression of JavaScript finds', () => {
    fc.assert(
      fc.property(expression, output, (source, text) => {
        const theirs = new RegExp(source, 'm').exec(text);
        const ours = find(`/${source}/`, text);

        expect(ours && [ours.start, ours.end]).toEqual(
          theirs ? [theirs.index, theirs.index + theirs[0].length] : undefined,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['login: ', 'web login: ', 'login: '],
    ['a.b', 'axb a.b', 'a.b'],
    ['/# $/', 'a # b\nroot # ', '# '],
    ['/LOGIN/i', 'web login:', 'login'],
    ['/\\x41\\u0042\\t/', 'AB\t', 'AB\t'],
    ['/[\\w-]+$/', 'x a-b', 'a-b'],
    ['/[^\\S ]/', 'a b\tc', '\t'],
    ['/ä|🙂/', 'x🙂', '🙂'],
    ['/a{2,}/', 'a aaa', 'aaa'],
    ['/a\\/b/', 'a/b', 'a/b'],
    ['/x{y/', 'x{y', 'x{y'],
  ])('%s in %j', (source, text, what) => {
    expect(found(source, text)).toBe(what);
  });

  test('waits for the value of a variable as it is, in a text and in an expression', () => {
    expect(found('on ${host}', 'on a.b', { host: 'a.b' })).toBe('on a.b');
    expect(found('/^${host}$/', 'axb\na.b', { host: 'a.b' })).toBe('a.b');
  });

  test('gives what its groups took', () => {
    const match = find('/inet (?<address>[\\d.]+)\\/(?<bits>\\d+)/', 'inet 10.0.2.15/24 brd');

    expect(match && Object.fromEntries(match.groups)).toEqual({ address: [5, 14], bits: [15, 17] });
  });

  test('is found as soon as nothing can change it, and not before', () => {
    const whole = searchFor('ab');
    const open = searchFor('/a+/');
    const end = searchFor('/a$/');

    expect([whole.push(0x61), whole.push(0x62)?.end]).toEqual([undefined, 2]);
    expect([open.push(0x61), open.push(0x61), open.push(0x62)?.end]).toEqual([undefined, undefined, 2]);
    expect([end.push(0x61), end.isHopeful, end.push(0x62), end.isHopeful]).toEqual([undefined, true, undefined, false]);
  });

  test('does not wait for ever for what could still grow', () => {
    const search = searchFor('/a[^]*/');
    let taken = 0;
    while (!search.push(0x61) && taken < 10_000) taken += 1;

    expect(taken).toBeLessThan(5000);
  });

  test('of a kind that takes others years takes no time that could be seen', () => {
    const search = searchFor('/(a|aa|a?a?a?)*(a*)*b$/');
    for (let count = 0; count < 20_000; count += 1) search.push(0x61);

    expect(search.push(0x62)).toBeUndefined();
    expect(search.quiet()?.end).toBe(20_001);
  });

  test.each([
    ['', 'nothing to wait for'],
    ['/(/', 'not closed'],
    ['/)/', 'without its ('],
    ['/[a/', 'not closed'],
    ['/[b-a]/', 'backwards'],
    ['/*a/', 'nothing in front'],
    ['/a**/', 'repeated already'],
    ['/(?=a)/', '(?:…)'],
    ['/\\1/', 'not known'],
    ['/\\p{L}/', 'not known'],
    ['/a{9999}/', 'counts over'],
    ['/a{3,2}/', 'backwards'],
    ['/(a{999}){999}/', 'too large'],
    ['/(?<a>x)(?<a>y)/', 'two groups'],
    ['/\\xg/', 'hexadecimal'],
    ['/a\\\\\\/', 'ends with'],
    ['a ${b c}', 'names no variable'],
  ])('%s is refused: %s', (source, reason) => {
    const reading = parsePattern(source);

    expect('refusal' in reading ? reading.refusal : '').toContain(reason);
  });
});
