import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EscapeKeys, type TypedPart } from '../../../extension/console/escape-keys.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const words = (parts: readonly TypedPart[]) =>
  parts.map(part => (part.kind === 'bytes' ? new TextDecoder().decode(part.bytes) : { [part.kind]: true }));
const typed = (...pieces: readonly string[]) => {
  const keys = new EscapeKeys();
  return words(pieces.flatMap(piece => keys.push(bytesOf(piece))));
};

test('what has no escape key in it goes to the guest whole', () => {
  expect(typed('ls -l\r\u0003')).toEqual(['ls -l\r\u0003']);
});

test('after the escape key q leaves, b is a break, anything else is help', () => {
  expect(typed('a\u001dbc\u001dq\u001dx')).toEqual(['a', { break: true }, 'c', { leave: true }, { help: true }]);
});

test('capitals count too, and the key twice is itself', () => {
  expect(typed('\u001dQ\u001d\u001dz')).toEqual([{ leave: true }, '\u001d', 'z']);
});

test('the escape key is remembered until the next one comes', () => {
  expect(typed('a\u001d', 'q')).toEqual(['a', { leave: true }]);
});

test('without an escape key every byte arrives, however it is cut', () => {
  const piece = fc.uint8Array().map(bytes => bytes.map(byte => (byte === 0x1d ? 0 : byte)));
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const keys = new EscapeKeys();

      const parts = pieces.flatMap(bytes => keys.push(bytes));

      const arrived = parts.flatMap((part): (number | string)[] =>
        part.kind === 'bytes' ? [...part.bytes] : [part.kind],
      );
      expect(arrived).toEqual(pieces.flatMap((bytes): number[] => [...bytes]));
    }),
  );
});
