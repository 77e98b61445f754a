import { expect, test } from 'vitest';
import type { RunState, ThingRef } from '../../../extension/runtime/state.ts';
import { stickNodes } from '../../../extension/runtime/views/stick-rows.ts';
import { vm } from '../../support/lab-builder.ts';

const thing: ThingRef = { lab: '/labs/dmz.lab.yaml', kind: 'vm', name: 'pc' };
const rows = (sticks: readonly string[] | undefined, state: RunState): readonly string[] =>
  stickNodes('x', thing, vm('pc', 1, sticks ? { sticks } : {}), state).map(
    ({ label, description, contextValue, stick }) => `${label} | ${description} | ${contextValue} | ${stick ?? ''}`,
  );
const running = (...files: readonly string[]): RunState => ({
  ...{ kind: 'running', pid: 1 },
  sticks: files.map(file => ({ file, isMounted: file.includes('held') })),
});

test.each([
  [undefined, { kind: 'stopped' } as const, []],
  [['sticks/a.img'], { kind: 'stopped' } as const, ['a.img | USB stick | stick.out | /labs/sticks/a.img']],
  [['sticks/a.img'], running('/labs/sticks/a.img'), ['a.img | USB stick | stick.in | /labs/sticks/a.img']],
  [
    ['/x/a.img', './b.img'],
    running('/real/labs/b.img', '/held.img'),
    [
      'b.img | USB stick | stick.in | /real/labs/b.img',
      'held.img | USB stick, mounted | stick.in | /held.img',
      'a.img | USB stick, not plugged in | stick.out | /x/a.img',
    ],
  ],
])('the sticks of a VM with %j are told (%#)', (sticks, state, told) => {
  expect(rows(sticks, state)).toEqual(told);
});
