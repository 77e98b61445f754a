import { describe, expect, test } from 'vitest';
import { lensesOf } from '../../../extension/runtime/views/lens-list.ts';
import { lab, running, snapshotOf, vm } from '../../support/lab-builder.ts';

const two = lab({ vms: [vm('a', 1), vm('b', 2, { nameSpan: { start: 9, end: 10 } })] });
const titles = (states: Parameters<typeof snapshotOf>[1]) =>
  lensesOf(snapshotOf(two, states)).map(({ thing, title }) => `${thing.name}: ${title.replace(/^\$\(.*\) /, '')}`);

describe('code lenses', () => {
  test('offer to start what does not run', () => {
    expect(titles({})).toEqual(['dmz: Start Lab', 'a: Start', 'b: Start']);
  });

  test('offer to stop what runs, and its console', () => {
    expect(titles({ a: running() })).toEqual(['dmz: Start Lab', 'dmz: Stop Lab', 'a: Stop', 'a: Console', 'b: Start']);
  });

  test('do not offer to start a lab that runs as a whole', () => {
    expect(titles({ a: running(), b: { kind: 'starting' } })[0]).toBe('dmz: Stop Lab');
  });

  test('stand at the VM’s name', () => {
    expect(lensesOf(snapshotOf(two)).at(-1)?.span).toEqual({ start: 9, end: 10 });
  });

  test('are none for a file without a lab', () => {
    expect(lensesOf(snapshotOf(undefined))).toEqual([]);
  });
});
