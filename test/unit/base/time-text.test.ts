import { expect, test } from 'vitest';
import { readTime } from '../../../extension/base/time-text.ts';

test.each([
  ['500ms', 500],
  ['2s', 2000],
  ['1.5m', 90_000],
  ['2', undefined],
  ['s', undefined],
  ['-1s', undefined],
  ['2 s', undefined],
  ['99999999s', undefined],
])('%j is %s ms', (text, ms) => {
  expect(readTime(text)).toBe(ms);
});
