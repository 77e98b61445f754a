import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomBelow, seededRandom } from '../../../extension/lab/networks/random.ts';

const numbers = (seed: number, count: number): readonly number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe('random numbers', () => {
  test('are the same for a seed, and others for its neighbours', () => {
    expect(numbers(7, 50)).toEqual(numbers(7, 50));
    const firsts = [0, 1, 2, 2 ** 32, Number.MAX_SAFE_INTEGER].map(seed => numbers(seed, 2).join());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test('stay below any bound', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 128n), fc.maxSafeNat(), (bound, seed) => {
        const value = randomBelow(bound, seededRandom(seed));
        return value >= 0n && value < bound;
      }),
    );
  });

  test.each([1, 2, 3, 7, 10])('below %i are all equally likely', bound => {
    const [random, rounds] = [seededRandom(3), 20_000];
    const seen = Array.from({ length: bound }, () => 0);
    for (let round = 0; round < rounds; round += 1) seen[Number(randomBelow(BigInt(bound), random))]! += 1;
    const [share, deviation] = [rounds / bound, Math.sqrt(rounds / bound)];

    for (const count of seen) expect(Math.abs(count - share)).toBeLessThan(5 * deviation);
  });

  test('are drawn again when they lie above, never bent to fit', () => {
    const words = [0xffffffff, 0xbfffffff, 0x40000000];

    expect(randomBelow(3n, () => words.shift() ?? 0)).toBe(2n);
    expect(words).toEqual([0x40000000]);
  });
});
