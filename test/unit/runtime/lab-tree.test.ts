import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { labTree, runningVmCount } from '../../../extension/runtime/views/lab-tree.ts';
import type { RunState } from '../../../extension/runtime/state.ts';
import { spokenLabel, type TreeNode } from '../../../extension/runtime/views/tree-node.ts';
import {
  group,
  lab,
  networkSwitch,
  nic,
  problem,
  running,
  snapshotOf,
  tap,
  vm,
  wire,
} from '../../support/lab-builder.ts';

const sample = lab({
  vms: [
    vm('fw', 31, {
      memory: '512M',
      vnc: true,
      disks: [{ file: 'images/fw.qcow2', format: 'qcow2', size: '4G' }],
      nics: [nic(1, 'inet'), nic(2, 'lan', { tagged: [10, 20].map(vlan => ({ vlan, addresses: [] })) })],
    }),
    vm('pc', 33, { nics: [nic(1, 'lan', { port: 3, vlan: 10 })] }),
  ],
  switches: [networkSwitch('inet', { slirp: { port: 31, forward: [] } }), networkSwitch('lan', { vlans: [10, 20] })],
  wires: [wire('inet', 'lan', { tagged: [20] })],
  groups: [group('office', ['pc'])],
});

describe('the tree of a lab', () => {
  test('has a folder for each kind of thing that the lab has', () => {
    const tree = labTree(snapshotOf(sample));

    expect(tree.children.map(row => `${row.label} ${row.description}`)).toEqual([
      'VMs 2',
      'Switches 2',
      'Wires 1',
      'Groups 1',
    ]);
  });

  test('says where VMs, switches and wires are that are not only on this host', () => {
    const reading = readLab(
      'hosts: { left: {}, right: {} }\nswitches: { lan: {}, dmz: {}, own: {} }\nvms:\n  a: { id: 1, nics: [{ switch: lan }] }\n  b: { id: 2, host: left, nics: [{ switch: lan }, { switch: dmz }] }\n  c: { id: 3, host: right, nics: [{ switch: dmz }] }',
    );

    const rows = labTree(snapshotOf(reading.lab)).children.flatMap(folder => folder.children);

    expect(rows.map(row => `${row.label}: ${row.description}`)).toEqual([
      'a: stopped · ID 1 · 256M',
      'b: stopped · on left · ID 2 · 256M',
      'c: stopped · on right · ID 3 · 256M',
      'lan: stopped · here and on left · 3 of 31 ports',
      'dmz: stopped · on left, right · 3 of 31 ports',
      'own: stopped · 0 of 31 ports',
      'lan – left: stopped',
      'dmz – right: stopped · on right',
    ]);
  });

  test('says of a VM that was moved where it runs', () => {
    const reading = readLab('hosts: { left: {}, right: {} }\nvms: { a: { id: 1, host: left } }');
    const row = (state: RunState) => labTree(snapshotOf(reading.lab ?? lab({}), { a: state })).children[0]?.children[0];

    expect(row(running())?.description).toBe('running · here, not on left · ID 1 · 256M');
    expect(row({ kind: 'running', pid: 0, far: { host: 'right', pid: 7 } })?.description).toBe(
      'running · on right · ID 1 · 256M',
    );
  });

  test('leaves out folders that would be empty', () => {
    expect(labTree(snapshotOf(lab({ vms: [vm('a', 1)] }))).children.map(row => row.label)).toEqual(['VMs']);
  });

  test('says how many VMs run', () => {
    expect(labTree(snapshotOf(sample, { fw: running() })).description).toBe('1 of 2 running');
    expect(labTree(snapshotOf(sample, { fw: running() }), 'office').description).toBe('office · 1 of 2 running');
  });

  test.each([
    ['idle', {}],
    ['partly', { fw: running() }],
    ['running', { fw: running(), pc: running() }],
  ] as const)('tells a lab that is %s by its context value', (share, states) => {
    expect(labTree(snapshotOf(sample, states)).contextValue).toBe(`lab.${share}`);
  });

  test('tells of errors in the file, and not of warnings', () => {
    const problems = [problem(), problem({ severity: 'warning' })];

    expect(labTree(snapshotOf(sample, {}, problems))).toMatchObject({
      description: '0 of 2 running · 1 problem',
      contextValue: 'lab.broken',
    });
  });

  test('shows a file without any lab by its name', () => {
    expect(labTree(snapshotOf(undefined, {}, [problem()]))).toMatchObject({ label: 'dmz.lab.yaml', children: [] });
  });

  test.each([
    [{ kind: 'stopped' }, 'stopped · ID 31 · 512M', 'circle-outline'],
    [{ kind: 'starting' }, 'starting · ID 31 · 512M', 'loading~spin'],
    [{ kind: 'running', pid: 7 }, 'running · ID 31 · 512M', 'circle-filled'],
    [{ kind: 'stopping', pid: 7 }, 'stopping · ID 31 · 512M', 'loading~spin'],
    [{ kind: 'failed', reason: 'no image\nmore' }, 'failed: no image · ID 31 · 512M', 'warning'],
  ] as const)('says that a VM is $kind in words and by an icon', (state, description, icon) => {
    const fw = row(labTree(snapshotOf(sample, { fw: state })), 'VMs', 'fw');

    expect([fw.description, fw.icon.name, fw.contextValue]).toEqual([description, icon, `vm.${state.kind}`]);
  });

  test('says that a VM is paused in words, by its icon, and offers it other things', () => {
    const tree = labTree(snapshotOf(sample, { fw: { kind: 'running', pid: 7, halted: 'paused' } }));
    const fw = row(tree, 'VMs', 'fw');

    expect([fw.description, fw.icon.name, fw.contextValue]).toEqual([
      'paused · ID 31 · 512M',
      'debug-pause',
      'vm.paused',
    ]);
    expect(spokenLabel(fw)).toBe('fw, VM, paused, ID 31, 512M');
    expect(tree.description).toBe('1 of 2 running');
  });

  test('shows the whole reason of a failure in the tooltip', () => {
    const fw = row(labTree(snapshotOf(sample, { fw: { kind: 'failed', reason: 'no image\nmore' } })), 'VMs', 'fw');

    expect(fw.tooltip).toContain('no image\nmore');
  });

  test('lists a VM’s NICs, consoles and disks', () => {
    const fw = row(labTree(snapshotOf(sample)), 'VMs', 'fw');

    expect(fw.children.map(child => `${child.label} | ${child.description}`)).toEqual([
      'NIC 1 | inet port 1 · 52:54:00:00:1f:01',
      'NIC 2 | lan port 2 · tagged 10, 20 · 52:54:00:00:1f:02',
      'serial | localhost:10031',
      'monitor | localhost:20031',
      'display | localhost:30031',
      'fw.qcow2 | 4G',
    ]);
  });

  test('has no consoles for a VM without an ID, and says so', () => {
    const tree = labTree(snapshotOf(lab({ vms: [vm('new', undefined)] })));

    expect(row(tree, 'VMs', 'new')).toMatchObject({ description: 'stopped · no ID · 256M', children: [] });
  });

  test('offers a console only while its VM runs', () => {
    const serial = (states: Parameters<typeof snapshotOf>[1]): string =>
      row(labTree(snapshotOf(sample, states)), 'VMs', 'fw', 'serial').contextValue;

    expect([serial({}), serial({ fw: running() })]).toEqual(['serial.off', 'serial.on']);
  });

  test('lists who has which port of a switch, in the order of the ports', () => {
    const lan = row(labTree(snapshotOf(sample)), 'Switches', 'lan');

    expect(lan.description).toBe('stopped · 3 of 31 ports · VLAN 10, 20');
    expect(lan.children.map(child => `${child.label} | ${child.description}`)).toEqual([
      'port 2 | fw NIC 2 · tagged 10, 20',
      'port 3 | pc NIC 1 · VLAN 10',
      'port 31 | wire inet – lan · tagged 20',
    ]);
  });

  test('says that a NIC is plugged in when its VM and its switch run', () => {
    const ports = (states: Parameters<typeof snapshotOf>[1]): readonly string[] =>
      row(labTree(snapshotOf(sample, states)), 'Switches', 'lan').children.map(child => child.description);

    expect(ports({ pc: running() })[1]).toBe('pc NIC 1 · VLAN 10');
    expect(ports({ pc: running(), 'switch lan': running() })[1]).toBe('pc NIC 1 · VLAN 10 · plugged in');
  });

  test('shows the uplink and the host interface as ports of their switch', () => {
    const tree = labTree(
      snapshotOf(
        lab({ switches: [networkSwitch('admin', { tap: tap('kvmadm0'), slirp: { port: 31, forward: [] } })] }),
      ),
    );

    expect(row(tree, 'Switches', 'admin').children.map(child => child.description)).toEqual([
      'host interface kvmadm0',
      'uplink (DHCP, NAT) · 10.0.2.2',
    ]);
  });

  test('numbers a second wire between the same switches', () => {
    const wires = [wire('a', 'b'), wire('a', 'b', { name: 'a-b-2' })];

    expect(children(labTree(snapshotOf(lab({ wires }))), 'Wires').map(child => child.label)).toEqual([
      'a – b',
      'a – b (2)',
    ]);
  });

  test('names the thing that a command on a row acts on', () => {
    const tree = labTree(snapshotOf(sample));
    const thing = (kind: string, name: string) => ({ lab: '/labs/dmz.lab.yaml', kind, name });

    expect(
      [tree, row(tree, 'VMs', 'fw'), row(tree, 'VMs', 'fw', 'serial'), row(tree, 'Groups', 'office')].map(
        one => one.thing,
      ),
    ).toEqual([thing('lab', 'dmz'), thing('vm', 'fw'), thing('vm', 'fw'), thing('group', 'office')]);
  });

  test('has every id once, and the same ones whatever the states are', () => {
    const ids = idsOf(labTree(snapshotOf(sample)));

    expect(new Set(ids).size).toBe(ids.length);
    expect(idsOf(labTree(snapshotOf(sample, { fw: running(), 'switch lan': running() })))).toEqual(ids);
  });

  test('has ids of its own for two labs with the same content', () => {
    const other = idsOf(labTree(snapshotOf(sample, {}, [], '/labs/other.lab.yaml')));

    expect(idsOf(labTree(snapshotOf(sample))).filter(id => other.includes(id))).toEqual([]);
  });

  test('says name, kind and state to a screen reader', () => {
    const tree = labTree(snapshotOf(sample, { fw: running() }));

    expect(spokenLabel(row(tree, 'VMs', 'fw'))).toBe('fw, VM, running, ID 31, 512M');
    expect(spokenLabel(tree)).toBe('dmz, lab, 1 of 2 running');
  });

  test('counts the running VMs of all labs', () => {
    expect(runningVmCount([snapshotOf(sample, { fw: running() }), snapshotOf(sample, { pc: running() })])).toBe(2);
  });
});

const idsOf = (node: TreeNode): readonly string[] => [node.id, ...node.children.flatMap(idsOf)];

function row(tree: TreeNode, ...labels: readonly string[]): TreeNode {
  return labels.reduce((node, label) => {
    const found = node.children.find(child => child.label === label);
    if (!found) throw new Error(`no row ${label} in ${node.label}`);
    return found;
  }, tree);
}

const children = (tree: TreeNode, label: string): readonly TreeNode[] => row(tree, label).children;
