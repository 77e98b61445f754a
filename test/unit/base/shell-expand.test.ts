import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandList, expandWord } from '../../../extension/base/shell-expand.ts';

const variables = new Map<string, string | readonly string[] | undefined>([
  ['RAM', '512M'],
  ['DISK', "/vm s/it's.img"],
  ['OPTS', '-m 1G'],
  ['A', ['one two', "it's", '']],
  ['EMPTY', ''],
  ['X', undefined],
]);

test.each([
  ['"$RAM"', ['512M']],
  ['file="$DISK",if=virtio', ["file=/vm s/it's.img,if=virtio"]],
  ['$OPTS', ['-m', '1G']],
  ['"$OPTS"', ['-m 1G']],
  ['"${A[@]}"', ['one two', "it's", '']],
  ['${RAM}x', ['512Mx']],
  ['$EMPTY', []],
  ['"$EMPTY"', ['']],
  ["'$RAM'", ['$RAM']],
  ['\\$RAM', ['$RAM']],
  ["$'a\\tb'", ['a\tb']],
  ['~/x.img', ['~/x.img']],
  ['$X', undefined],
  ['$Y', undefined],
  ['$(touch /tmp/x)', undefined],
  ['`touch /tmp/x`', undefined],
  ['${RAM:-1G}', undefined],
  ['$$RAM', undefined],
  ['*.img', undefined],
])('%s', (source, words) => {
  expect(expandWord(source, variables)).toEqual(words);
});

test('a list is expanded item by item', () => {
  expect(expandList('(-m "$RAM" # memory\n  $OPTS)', variables)).toEqual(['-m', '512M', '-m', '1G']);
});

test('what is told is what Bash makes of it', () => {
  const piece = fc.constantFrom('$RAM', '${DISK}', '"$A"', '"', "'", '\\', ' ', 'x', ',', '$OPTS', '"$DISK"', '=');
  const shell = [...variables].flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`${name}=${typeof value === 'string' ? quoted(value) : `(${value.map(quoted).join(' ')})`}`],
  );
  const words = fc.sample(
    fc.array(piece, { minLength: 1, maxLength: 8 }).map(pieces => pieces.join('')),
    150,
  );
  const known = words.flatMap(word => {
    const told = expandWord(word, variables);
    return told === undefined ? [] : [{ word, told }];
  });
  const script = [
    ...shell,
    'set -f',
    ...known.map(({ word }) => `words=(${word}\n)\nprintf '%s\\0' "\${#words[@]}" "\${words[@]}"`),
  ];

  const out = execFileSync('bash', ['-c', script.join('\n')])
    .toString()
    .split('\0');

  expect(known.length).toBeGreaterThan(20);
  for (const { word, told } of known) {
    const count = Number(out.shift());
    expect([word, ...out.splice(0, count)]).toEqual([word, ...told]);
  }
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
