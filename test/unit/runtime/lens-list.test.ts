import { describe, expect, test } from 'vitest';
import { lensesOf } from '../../../extension/runtime/views/lens-list.ts';
import { lab, running, snapshotOf, vm } from '../../support/lab-builder.ts';

const two = lab({ vms: [vm('a', 1), vm('b', 2, { nameSpan: { start: 9, end: 10 } })] });
const titles = (states: Parameters<typeof snapshotOf>[1]) =>
  lensesOf(snapshotOf(two, states)).map(
    ({ things: [thing], title }) => `${thing.name}: ${title.replace(/^\$\(.*\) /, '')}`,
  );

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

  test('start and stop all VMs of a row at its one entry', () => {
    const vms = [1, 2, 3].map(number =>
      vm(`web-${number}`, number, { origin: { row: { name: 'web', number, count: 3 } } }),
    );
    const lenses = lensesOf(snapshotOf(lab({ vms }), { 'web-2': running() })).slice(2);

    expect(lenses.map(({ title, things }) => [title, things.map(({ name }) => name)])).toEqual([
      ['$(play) Start 2 VMs', ['web-1', 'web-3']],
      ['$(debug-stop) Stop 1 VM', ['web-2']],
    ]);
  });

  test('are none for VMs of included files, which may be there for many labs', () => {
    const place = { start: 9, end: 10, file: '/work/common.yaml' };

    expect(lensesOf(snapshotOf(lab({ vms: [vm('a', 1, { nameSpan: place, span: place })] })))).toHaveLength(1);
  });

  test('are none for a file without a lab', () => {
    expect(lensesOf(snapshotOf(undefined))).toEqual([]);
  });
});
