import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replayable } from '../../../extension/console/replay.ts';

/** What is left of the record itself, without the reset after it and the CANs that stand for what was taken out. */
const body = (record: string, isCut = false): string =>
  replayable(record, isCut).split('\u001b[!p')[0]?.replaceAll('\u0018', '') ?? '';

describe('replaying a console log', () => {
  test.each([
    ['where the cursor is', '\u001b[6n'],
    ['the same, the private way', '\u001b[?6n'],
    ['what terminal this is', '\u001b[c'],
    ['its secondary attributes', '\u001b[>0c'],
    ['its identity in the old way', '\u001bZ'],
    ['its answerback', '\u0005'],
    ['its size', '\u001b[18t'],
    ['a mode', '\u001b[?2004$p'],
    ['its version', '\u001b[>0q'],
    ['a colour', '\u001b]11;?\u0007'],
    ['the clipboard', '\u001b]52;c;?\u001b\\'],
    ['a setting', '\u001bP$qm\u001b\\'],
    ['where the cursor is, in eight bits', '\u009b6n'],
    ['the same, with controls in between', '\u001b\u0000[6\u0001n'],
    ['its keyboard', '\u001b[?u'],
  ])('nothing asks the terminal for %s', (_, question) => {
    expect(body(`vm1# ${question}ls\n`)).toBe('vm1# ls\n');
  });

  test('a question that appears when another one is taken out is none', () => {
    expect(replayable('\u001b[\u001b[6n6n', false)).not.toContain('\u001b[6n');
  });

  test('a question ended by the next escape is one', () => {
    expect(body('\u001b]11;?\u001b[1mbold\n')).toBe('\u001b[1mbold\n');
  });

  test('no record makes it slow', () => {
    const hostile = ['\u001b]4;?', '?', '\u001b[', ';', '\u001bP', '\u0000', '\u001b\u0000'];
    const start = performance.now();

    for (const part of hostile) replayable(`\u001b]4;${part.repeat(64 * 1024)}`, false);
    for (const part of hostile) replayable(`\u001b[${part.repeat(64 * 1024)}`, false);

    expect(performance.now() - start).toBeLessThan(60_000);
  });

  test('a title goes, colours and cursor movements stay', () => {
    const record = '\u001b[1;32mok\u001b[0m \u001b[2A\u001b[K\u001b[2 q\u001b[sdone\u001b[u\n';

    expect(body(`\u001b]0;a title\u0007${record}`)).toBe(record);
  });

  test('a full reset stays', () => {
    const record = '\u001bcdone\n';

    expect(body(record)).toBe(record);
  });

  test('a record that begins in the middle loses its broken first line only', () => {
    expect(body('31mrest of a line\nfirst\nsecond\n', true)).toBe('first\nsecond\n');
  });

  test.each(['\u001b', '\u001b[', '\u001b[1;3', '\u001b]0;tit', '\u001bPabc'])(
    'a sequence that the end cuts off (%j) is left out',
    rest => {
      expect(body(`text${rest}`)).toBe('text');
    },
  );

  test('it ends at the start of a line, with the terminal’s modes at rest', () => {
    const [open, ended] = [replayable('vm1# ', false), replayable('vm1\r\n', false)];

    expect([open.startsWith('vm1# \u001b[!p'), open.endsWith('\u001b[0m\r\n')]).toEqual([true, true]);
    expect(ended.endsWith('\u001b[0m')).toBe(true);
  });

  test('an empty record shows nothing', () => {
    expect(replayable('', false)).toBe('');
  });

  test('plain text of any kind comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), text => {
        expect(body(text)).toBe(text);
      }),
    );
  });
});
