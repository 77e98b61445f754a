import { describe, expect, test } from 'vitest';
import { hostTree } from '../../../extension/runtime/host-tree.ts';
import type { HostSnapshot, RunningSwitch, RunningVm } from '../../../extension/runtime/state.ts';
import { lab, snapshotOf, vm } from '../../support/lab-builder.ts';

const fw: RunningVm = {
  pid: 4711,
  startTicks: 9,
  uid: 1000,
  name: 'fw',
  id: 31,
  memory: '512M',
  serialPort: 10031,
  monitorPort: 20031,
  displayPort: undefined,
  pidFile: '/run/kvmlab/dmz/fw.pid',
  lab: 'dmz',
};
const lan: RunningSwitch = {
  pid: 815,
  startTicks: 8,
  uid: 1000,
  socket: '/run/kvmlab/dmz/switch-lan',
  management: '/run/kvmlab/dmz/switch-lan.mgmt',
  name: 'lan',
  ports: 31,
  tap: undefined,
  lab: 'dmz',
};
const host = (parts: Partial<HostSnapshot>): HostSnapshot => ({ vms: [], switches: [], wires: [], ...parts });
const labs = [snapshotOf(lab({ vms: [vm('fw', 31)] }))];

describe('the tree of this host', () => {
  test('is empty if nothing runs, so that the view says so', () => {
    expect(hostTree(host({}), labs)).toEqual([]);
  });

  test('shows lab, pid and memory of a VM', () => {
    const [vms] = hostTree(host({ vms: [fw] }), labs);

    expect(vms?.children[0]).toMatchObject({
      label: 'fw',
      description: 'lab dmz · pid 4711 · 512M',
      contextValue: 'host.vm.ours',
      thing: { lab: '/labs/dmz.lab.yaml', kind: 'vm', name: 'fw' },
    });
  });

  test('lists the consoles that a VM really has', () => {
    const [vms] = hostTree(host({ vms: [{ ...fw, displayPort: 5901, monitorPort: undefined }] }), labs);

    expect(vms?.children[0]?.children.map(row => [row.label, row.description, row.consolePort])).toEqual([
      ['serial', 'localhost:10031', 10031],
      ['display', 'localhost:5901', 5901],
    ]);
  });

  test('shows a VM that no lab started, without a name', () => {
    const [vms] = hostTree(host({ vms: [{ ...fw, name: undefined, lab: undefined, memory: undefined }] }), labs);

    expect(vms?.children[0]).toMatchObject({
      label: 'QEMU 4711',
      description: 'no lab · pid 4711',
      contextValue: 'host.vm.foreign',
      thing: undefined,
    });
  });

  test('does not offer to stop a VM whose lab is not in this workspace', () => {
    const [vms] = hostTree(host({ vms: [{ ...fw, lab: 'elsewhere' }] }), labs);

    expect(vms?.children[0]).toMatchObject({
      description: 'lab elsewhere · pid 4711 · 512M',
      contextValue: 'host.vm.foreign',
    });
  });

  test('shows switches and wires with their ports and pids', () => {
    const wire = { pid: 816, startTicks: 8, name: 'lan-dmz', pidFile: undefined, lab: 'dmz' };
    const rows = hostTree(host({ switches: [{ ...lan, tap: 'kvmadm0' }], wires: [wire] }), labs);

    expect(rows.map(folder => [folder.label, folder.children[0]?.description])).toEqual([
      ['Switches', 'lab dmz · pid 815 · 31 ports · tap kvmadm0'],
      ['Wires', 'lab dmz · pid 816'],
    ]);
  });

  test('gives a process that got the same pid later another id', () => {
    const idOf = (startTicks: number) => hostTree(host({ vms: [{ ...fw, startTicks }] }), labs)[0]?.children[0]?.id;

    expect(idOf(1)).not.toBe(idOf(2));
  });
});
