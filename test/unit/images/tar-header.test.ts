import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTarName, readTarHeader, tarPadding, writeTarHeader } from '../../../extension/images/tar-header.ts';

const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,98}$/);
const lengths = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 8 ** 11 - 1, 8 ** 11));

test('what is written is read again, however long the file is', () => {
  fc.assert(
    fc.property(names, lengths, fc.double({ noNaN: true }), (name, bytes, seconds) => {
      expect(readTarHeader(writeTarHeader({ name, bytes }, seconds))).toEqual({ kind: 'file', name, bytes });
    }),
  );
});

test('a header with one bit that is another one is never taken for a file', () => {
  const header = writeTarHeader({ name: 'disk-1', bytes: 4096 }, 1_700_000_000);
  fc.assert(
    fc.property(fc.nat(header.length - 1), fc.nat(7), (at, bit) => {
      const damaged = Uint8Array.from(header);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const read = readTarHeader(damaged);
      // The field of the sum has letters that do not count.
      expect(read.kind === 'broken' || (at >= 148 && at < 156)).toBe(true);
    }),
  );
});

test('any bytes are read, and give nothing but names that are safe', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), bytes => {
      const read = readTarHeader(bytes);
      expect(read.kind !== 'file' || isTarName(read.name)).toBe(true);
    }),
  );
});

test.each(['', '../x', 'a/b', '.hidden', '-x', 'a\0b', 'a b', 'x'.repeat(100)])('%j is no name of a file', name => {
  expect(isTarName(name)).toBe(false);
});

test('the next header begins at a multiple of 512 bytes', () => {
  expect([0, 1, 511, 512, 513].map(tarPadding)).toEqual([0, 511, 1, 0, 511]);
});
