import { encodeUtf8 } from './utf8.ts';

const letters: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, e: 0x1b, '\\': 0x5c };

/** Text with `\n`, `\r`, `\t`, `\e`, `\\` and `\xNN` to bytes. Undefined: there is another escape in it. */
export function readSendText(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const [part, hex, letter] of text.matchAll(/\\x([\da-f]{2})|\\([^]?)|[^\\]+/gi)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (letter === undefined) bytes.push(...encodeUtf8(part));
    else if (letters[letter] === undefined) return undefined;
    else bytes.push(letters[letter]);
  }
  return Uint8Array.from(bytes);
}
