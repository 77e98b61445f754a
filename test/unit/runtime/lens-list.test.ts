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
    expect(titles({})).toEqual(['dmz: Start Lab', 'dmz: Picture', 'a: Start', 'a: Picture', 'b: Start', 'b: Picture']);
  });

  test('tell what runs, and offer to stop it, and its console', () => {
    expect(titles({ a: running() })).toEqual([
      'dmz: 1 of 2 running',
      'dmz: Start Lab',
      'dmz: Stop Lab',
      'dmz: Picture',
      'a: running',
      'a: Stop',
      'a: Console',
      'a: Picture',
      'b: Start',
      'b: Picture',
    ]);
  });

  test('tell of a VM that could not be started, or whose guest is paused', () => {
    const words = titles({ a: { kind: 'failed', reason: 'no KVM' }, b: { kind: 'running', pid: 1, halted: 'paused' } });

    expect(words.filter(word => /failed|paused/.test(word))).toEqual(['a: failed: no KVM', 'b: paused']);
  });

  test('do not offer to start a lab that runs as a whole', () => {
    expect(titles({ a: running(), b: { kind: 'starting' } }).slice(0, 2)).toEqual([
      'dmz: 1 of 2 running',
      'dmz: Stop Lab',
    ]);
  });

  test('stand at the VM’s name', () => {
    expect(lensesOf(snapshotOf(two)).at(-1)?.span).toEqual({ start: 9, end: 10 });
  });

  test('start and stop all VMs of a row at its one entry', () => {
    const vms = [1, 2, 3].map(number =>
      vm(`web-${number}`, number, { origin: { row: { name: 'web', number, count: 3 } } }),
    );
    const lenses = lensesOf(snapshotOf(lab({ vms }), { 'web-2': running() })).slice(4);

    expect(lenses.map(({ title, things }) => [title, things.map(({ name }) => name)])).toEqual([
      ['$(play) Start 2 VMs', ['web-1', 'web-3']],
      ['$(debug-stop) Stop 1 VM', ['web-2']],
    ]);
  });

  test('are none for VMs of included files, which may be there for many labs', () => {
    const place = { start: 9, end: 10, file: '/work/common.yaml' };

    expect(lensesOf(snapshotOf(lab({ vms: [vm('a', 1, { nameSpan: place, span: place })] })))).toHaveLength(2);
  });

  test('are none for a file without a lab', () => {
    expect(lensesOf(snapshotOf(undefined))).toEqual([]);
  });
});
