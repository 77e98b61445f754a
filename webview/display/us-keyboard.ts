import { shift, type Key } from './keys.ts';

/**
 * The keys of a US keyboard, as `KeyboardEvent.code`, with what they give without and with Shift. VNC sends places on the
 * keyboard, and what they mean is up to the guest, which knows nothing of the layout on this side.
 */
const places: readonly (readonly [code: string, plain: string, shifted: string])[] = [
  ['Backquote', '`', '~'],
  ...row('Digit', '1234567890', '!@#$%^&*()'),
  ['Minus', '-', '_'],
  ['Equal', '=', '+'],
  ['BracketLeft', '[', '{'],
  ['BracketRight', ']', '}'],
  ['Backslash', '\\', '|'],
  ['Semicolon', ';', ':'],
  ['Quote', "'", '"'],
  ['Comma', ',', '<'],
  ['Period', '.', '>'],
  ['Slash', '/', '?'],
  ['Space', ' ', ' '],
  ...row('Key', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
];

function row(prefix: string, plain: string, shifted: string): readonly (readonly [string, string, string])[] {
  return Array.from(plain).map((char, at) => [`${prefix}${char.toUpperCase()}`, char, shifted[at] ?? char]);
}

const strokes = new Map<string, readonly Key[]>(
  places.flatMap(([code, plain, shifted]) => [
    [shifted, [shift, { keysym: keysymOf(shifted), code }]] as const,
    // After the other, as the space bar gives the same both ways.
    [plain, [{ keysym: keysymOf(plain), code }]] as const,
  ]),
);
strokes.set('\n', [{ keysym: 0xff0d, code: 'Enter' }]);
strokes.set('\t', [{ keysym: 0xff09, code: 'Tab' }]);

export interface Typing {
  /** One entry a character: the keys held together. */
  readonly strokes: readonly (readonly Key[])[];
  /** Characters that a US keyboard has not got, each once. */
  readonly missing: readonly string[];
}

/** How to type a text. */
export function typingOf(text: string): Typing {
  const chars = Array.from(text.replaceAll(/\r\n?/g, '\n'));
  return {
    strokes: chars.flatMap(char => {
      const keys = strokes.get(char);
      return keys ? [keys] : [];
    }),
    missing: [...new Set(chars.filter(char => !strokes.has(char)))],
  };
}

/** In Latin-1 the keysym is the code point. */
function keysymOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
