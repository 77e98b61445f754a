import { expect, test } from 'vitest';
import { deadSwitches, deathWords } from '../../../extension/runtime/switches/dead-switches.ts';
import { lab, networkSwitch, nic, running, snapshotOf, stopped, vm } from '../../support/lab-builder.ts';

const one = lab({
  switches: [networkSwitch('lan'), networkSwitch('dmz')],
  vms: [vm('fw', 1, { nics: [nic(1, 'lan'), nic(2, 'dmz')] }), vm('pc', 2, { nics: [nic(1, 'lan')] })],
});
const allUp = { fw: running(1), pc: running(2), 'switch lan': running(3), 'switch dmz': running(4) };

test('a switch that is gone under running VMs has died', () => {
  const after = snapshotOf(one, { ...allUp, 'switch lan': stopped });

  expect(deadSwitches(snapshotOf(one, allUp), after).map(dead => [dead.thing.name, dead.vms])).toEqual([
    ['lan', ['fw', 'pc']],
  ]);
});

test('a switch that was stopped on purpose has not', () => {
  const before = snapshotOf(one, { ...allUp, 'switch lan': { kind: 'stopping', pid: 3 } });

  expect(deadSwitches(before, snapshotOf(one, { ...allUp, 'switch lan': stopped }))).toEqual([]);
});

test('nobody misses a switch on which no VM runs, or one that was never seen', () => {
  const after = snapshotOf(one, { 'switch dmz': running(4) });

  expect(deadSwitches(snapshotOf(one, { 'switch lan': running(3) }), after)).toEqual([]);
  expect(deadSwitches(undefined, snapshotOf(one, { ...allUp, 'switch lan': stopped }))).toEqual([]);
});

test('says who has no network, and that no VM has to be restarted', () => {
  const [dead] = deadSwitches(snapshotOf(one, allUp), snapshotOf(one, { ...allUp, 'switch dmz': stopped }));

  expect(deathWords(dead!)).toBe(
    'Switch dmz is not running any more: fw has no network there. Started again, it plugs them in without a restart.',
  );
});
