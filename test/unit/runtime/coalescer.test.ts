import { describe, expect, test } from 'vitest';
import { Coalescer } from '../../../extension/runtime/coalescer.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function coalescer() {
  const clock = new FakeClock();
  const calls: number[] = [];
  return { clock, calls, one: new Coalescer(clock, 30, () => calls.push(clock.now())) };
}

describe('requests that come close together', () => {
  test('lead to one call, a pause after the first', () => {
    const { clock, calls, one } = coalescer();
    const begin = clock.now();

    one.request();
    clock.advance(20);
    one.request();
    clock.advance(100);

    expect(calls).toEqual([begin + 30]);
  });

  test('lead to another call if they come after the first', () => {
    const { clock, calls, one } = coalescer();

    one.request();
    clock.advance(30);
    one.request();
    clock.advance(30);

    expect(calls).toHaveLength(2);
  });

  test('lead to none once it is disposed of', () => {
    const { clock, calls, one } = coalescer();

    one.request();
    one.dispose();
    clock.advance(100);

    expect(calls).toEqual([]);
  });
});
