import { describe, expect, test } from 'vitest';
import { ctrlAltDel, otherChords } from '../../../webview/display/keys.ts';
import { typingOf } from '../../../webview/display/us-keyboard.ts';

const codes = (text: string): readonly string[] =>
  typingOf(text).strokes.map(keys => keys.map(key => key.code).join('+'));

describe('typing a text on a US keyboard', () => {
  test('presses the key of each character, with Shift where it is needed', () => {
    expect(codes('aZ1! /?')).toEqual([
      ...['KeyA', 'ShiftLeft+KeyZ', 'Digit1', 'ShiftLeft+Digit1', 'Space'],
      ...['Slash', 'ShiftLeft+Slash'],
    ]);
  });

  test('knows every character of printable ASCII, each by its own keys', () => {
    const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));

    expect(typingOf(ascii.join('')).missing).toEqual([]);
    expect(new Set(ascii.map(char => codes(char)[0])).size).toBe(95);
  });

  test('gives keysyms that say the character itself', () => {
    const { strokes } = typingOf('A~0');

    expect(strokes.map(keys => String.fromCodePoint(keys.at(-1)!.keysym))).toEqual(['A', '~', '0']);
  });

  test('takes each kind of line end for one Enter', () => {
    expect(codes('a\r\nb\nc\rd\t')).toEqual(['KeyA', 'Enter', 'KeyB', 'Enter', 'KeyC', 'Enter', 'KeyD', 'Tab']);
  });

  test('names what it has to leave out, once each, also what takes two units of UTF-16', () => {
    expect(typingOf('aäb€ä😀').missing).toEqual(['ä', '€', '😀']);
    expect(codes('aäb😀')).toEqual(['KeyA', 'KeyB']);
  });
});

describe('the keys of the menu', () => {
  test('are named as they are pressed', () => {
    const one = otherChords.find(chord => chord.label === 'Ctrl+Alt+F2');

    expect(one?.keys.map(key => key.code)).toEqual(['ControlLeft', 'AltLeft', 'F2']);
    expect(one?.keys.at(-1)?.keysym).toBe(0xffbf);
    expect(ctrlAltDel.keys.map(key => key.code)).toEqual(['ControlLeft', 'AltLeft', 'Delete']);
  });

  test('each have a name of their own', () => {
    expect(new Set(otherChords.map(chord => chord.label)).size).toBe(otherChords.length);
  });
});
