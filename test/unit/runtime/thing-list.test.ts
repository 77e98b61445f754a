import { describe, expect, test } from 'vitest';
import { labsOf, thingsToRun, vmsOf, withFolders } from '../../../extension/runtime/views/thing-list.ts';
import { group, lab, networkSwitch, running, snapshotOf, vm, wire } from '../../support/lab-builder.ts';

const dmz = lab({
  vms: [vm('fw', 31), vm('web', 32), vm('pc', 33)],
  switches: [networkSwitch('lan')],
  wires: [wire('lan', 'dmz')],
  groups: [group('office', ['pc']), group('servers', ['fw', 'web'])],
});
const names = (
  list: readonly { readonly thing: { readonly kind: string; readonly name: string } }[],
): readonly string[] => list.map(one => `${one.thing.kind} ${one.thing.name}`);

describe('what a pick list offers', () => {
  test('to start: the lab, its groups, and all that does not run', () => {
    expect(names(thingsToRun('start', [snapshotOf(dmz, { pc: running(), 'wire lan-dmz': running() })]))).toEqual([
      'lab dmz',
      'group servers',
      'vm fw',
      'vm web',
      'switch lan',
    ]);
  });

  test.each(['stop', 'kill', 'restart'] as const)('to %s: only what runs', verb => {
    expect(names(thingsToRun(verb, [snapshotOf(dmz, { pc: running() })]))).toEqual([
      'lab dmz',
      'group office',
      'vm pc',
    ]);
  });

  test('nothing, if there is nothing to do', () => {
    expect(thingsToRun('stop', [snapshotOf(dmz)])).toEqual([]);
  });

  test('a failed VM can be started again', () => {
    const failed = { kind: 'failed', reason: 'no image' } as const;

    expect(thingsToRun('start', [snapshotOf(dmz, { fw: failed })])[3]).toMatchObject({
      label: 'fw',
      description: 'VM · failed: no image · lab dmz',
    });
  });

  test('the folder too, where two labs have one name', () => {
    const [one, other] = [snapshotOf(dmz), { ...snapshotOf(dmz), path: '/elsewhere/dmz.lab.yaml' }];
    const alone = { ...snapshotOf(lab({ name: 'alone', vms: [vm('a', 1)] })), path: '/alone.lab.yaml' };
    const labs = [one, other, alone];

    const words = withFolders(thingsToRun('start', labs), labs).map(
      ({ label, description }) => `${label}: ${description}`,
    );

    expect(words).toContain('dmz: whole lab in /elsewhere');
    expect(words).toContain('fw: VM · stopped · lab dmz in /elsewhere');
    expect(words).toContain('a: VM · stopped · lab alone');
    expect(withFolders(labsOf(labs), labs)).toEqual(labsOf(labs));
  });

  test('VMs for a console: running ones first', () => {
    expect(names(vmsOf([snapshotOf(dmz, { web: running() })]))).toEqual(['vm web', 'vm fw', 'vm pc']);
  });

  test('no lab for a file without one', () => {
    expect(labsOf([snapshotOf(undefined)])).toEqual([]);
  });
});
