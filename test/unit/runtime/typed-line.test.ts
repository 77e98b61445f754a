import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MarkedOutput } from '../../../extension/runtime/guests/marked-output.ts';
import { isEchoed, shellLines } from '../../../extension/runtime/guests/typed-line.ts';

/** What a real shell makes of the lines. */
function run(shell: string, command: string) {
  const lines = shellLines(command, 'm1');
  for (const line of lines) expect(line).toMatch(/^[ -~]{1,1000}$/);
  const stdout = execFileSync(shell, { input: `${lines.join('\n')}\n`, stdio: ['pipe', 'pipe', 'ignore'] });
  const marked = new MarkedOutput('m1');
  marked.push(stdout);
  return marked.answer;
}

const shells = ['sh', 'bash'];
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter(one => !one.includes('\0') && one.isWellFormed());
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

describe.each(shells)('in %s', shell => {
  test('a command is run as it was written', () => {
    fc.assert(
      fc.property(text, one => {
        expect(run(shell, `printf %s ${quoted(one)}`)).toMatchObject({
          status: 0,
          output: one.replaceAll('\r\n', '\n'),
        });
      }),
      { numRuns: 15 },
    );
  });

  test('long and manifold ones too', () => {
    const long = Array.from({ length: 300 }, (_, at) => `it's line ${at} "$HOME"!`).join('\n');

    expect(run(shell, `printf %s ${quoted(long)}`)).toMatchObject({ status: 0, output: long });
    expect(run(shell, `printf %s ${quoted(long.replaceAll(/[\n!]/g, ' '))}`)?.output).toHaveLength(long.length);
  });

  test('a mistake, an exit and a changed folder stay in it', () => {
    expect(run(shell, 'echo (')?.status).toBe(2);
    expect(run(shell, 'cd /; exit 3')?.status).toBe(3);
    expect(run(shell, 'cat')).toMatchObject({ status: 0, output: '' });
  });
});

test.each([
  ['as it is', ' echo "m1<$$."; x', true],
  ['wrapped by busybox', ' echo "m1<\r\n$$."; x', true],
  ['wrapped by bash', ' echo "m1<$ \r$."; x', true],
  ['with a question for the cursor and colours', '\u001b[6n echo \u001b[1m"m1<$$."\u001b[0m; x', true],
  ['with words of the kernel', ' echo "m1[   12.345678] usb: new device\r\n<$$."; x', true],
  ['with a loss', 'o "m1<$$."; x', false],
  ['only a part so far', ' echo "m1<$$.";', false],
])('an echo %s', (_name, printed, isWhole) => {
  expect(isEchoed(printed, ' echo "m1<$$."; x')).toBe(isWhole);
});
