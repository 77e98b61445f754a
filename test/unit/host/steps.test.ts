import { expect, test } from 'vitest';
import { takeAll, takeInSlices } from '../../../extension/host/steps.ts';

/** Until `isOver`, or so many that a second has long gone by; tells which. */
function* steps(isOver: () => boolean): Generator<void, boolean, void> {
  for (let left = 30_000_000; left > 0; left -= 1) {
    if (isOver()) return true;
    yield;
  }
  return false;
}

test('a timer gets its turn between slices of steps', async () => {
  let isDue = false;
  setTimeout(() => (isDue = true), 1);

  expect(await takeInSlices(steps(() => isDue))).toBe(true);
});

test('steps that are taken at once come to their end', () => {
  let count = 0;

  expect(takeAll(steps(() => (count += 1) > 100))).toBe(true);
  expect(count).toBe(101);
});
