import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Expectation } from '../../../extension/console/expect.ts';
import { readSendText } from '../../../extension/console/send-text.ts';

const sent = (text: string): string | undefined => {
  const bytes = readSendText(text);
  return bytes && Buffer.from(bytes).toString('latin1');
};

describe('the text to send', () => {
  test('has escapes as in most languages', () => {
    expect(sent('root\\n\\r\\t\\e\\\\n\\x00\\xfF')).toBe('root\n\r\t\u001b\\n\u0000\u00ff');
  });

  test('is UTF-8', () => {
    expect(readSendText('ü')).toEqual(Uint8Array.of(0xc3, 0xbc));
  });

  test.each(['\\', 'a\\q', '\\x4', '\\xgg'])('with an unknown escape it is refused: %s', text => {
    expect(sent(text)).toBeUndefined();
  });

  test('any byte can be written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        const text = [...bytes].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

        expect(readSendText(text)).toEqual(bytes);
      }),
    );
  });
});

const met = (pattern: RegExp, ...pieces: readonly string[]): boolean => {
  const expectation = new Expectation(pattern);
  return pieces.map(piece => expectation.push(new TextEncoder().encode(piece))).at(-1) ?? false;
};

describe('what is expected', () => {
  test('is found over several pieces', () => {
    expect(met(/login: $/m, 'deb', 'ian log', 'in: ')).toBe(true);
  });

  test('is found where colours, questions and carriage returns are in between', () => {
    expect(met(/^~ # $/m, '\r\n\u001b[32m~\u001b[0m # \u001b[6n')).toBe(true);
  });

  test('is not found in half an escape sequence', () => {
    const expectation = new Expectation(/\[/);

    const isFound = ['\u001b', '[3', '2m'].map(piece => expectation.push(new TextEncoder().encode(piece)));

    expect(isFound).toEqual([false, false, false]);
  });

  test('is met or not however the output is cut', () => {
    const output = new TextEncoder().encode('\u001b]0;title\u0007boot\r\n\u001b[1mweb\u001b[0m login: ');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 })), cuts => {
        const expectation = new Expectation(/^web login: $/m);
        let at = 0;
        let isMet = false;
        for (const cut of [...cuts, output.length]) {
          isMet = expectation.push(output.subarray(at, at + cut)) || isMet;
          at += cut;
        }

        expect([isMet, expectation.lastLines(2)]).toEqual([true, ['boot', 'web login:']]);
      }),
    );
  });
});
