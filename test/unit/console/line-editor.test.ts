import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineEditor } from '../../../extension/console/line-editor.ts';
import { plainLine } from '../../../extension/console/plain-lines.ts';

const [left, right, up, down, home, end, remove] = ['D', 'C', 'A', 'B', 'H', 'F', '3~'].map(key => `\u001b[${key}`);
const ctrl = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 64);
const backspace = '\u007f';

/** The line that Enter gives after these keys. */
const lineOf = (keys: string, editor = new LineEditor()): string | undefined => editor.push(`${keys}\r`).line;

describe('a line that is edited', () => {
  test.each([
    ['letters', 'port/print', 'port/print'],
    ['backspace', `porx${backspace}t`, 'port'],
    ['backspace at the beginning', `${backspace}a`, 'a'],
    ['typing in the middle', `prt${left}${left}o`, 'port'],
    ['going right again', `ac${left}${right}d${left}${left}b`, 'abcd'],
    ['home and end', `b${home}a${end}c`, 'abc'],
    ['Ctrl+A and Ctrl+E', `b${ctrl('A')}a${ctrl('E')}c`, 'abc'],
    ['Delete', `xab${home}${remove}`, 'ab'],
    ['Ctrl+U: all before the cursor goes', `abc${left}${ctrl('U')}`, 'c'],
    ['Ctrl+K: all behind the cursor goes', `abc${left}${ctrl('K')}`, 'ab'],
    ['Ctrl+W: a word goes', `vlan/create 10${ctrl('W')}20`, 'vlan/create 20'],
    ['Ctrl+C: all goes', `abc${ctrl('C')}d`, 'd'],
    ['keys that it does not know', 'a\u001b[15~b\u0000', 'ab'],
  ])('obeys %s', (_, keys, line) => {
    expect(lineOf(keys)).toBe(line);
  });

  test('is given at Enter, and the keys after that are given back', () => {
    expect(new LineEditor().push('one\rtwo\rthree')).toMatchObject({ line: 'one', rest: 'two\rthree' });
  });

  test('can be one of those before it', () => {
    const editor = new LineEditor();
    for (const line of ['one', 'two', 'two', ' ']) lineOf(line, editor);

    expect([
      lineOf(`${up}${up}`, editor),
      lineOf(`half${up}${down}`, editor),
      lineOf(`${up}${up}${down}`, editor),
    ]).toEqual(['one', 'half', 'half']);
  });

  test('is completed as far as there is one way to do so', () => {
    const words = ['port/print', 'port/create', 'port/createauto', 'vlan/print'];

    expect(
      ['v\t', 'po\t', 'port/c\t', 'port/p\t', 'x\t', 'port/print 1\t'].map(keys => lineOf(keys, new LineEditor(words))),
    ).toEqual(['vlan/print ', 'port/', 'port/create', 'port/print ', 'x', 'port/print 1']);
  });

  test('always looks as it is, whatever keys were pressed', () => {
    const key = fc.constantFrom(
      ...['a', 'b', ' ', '/', left, right, up, down, home, end, remove, backspace, '\t'],
      ...['U', 'K', 'W', 'C', 'A', 'E'].map(ctrl),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), keys => {
        const editor = new LineEditor(['ab/a', 'ab/b']);
        lineOf('aa bb', editor);
        lineOf('b', editor);
        const { echo } = editor.push(keys.join(''));

        const shown = plainLine(echo);
        expect(shown.trimEnd()).toBe(editor.push('\r').line?.trimEnd());
      }),
    );
  });
});
