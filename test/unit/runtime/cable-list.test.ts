import { expect, test } from 'vitest';
import { listCables } from '../../../extension/runtime/views/cable-list.ts';
import { lab, nic, running, snapshotOf, vm, wire } from '../../support/lab-builder.ts';

const dmz = lab({
  vms: [
    vm('web', 31, { nics: [nic(1, 'lan'), nic(2, 'lan'), nic(3, 'dmz')] }),
    vm('off', 32, { nics: [nic(1, 'lan')] }),
  ],
  wires: [wire('lan', 'dmz'), wire('lan', 'inet')],
});
const snapshot = snapshotOf(dmz, {
  web: { kind: 'running', pid: 7, pulled: [2], unplugged: [3] },
  'wire lan-dmz': running(),
});
const labels = (isPulled: boolean, only?: string) => listCables([snapshot], isPulled, only).map(({ label }) => label);

test('offers what is pulled at either end, and wires that do not run, to be plugged in', () => {
  expect(labels(true)).toEqual(['web NIC 2', 'web NIC 3', 'lan – inet']);
});

test('offers what is plugged in to be pulled; a VM that does not run has no cables', () => {
  expect(labels(false)).toEqual(['web NIC 1', 'lan – dmz']);
  expect(labels(false, 'web')).toEqual(['web NIC 1']);
  expect(labels(false, 'off')).toEqual([]);
});
