import type { SameAnswer } from './answer-words.ts';

const gap = '  │  ';
const mostColumns = 6;

/** Answers beside each other, each under the names of its VMs, as far as that fits into a width; else below each other. */
export function answerLines(answers: readonly SameAnswer[], width: number): readonly string[] {
  const blocks = answers.map(({ vms, trouble, output }) => [
    `== ${vms.join(', ')}${trouble === undefined ? '' : `: ${trouble}`}`,
    ...(output === '' ? [] : output.split('\n').map(plain)),
  ]);
  const widths = blocks.map(lines => Math.max(...lines.map(lengthOf)));
  const total = widths.reduce((sum, one) => sum + one, 0) + gap.length * (blocks.length - 1);
  if (blocks.length < 2 || blocks.length > mostColumns || total > width)
    return blocks.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
  const height = Math.max(...blocks.map(lines => lines.length));
  return Array.from({ length: height }, (_, row) =>
    blocks
      .map((lines, at) => padded(lines[row] ?? '', widths[at] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

/** Nothing of what a guest prints steers who shows it; tabs are blanks. */
const plain = (line: string): string =>
  line.replace(/\t/g, '        ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');

const lengthOf = (line: string): number => Array.from(line).length;
const padded = (line: string, width: number): string => line + ' '.repeat(Math.max(0, width - lengthOf(line)));
