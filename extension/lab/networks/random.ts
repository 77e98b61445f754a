/** A source of randomness: each call gives a whole number from 0 to 2³² − 1, all equally likely. */
export type Random32 = () => number;

/** The same seed gives the same numbers for ever. Not for secrets (sfc32 by Chris Doty-Humphrey). */
export function seededRandom(seed: number): Random32 {
  let [a, b, c, counter] = [0, seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 1];
  const next = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  // Seeds that differ in one bit give numbers that are alike until the state is mixed.
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** A whole number from 0 to `bound` − 1 all exactly equally likely: what lies above is drawn again. */
export function randomBelow(bound: bigint, random: Random32): bigint {
  if (bound < 1n) throw new RangeError(`No number is below ${bound}.`);
  const bits = bound === 1n ? 0 : (bound - 1n).toString(2).length;
  const words = Math.ceil(bits / 32);
  const surplus = BigInt(words * 32 - bits);
  for (;;) {
    let value = 0n;
    for (let word = 0; word < words; word += 1) value = (value << 32n) | BigInt(random());
    value >>= surplus;
    if (value < bound) return value;
  }
}
