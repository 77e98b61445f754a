import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PcapError, PcapReader, pcapHeader, pcapRecord, type Frame } from '../../../extension/packets/pcap.ts';
import { knownFrames } from '../../support/known-frames.ts';

const frames: readonly Frame[] = Object.values(knownFrames).map((bytes, at) => ({
  time: 1_795_000_000_000_000 + at,
  bytes,
  length: bytes.length,
}));
const file = Buffer.concat([pcapHeader(), ...frames.map(pcapRecord)]);

test('a file comes back as the frames that were written, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), sizes => {
      const reader = new PcapReader();
      const read: Frame[] = [];
      for (let at = 0, turn = 0; at < file.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        read.push(...reader.push(file.subarray(at, at + size)));
        at += size;
      }
      expect(read).toEqual(frames.map(frame => ({ ...frame, bytes: new Uint8Array(frame.bytes) })));
    }),
  );
});

test('big-endian files and those in nanoseconds are read too', () => {
  const big = Buffer.alloc(24 + 16 + 2);
  big.writeUInt32BE(0xa1b23c4d, 0);
  big.writeUInt32BE(1, 20);
  big.writeUInt32BE(7, 24);
  big.writeUInt32BE(5_000, 28);
  big.writeUInt32BE(2, 32);
  big.writeUInt32BE(90, 36);
  big.set([1, 2], 40);

  expect(new PcapReader().push(big)).toEqual([{ time: 7_000_005, bytes: new Uint8Array([1, 2]), length: 90 }]);
});

test.each([
  ['no pcap file', Buffer.alloc(24, 'x')],
  ['link type 105', Buffer.from(pcapHeader()).fill(105, 20, 21)],
  ['damaged', Buffer.concat([pcapHeader(), Buffer.alloc(16, 0xff)])],
])('what is %s is refused', (words, bytes) => {
  expect(() => new PcapReader().push(bytes)).toThrow(PcapError);
  expect(() => new PcapReader().push(bytes)).toThrow(words);
});
