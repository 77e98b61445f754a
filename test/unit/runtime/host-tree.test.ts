import { describe, expect, test } from 'vitest';
import { hostTree, type LabOf } from '../../../extension/runtime/views/host-tree.ts';
import { belongsTo, isSamePath } from '../../../extension/runtime/lab-identity.ts';
import type { HostSnapshot, LabSnapshot, RunningSwitch, RunningVm } from '../../../extension/runtime/state.ts';
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
const labOf: LabOf = one => labs.find(({ path, lab: of }) => belongsTo(one, path, of, isSamePath));

describe('the tree of this host', () => {
  test('is empty if nothing runs, so that the view says so', () => {
    expect(hostTree(host({}), labs, labOf)).toEqual([]);
  });

  test('shows lab, pid and memory of a VM', () => {
    const [vms] = hostTree(host({ vms: [fw] }), labs, labOf);

    expect(vms?.children[0]).toMatchObject({
      label: 'fw',
      description: 'lab dmz · pid 4711 · 512M',
      contextValue: 'host.vm.ours',
      thing: { lab: '/labs/dmz.lab.yaml', kind: 'vm', name: 'fw' },
    });
  });

  test('lists the consoles that a VM really has', () => {
    const [vms] = hostTree(host({ vms: [{ ...fw, displayPort: 5901, monitorPort: undefined }] }), labs, labOf);

    expect(vms?.children[0]?.children.map(row => [row.label, row.description, row.consolePort])).toEqual([
      ['serial', 'localhost:10031', 10031],
      ['display', 'localhost:5901', 5901],
    ]);
  });

  test('shows a VM that no lab started, without a name', () => {
    const [vms] = hostTree(host({ vms: [{ ...fw, name: undefined, lab: undefined, memory: undefined }] }), labs, labOf);

    expect(vms?.children[0]).toMatchObject({
      label: 'QEMU 4711',
      description: 'no lab · pid 4711',
      contextValue: 'host.vm.foreign',
      thing: undefined,
    });
  });

  test('does not offer to stop a VM whose lab is not in this workspace', () => {
    const [vms] = hostTree(host({ vms: [{ ...fw, lab: 'elsewhere' }] }), labs, labOf);

    expect(vms?.children[0]).toMatchObject({
      description: 'lab elsewhere · pid 4711 · 512M',
      contextValue: 'host.vm.foreign',
    });
  });

  test('shows switches and wires with their ports and pids', () => {
    const wire = { pid: 816, startTicks: 8, name: 'lan-dmz', pidFile: undefined, lab: 'dmz' };
    const rows = hostTree(host({ switches: [{ ...lan, tap: 'kvmadm0' }], wires: [wire] }), labs, labOf);

    expect(rows.map(folder => [folder.label, folder.children[0]?.description])).toEqual([
      ['Switches', 'lab dmz · pid 815 · 31 ports · tap kvmadm0'],
      ['Wires', 'lab dmz · pid 816'],
    ]);
  });

  test('shows uplinks, and slirpvde as far as it can be known', () => {
    const own = { startTicks: 8, uid: 1000 };
    const ours = {
      ...{ ...own, pid: 817, name: 'lan', lab: 'dmz', program: 'qemu' as const, network: '10.0.2.0/24' },
      ...{ forwards: ['tcp:127.0.0.1:2222-10.0.2.15:22'], bootFile: 'boot.ipxe' },
    };
    const other = { ...own, pid: 818, name: 'slirpvde', lab: undefined, program: 'slirpvde' as const };
    const [folder] = hostTree(host({ uplinks: [ours, other] }), labs, labOf);

    expect(folder?.children.map(row => [row.label, row.description, row.thing?.name])).toEqual([
      ['lan', 'lab dmz · pid 817 · 10.0.2.0/24 · tcp:127.0.0.1:2222-10.0.2.15:22', 'lan'],
      ['slirpvde', 'no lab · pid 818', undefined],
    ]);
    expect(folder?.children.map(row => row.tooltip)).toEqual([
      expect.stringContaining('PXE boots boot.ipxe'),
      expect.stringContaining('does not tell its switch'),
    ]);
  });

  test('gives a process that got the same pid later another id', () => {
    const idOf = (startTicks: number) =>
      hostTree(host({ vms: [{ ...fw, startTicks }] }), labs, labOf)[0]?.children[0]?.id;

    expect(idOf(1)).not.toBe(idOf(2));
  });

  test('tells labs of one name apart, those of the workspace and those of elsewhere', () => {
    const path = '/labs/more/dmz.lab.yaml';
    const two = [...labs, snapshotOf(lab({ vms: [vm('fw', 31)] }), {}, [], path)];
    const words = (scripts: string, given: readonly LabSnapshot[]): readonly unknown[] => {
      const of: LabOf = one => given.find(it => belongsTo(one, it.path, it.lab, isSamePath));
      const row = hostTree(host({ vms: [{ ...fw, scripts }] }), given, of)[0]?.children[0];
      return [row?.description.split(' · ')[0], row?.thing?.lab];
    };

    expect(words('/labs/more/dmz', two)).toEqual(['lab dmz in more', path]);
    expect(words('/labs/dmz', two)).toEqual(['lab dmz in labs', '/labs/dmz.lab.yaml']);
    expect(words('/labs/dmz', labs)).toEqual(['lab dmz', '/labs/dmz.lab.yaml']);
    expect(words('/else/dmz', labs)).toEqual(['lab dmz in /else/dmz', undefined]);
  });
});
