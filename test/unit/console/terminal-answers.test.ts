import { describe, expect, test } from 'vitest';
import { isTerminalAnswer } from '../../../extension/console/terminal-answers.ts';

const escape = '\u001b';

describe('what comes from a terminal', () => {
  test.each([
    ['the place of the cursor', `${escape}[24;80R`],
    ['its attributes', `${escape}[?1;2c`],
    ['its attributes, the second kind', `${escape}[>0;276;0c`],
    ['its status', `${escape}[0n`],
    ['the size of its window', `${escape}[8;24;80t`],
    ['a mode', `${escape}[?2004;2$y`],
    ['a colour', `${escape}]11;rgb:1e1e/1e1e/1e1e${escape}\\`],
    ['its version', `${escape}P>|xterm.js(5.6.0)${escape}\\`],
    ['the focus', `${escape}[I`],
    ['two answers at once', `${escape}[24;80R${escape}[?1;2c`],
  ])('is an answer: %s', (_, text) => {
    expect(isTerminalAnswer(text)).toBe(true);
  });

  test.each([
    ['letters', 'c'],
    ['Enter', '\r'],
    ['an arrow', `${escape}[A`],
    ['Ctrl and an arrow', `${escape}[1;5C`],
    ['F5', `${escape}[15~`],
    ['Escape', escape],
    ['a paste', `${escape}[200~ls${escape}[201~`],
    ['letters behind an answer', `${escape}[24;80Rls`],
    ['nothing', ''],
  ])('was typed: %s', (_, text) => {
    expect(isTerminalAnswer(text)).toBe(false);
  });
});
