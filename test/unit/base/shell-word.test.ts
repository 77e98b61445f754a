import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readShellList, readShellWord, statementEnd } from '../../../extension/base/shell-word.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'kl-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each([
  ['512M # memory', '512M', 4],
  ['\'a b\'c"d e"', 'a bcd e', 11],
  [`"\\$5 \\"x\\" \\n"`, '$5 "x" \\n', 14],
  ["$'two\\nlines\\x41\\u2603\\101'", 'two\nlinesA☃A', 27],
  ['a\\ b\\\nc;d', 'a bc', 7],
  ['""', '', 2],
  ['', '', 0],
  ['50$', '50$', 3],
  ["'it'\\''s'", "it's", 9],
])('%j is read as %j', (source, text, end) => {
  expect(readShellWord(source, 0, 'assignment')).toEqual({ text, end, isOpen: false });
});

test.each([
  '$RAM',
  '"${RAM}M"',
  '$(touch x)',
  '`touch x`',
  '$((2 * 512))M',
  '$[2 * 512]M',
  '"$(echo ")")"',
  '${X:-`a b`}',
  "$'\\xff'",
  '$"hello"',
  '"`echo \'a\'`"',
])('what %s says only a shell can tell, but where it ends is known', source => {
  expect(readShellWord(`${source} rest`, 0, 'assignment')).toEqual({
    text: undefined,
    end: source.length,
    isOpen: false,
  });
});

test.each(["'no end", '"no end', "$'no end", '$(no end', '${no end', '`no end'])('%s has no end', source => {
  expect(readShellWord(source, 0, 'assignment')).toEqual({ text: undefined, end: source.length, isOpen: true });
});

test('a list may have comments and several lines', () => {
  const source = '(-device \'a b\' # mine\n  "c" \\\n  d) # rest';

  expect(readShellList(source, 0)).toEqual({
    items: ['-device', 'a b', 'c', 'd'],
    end: source.length - 7,
    isOpen: false,
  });
});

test.each(['(*.img)', '({a,b})', '($x)', '([2]=x)', '(a; b)', '(~/x)'])('%s is nothing but a shell’s', source => {
  expect(readShellList(source, 0)).toEqual({ items: undefined, end: source.length, isOpen: false });
});

test('a statement goes on over quoted line ends and open brackets', () => {
  for (const statement of ['echo "a\nb" c', 'f() ( x\ny )', 'a \\\nb', "X=$(cat <<'E'\nfoo\nE\n)", 'a # it’s "'])
    expect(statementEnd(`${statement}\nnext`, 0), statement).toBe(statement.length);
});

test('whatever is read as text is what Bash makes of it, and nothing runs', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom(
      "'",
      '"',
      '\\',
      '$',
      '`',
      '(',
      ')',
      '{',
      '}',
      "$'",
      '\n',
      ' ',
      '#',
      ';',
      '\\n',
      '*',
      '$[',
      ']',
      '~',
      '[',
      '=',
    ),
    fc.constantFrom('$(touch canary)', '`touch canary`', "$'\\t\\x41\\u00e9'", '"a b"', "'c d'", '\\\n', 'é☃'),
  );
  const source = fc.array(piece, { maxLength: 8 }).map(all => all.join('').replaceAll('\0', '').replaceAll('~', 'x'));
  fc.assert(
    fc.property(fc.array(source, { minLength: 40, maxLength: 60 }), sources => {
      const read = sources.map(text => ({
        text,
        word: readShellWord(text, 0, 'assignment'),
        list: readShellList(`(${text}`, 0),
      }));

      const told = fromBash(
        read.map(({ text, word, list }) => ({
          value: word.text === undefined ? "''" : text.slice(0, word.end),
          list: list.items ? `(${text}`.slice(0, list.end) : '()',
        })),
      );

      expect(told).toEqual(read.map(({ word, list }) => [word.text ?? '', ...(list.items ?? [])]));
    }),
    { numRuns: 15 },
  );
  expect(existsSync(path.join(scratch, 'canary'))).toBe(false);
});

/** What Bash makes of `V=…` and `L=…`: the value and the items of each. */
function fromBash(all: readonly { readonly value: string; readonly list: string }[]): readonly (readonly string[])[] {
  const lines = all.map(
    ({ value, list }) => `V=${value}\nL=${list}\nprintf '%s\\0' "$((\${#L[@]} + 1))" "$V" "\${L[@]}"`,
  );
  const options = { cwd: scratch, env: { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] ?? '', SHLVL: '1' } };
  const words = execFileSync('bash', ['-c', lines.join('\n')], options)
    .toString()
    .split('\0');
  const told: string[][] = [];
  for (let at = 0; told.length < all.length; at += 1 + Number(words[at])) {
    told.push(words.slice(at + 1, at + 1 + Number(words[at])));
  }
  return told;
}
