import { expect, test } from 'vitest';
import { ConsoleGroup } from '../../../extension/runtime/console/console-group.ts';

function group(...keys: readonly string[]) {
  const made = new ConsoleGroup();
  made.set(keys);
  const changes = { count: 0 };
  made.onDidChange(() => (changes.count += 1));
  return { made, changes };
}

test('typing reaches the whole group from a member, and only itself from another', () => {
  const { made } = group('a', 'b');

  expect([made.reach('a'), made.reach('c')]).toEqual([['a', 'b'], ['c']]);
});

test('one alone is no group', () => {
  const { made } = group('a');

  expect([made.size, made.reach('a')]).toEqual([0, ['a']]);
});

test('a group of two ends when one of them goes', () => {
  const { made, changes } = group('a', 'b');

  made.remove('b');

  expect([made.size, changes.count]).toEqual([0, 1]);
});

test('nothing is said when nothing changes', () => {
  const { made, changes } = group();

  made.remove('x');
  made.set([]);

  expect(changes.count).toBe(0);
});
