import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentBytes } from '../../../extension/runtime/console/recent-bytes.ts';

test('keeps the last bytes of whatever came, however it was cut, and its own copy of them', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });
  fc.assert(
    fc.property(pieces, fc.nat(30), (all, wanted) => {
      const recent = new RecentBytes(16);
      const buffer = new Uint8Array(40);
      for (const piece of all) {
        buffer.set(piece);
        recent.add(buffer.subarray(0, piece.length));
      }
      const stream = all.flatMap(piece => [...piece]);

      expect([...recent.last()]).toEqual(stream.slice(-16));
      expect([...recent.last(wanted)]).toEqual(wanted === 0 ? [] : stream.slice(-Math.min(wanted, 16)));
      expect(recent.isCut).toBe(stream.length > 16);
    }),
  );
});

test('cleared, it has nothing, and begins anew', () => {
  const recent = new RecentBytes(4);
  recent.add(Uint8Array.of(1, 2, 3, 4, 5));
  recent.clear();
  recent.add(Uint8Array.of(6));

  expect([[...recent.last()], recent.isCut]).toEqual([[6], false]);
});
