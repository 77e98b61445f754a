import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainLine, plainText } from '../../../extension/console/plain-lines.ts';

const escape = '\u001b';

describe('a line of a console log is read as', () => {
  test.each([
    ['itself when nothing is in it but text', 'login: root', 'login: root'],
    ['its text, without the carriage return at its end', 'booted\r', 'booted'],
    ['its text, without colours', `${escape}[1;32mok${escape}[0m done`, 'ok done'],
    ['what was printed last over the same place', '10 %\r55 %\r100 %', '100 %'],
    ['what is left of a longer line that was printed over', '12345\rab', 'ab345'],
    ['what is left after erasing to the end', `12345\rab${escape}[K`, 'ab'],
    ['nothing after erasing all of it', `12345${escape}[2K`, ''],
    ['what was typed and taken back', 'lss\b \b -l', 'ls -l'],
    ['what is there after moving left and typing over', `abcd${escape}[2DX`, 'abXd'],
    ['blanks where the cursor jumped', `a${escape}[3Cb`, 'a   b'],
    ['text from a column', `abc${escape}[2GX`, 'aXc'],
    ['what remains after taking characters out', `abcd\r${escape}[2P`, 'cd'],
    ['columns of eight for tabs', 'a\tb', 'a       b'],
    ['its text, without a title for the window', `${escape}]0;root@fw\u0007# `, '#'],
    ['its text, without strings for the terminal', `${escape}P+q544e${escape}\\x`, 'x'],
    ['its text, without a reset and a bell', `${escape}cab\u0007`, 'ab'],
    ['its text, in any language', 'Größe 数 😀\r', 'Größe 数 😀'],
    ['the prompt of a busybox shell and what was typed', `~ # ${escape}[6nls\r`, '~ # ls'],
  ])('%s', (_, raw, text) => {
    expect(plainLine(raw)).toBe(text);
  });

  test('something short, even if a guest moves the cursor far to the right', () => {
    expect(plainLine(`${escape}[999999999Cx${escape}[999999999Cx`).length).toBeLessThan(10_000);
  });
});

describe('a console log, whatever is in it,', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(escape, '\r', '\b', '\n', '\t', `${escape}[`, 'K', '5', ';', ']', '\u0007', 'P', '\\', '\u009b'),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 40 },
  );

  test('keeps its number of lines', () => {
    fc.assert(
      fc.property(pieces, parts => {
        const record = parts.join('');

        expect(plainText(record).split('\n').length).toBe(record.split('\n').length);
      }),
    );
  });

  test('has no control character left', () => {
    fc.assert(
      fc.property(pieces, parts => {
        const codes = Array.from(plainText(parts.join('')), character => character.codePointAt(0) ?? 0);

        expect(codes.filter(code => (code < 0x20 && code !== 0x0a) || code === 0x7f || code === 0x9b)).toEqual([]);
      }),
    );
  });
});
