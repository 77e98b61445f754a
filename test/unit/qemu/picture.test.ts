import { crc32, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPpm, shrink, writePng, type Picture } from '../../../extension/qemu/picture.ts';

const ppm = (width: number, height: number, pixels: readonly number[]): Uint8Array =>
  Uint8Array.of(...Buffer.from(`P6\n${width} ${height}\n255\n`), ...pixels);

const aPicture = fc
  .record({ width: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 60 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((pixels): Picture => ({ width, height, pixels })),
  );

describe('a screendump', () => {
  test('is read with its size and pixels', () => {
    expect(readPpm(ppm(2, 1, [1, 2, 3, 4, 5, 6]))).toEqual({
      width: 2,
      height: 1,
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
    });
  });

  test('that is not all there yet, or something else, is none', () => {
    expect(readPpm(ppm(2, 1, [1, 2, 3]))).toBeUndefined();
    expect(readPpm(ppm(0, 1, []))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array(), bytes => readPpm(bytes) === undefined));
  });
});

describe('a smaller picture', () => {
  test('has the means of the pixels', () => {
    const pixels = Uint8Array.of(0, 0, 0, 100, 10, 2, 255, 255, 255, 200, 20, 4, 100, 10, 2, 255, 255, 255);

    expect(shrink({ width: 3, height: 2, pixels }, 1, 1)).toEqual({
      width: 1,
      height: 1,
      pixels: Uint8Array.of(152, 92, 86),
    });
  });

  test('fits, and keeps a picture that fits as it is', () => {
    fc.assert(
      fc.property(aPicture, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (picture, x, y) => {
        const small = shrink(picture, x, y);

        expect(small.width <= x && small.height <= y).toBe(true);
        expect(small.pixels.length).toBe(small.width * small.height * 3);
        if (picture.width <= x && picture.height <= y) expect(small).toBe(picture);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a PNG', () => {
  test('holds size, sums and, when its filter is undone, the very pixels', () => {
    fc.assert(
      fc.property(aPicture, picture => {
        const png = Buffer.from(writePng(picture, bytes => deflateSync(bytes)));
        const chunks = chunksOf(png);

        expect(chunks.map(one => one.type)).toEqual(['IHDR', 'IDAT', 'IEND']);
        expect(chunks.every(one => one.isSound)).toBe(true);
        expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([picture.width, picture.height]);
        expect(unfilter(inflateSync(chunks[1]!.data), picture)).toEqual(picture.pixels);
      }),
      { numRuns: 50 },
    );
  });
});

function chunksOf(png: Buffer) {
  const chunks: { type: string; data: Buffer; isSound: boolean }[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    const isSound = png.readUInt32BE(at + 8 + length) === crc32(body);
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4), isSound });
    at += length + 12;
  }
  return chunks;
}

function unfilter(rows: Uint8Array, { width, height }: Picture): Uint8Array {
  const stride = width * 3;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    expect(rows[y * (stride + 1)]).toBe(2);
    for (let x = 0; x < stride; x++)
      pixels[y * stride + x] = rows[y * (stride + 1) + 1 + x]! + (y > 0 ? pixels[(y - 1) * stride + x]! : 0);
  }
  return pixels;
}
