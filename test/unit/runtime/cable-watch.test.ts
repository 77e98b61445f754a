import { beforeEach, expect, test } from 'vitest';
import { CableWatch } from '../../../extension/runtime/change/cable-watch.ts';
import { labTree } from '../../../extension/runtime/views/lab-tree.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import type { TreeNode } from '../../../extension/runtime/views/tree-node.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeManagement } from '../../support/fake-management.ts';
import { FakeNicVm } from '../../support/fake-nic-vm.ts';
import { FakeUsbVm } from '../../support/fake-usb-vm.ts';
import { lab, nic, vm, wire } from '../../support/lab-builder.ts';
import { runningVm } from '../../support/running-vm.ts';

const path = '/labs/dmz.lab.yaml';
let store: LabStore;
let qemu: FakeNicVm;
let clock: FakeClock;
let watch: CableWatch;
let management: FakeManagement;

beforeEach(() => {
  store = new LabStore();
  const web = vm('web', 31, { nics: [nic(1, 'lan'), nic(2, 'lan')] });
  store.setReading(path, { lab: lab({ vms: [web] }), problems: [] });
  store.setHost({ vms: [runningVm('web', 11)], switches: [], wires: [] });
  qemu = new FakeNicVm().nic(1, '/run/dmz/switch-lan').nic(2, '/run/dmz/switch-lan');
  clock = new FakeClock();
  management = new FakeManagement();
  watch = new CableWatch({ store, qmp: qemu, management, clock, runDir: name => `/run/${name}` });
});

function nicRows(): readonly string[] {
  const all = (node: TreeNode): readonly TreeNode[] => [node, ...node.children.flatMap(all)];
  return all(labTree(store.lab(path)!)).flatMap(({ nic: number, contextValue, description }) =>
    number === undefined ? [] : [`${number} ${contextValue} ${description.split(' · ')[0]}`],
  );
}

const settled = async (): Promise<void> => {
  for (let at = 0; at < 20; at += 1) await Promise.resolve();
};

test('a cable that somebody pulls is seen in the tree within seconds while somebody looks', async () => {
  watch.setLooking(true);
  await settled();
  expect(nicRows()).toEqual(['1 nic.plugged lan port 1', '2 nic.plugged lan port 2']);

  qemu.netdevs.set('pulled2', '');
  clock.advance(5_000);
  await settled();
  expect(nicRows()).toEqual(['1 nic.plugged lan port 1', '2 nic.pulled cable pulled']);

  qemu.netdevs.delete('pulled2');
  await watch.look();
  expect(nicRows()[1]).toBe('2 nic.plugged lan port 2');
  watch.dispose();
  expect(clock.pending).toBe(0);
});

test('a plug that is in no switch is seen too, and told from a cable that the guest misses', async () => {
  for (const id of ['vde1', 'plug1', 'vde2', 'plug2']) qemu.netdevs.delete(id);
  qemu.netdevs.set('pulled2', '');
  await watch.look();

  expect(nicRows()).toEqual(['1 nic.pulled cable pulled at the switch', '2 nic.pulled cable pulled at both ends']);
});

test('a VM that ends has no cables, and a new one has them plugged in', async () => {
  qemu.netdevs.set('pulled1', '');
  await watch.look();
  expect(nicRows()[0]).toContain('nic.pulled');

  store.setHost({ vms: [], switches: [], wires: [] });
  expect(nicRows()[0]).toBe('1 nic lan port 1');
  store.setHost({ vms: [runningVm('web', 11)], switches: [], wires: [] });
  expect(nicRows()[0]).toBe('1 nic.plugged lan port 1');
});

test('VMs of others are not asked', async () => {
  store.setHost({ vms: [runningVm('web', 11, { pidFile: '/elsewhere/web.pid' })], switches: [], wires: [] });
  qemu.netdevs.set('pulled1', '');
  await watch.look();

  expect(store.host.vms[0]?.pulled).toBeUndefined();
});

const showinfo = (delay: number): string =>
  `WireFilter: bidirectional filter mode\nLoss   L->R 0+0U   R->L 0+0U\nDelay  L->R ${delay}+0U   R->L ${delay}+0U\n`;
const wireRows = () =>
  labTree(store.lab(path)!)
    .children.find(({ label }) => label === 'Wires')!
    .children.map(({ description, icon }) => `${description} ${icon.name}`);

test('what is wrong with a wire is asked, and told where it is drawn, as long as its wirefilter lives', async () => {
  const faults = { there: { loss: { value: 1 } }, back: {}, reorder: false, chain: undefined };
  store.setReading(path, { lab: lab({ wires: [wire('lan', 'dmz', { faults })] }), problems: [] });
  expect(wireRows()).toEqual(['stopped · lan → dmz: 1 % loss circle-outline']);
  const running = {
    ...{ pid: 21, startTicks: 5, name: 'lan-dmz', pidFile: '/run/dmz/wire-lan-dmz.pid', lab: 'dmz' },
    management: '/run/dmz/wire-lan-dmz.mgmt',
  };
  store.setHost({ ...store.host, wires: [running] });
  management.answers.set(running.management, showinfo(20));
  await watch.look();
  expect(wireRows()).toEqual(['running · 20 ms warning']);

  // Somebody resets it by hand: it has nothing now, whatever the file says.
  management.answers.set(running.management, showinfo(0));
  await watch.look();
  expect(wireRows()).toEqual(['running circle-filled']);
  store.setHost({ ...store.host, wires: [{ ...running, startTicks: 6 }] });
  expect(wireRows()[0]).toContain('1 % loss');
});

test('wires of others are not asked', async () => {
  const foreign = { pid: 21, startTicks: 5, name: 'lan-dmz', pidFile: '/other/wire-lan-dmz.pid', lab: 'dmz' };
  store.setHost({ ...store.host, wires: [{ ...foreign, management: '/other/wire-lan-dmz.mgmt' }] });
  management.answers.set('/other/wire-lan-dmz.mgmt', showinfo(20));
  await watch.look();

  expect(store.host.wires[0]?.info).toBeUndefined();
});

test('sticks that come and go are seen in the tree, and forgotten with their VM', async () => {
  const usb = new FakeUsbVm();
  usb.nodes.set('stick1', '/labs/sticks/a.img');
  usb.devices.add('stick1');
  usb.locked.add('stick1');
  const looking = new CableWatch({ store, qmp: usb, management, clock, runDir: name => `/run/${name}` });
  const thing = { lab: path, kind: 'vm', name: 'web' } as const;

  await looking.look();
  expect(store.stateOf(thing)).toMatchObject({ sticks: [{ file: '/labs/sticks/a.img', isMounted: true }] });
  const change = new Promise<void>(resolve => store.onDidChange(() => resolve()));
  usb.devices.clear();
  await looking.look();
  await change;
  expect(store.stateOf(thing)).not.toHaveProperty('sticks');

  usb.devices.add('stick1');
  await looking.look();
  store.setHost({ vms: [runningVm('web', 11, { startTicks: 999 })], switches: [], wires: [] });
  expect(store.stateOf(thing)).not.toHaveProperty('sticks');
});
