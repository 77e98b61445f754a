import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Utf8Decoder, encodeUtf8 } from '../../../extension/console/utf8.ts';

const decodePieces = (...pieces: (readonly number[])[]): string => {
  const decoder = new Utf8Decoder();
  return pieces.map(piece => decoder.push(Uint8Array.from(piece))).join('') + decoder.end();
};

const platformDecode = (bytes: readonly number[]): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));

/** Many bytes that begin or go on a character, so that bad sequences of every kind come up. */
const roughByte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf),
);

describe('UTF-8', () => {
  test('a character whose bytes come one at a time appears once it is whole', () => {
    const decoder = new Utf8Decoder();

    expect([0xe2, 0x82, 0xac].map(byte => decoder.push(Uint8Array.of(byte)))).toEqual(['', '', '€']);
  });

  test('a character outside the first plane is a surrogate pair', () => {
    expect(decodePieces([0xf0, 0x9f, 0x98, 0x80])).toBe('😀');
  });

  test('a bad byte becomes one replacement character and does not take the next with it', () => {
    expect(decodePieces([0x41, 0xff, 0x42, 0xe2, 0x43])).toBe('A\ufffdB\ufffdC');
  });

  test('a character that never ends is told at the end', () => {
    expect(decodePieces([0x41, 0xe2, 0x82])).toBe('A\ufffd');
  });

  test('after the end it begins anew', () => {
    const decoder = new Utf8Decoder();
    decoder.push(Uint8Array.of(0xe2));
    decoder.end();

    expect(decoder.push(Uint8Array.of(0x41))).toBe('A');
  });

  test('it decodes whatever bytes as the platform does', () => {
    fc.assert(
      fc.property(fc.array(roughByte), bytes => {
        expect(decodePieces(bytes)).toBe(platformDecode(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  test('one byte at a time gives the same as all at once', () => {
    fc.assert(
      fc.property(fc.array(roughByte), bytes => {
        expect(decodePieces(...bytes.map(byte => [byte]))).toBe(decodePieces(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('it encodes whatever text as the platform does, lone surrogates too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (binary, graphemes) => {
        for (const text of [binary, graphemes, `${graphemes}\ud800x\udc00`]) {
          expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a megabyte in one piece does not overflow the stack', () => {
    expect(new Utf8Decoder().push(new Uint8Array(1 << 20).fill(0x41))).toHaveLength(1 << 20);
  });
});
