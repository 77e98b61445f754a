import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameDecoder, encodeFrame, type ShareFrame } from '../../../extension/console/share-frames.ts';

const frame: fc.Arbitrary<ShareFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('hello' as const),
    pid: fc.nat(),
    program: fc.string({ unit: 'grapheme' }),
    wants: fc.constantFrom('nothing' as const, 'data' as const, 'recent' as const, 'dialogue' as const),
  }),
  fc.record({ kind: fc.constantFrom('data' as const, 'typed' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.constantFrom<ShareFrame>({ kind: 'break' }, { kind: 'yield' }),
  fc.record({ kind: fc.constant('skipped' as const), bytes: fc.nat() }),
);

/** Plain values: what is decoded shares memory with what was pushed. */
const plain = (frames: readonly ShareFrame[]) =>
  frames.map(one =>
    'bytes' in one && typeof one.bytes !== 'number' ? { kind: one.kind, bytes: [...one.bytes] } : one,
  );

test('every frame comes out as it went in, wherever the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 30 })), (frames, cuts) => {
      const stream = frames.flatMap(one => [...encodeFrame(one)]);
      const decoder = new FrameDecoder();
      const decoded: ShareFrame[] = [];

      for (const cut of [...cuts, stream.length + 1])
        decoded.push(...decoder.push(Uint8Array.from(stream.splice(0, cut))));

      expect([plain(decoded), decoder.isBroken]).toEqual([plain(frames), false]);
    }),
  );
});

test.each([
  ['an unknown kind', [9, 0, 0, 0, 0]],
  ['a length that nobody sends', [1, 0xff, 0, 0, 0]],
  ['a hello without a process', [0, 0, 0, 0, 2, 0x7b, 0x7d]],
  ['a hello that is no JSON', [0, 0, 0, 0, 1, 0x7b]],
])('%s ends it, and nothing more comes out', (_name, bytes) => {
  const decoder = new FrameDecoder();

  const frames = [...decoder.push(Uint8Array.from(bytes)), ...decoder.push(encodeFrame({ kind: 'break' }))];

  expect([frames, decoder.isBroken]).toEqual([[], true]);
});
