import { describe, expect, test } from 'vitest';
import { hostTree } from '../../../extension/runtime/views/host-tree.ts';
import { labTree } from '../../../extension/runtime/views/lab-tree.ts';
import type { SwitchPicture } from '../../../extension/runtime/switches/port-picture.ts';
import { PortRows } from '../../../extension/runtime/views/port-rows.ts';
import { changedNodes } from '../../../extension/runtime/views/tree-change.ts';
import type { TreeNode } from '../../../extension/runtime/views/tree-node.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry } from '../../support/fake-processes.ts';
import { lab, networkSwitch, nic, running, snapshotOf, vm } from '../../support/lab-builder.ts';
import { pictureOf, runningLan, runRoot } from '../../support/switch-pictures.ts';

const file = lab({
  switches: [networkSwitch('lan', { vlans: [10, 20] }), networkSwitch('dmz')],
  vms: [
    vm('fw', 31, { nics: [nic(1, 'lan', { port: 2, vlan: 20 })] }),
    vm('pc', 33, { nics: [nic(1, 'lan', { port: 3, vlan: 10 })] }),
    vm('web', 34, { nics: [nic(1, 'lan', { port: 4 })] }),
  ],
});
const base = labTree(snapshotOf(file, { 'switch lan': running(21), fw: running(5) }));

const fw = processEntry(5, ['kvm', '-name', 'fw', '-pidfile', `${runRoot}/dmz/fw.pid`]);
const plug = processEntry(812, ['vde_plug'], { uid: 1001 });
const real = (): Promise<SwitchPicture> => {
  const one = new FakeVdeSwitch()
    .port(2, { endpoints: ['QEMU user=u pid=5'], vlan: 10 })
    .port(3, { vlan: 10 })
    .vlan(10);
  return pictureOf(one.vlan(20).port(7, { endpoints: ['vdeplug: user=v pid=812'] }), [fw, plug], file);
};

const switchRow = (root: TreeNode): TreeNode => root.children.find(one => one.label === 'Switches')!.children[0]!;
const words = (row: TreeNode): readonly string[] => row.children.map(child => `${child.label} | ${child.description}`);

describe('the ports of a switch in the tree', () => {
  test('are those of the lab file until it has answered', () => {
    const rows = new PortRows(() => undefined);

    expect(rows.apply(base)).toBe(base);
  });

  test('are the real ones while it runs, with how they differ from the lab file', async () => {
    const picture = await real();
    const row = switchRow(new PortRows(pid => (pid === 21 ? picture : undefined)).apply(base));

    expect(words(row)).toEqual([
      'port 2 | fw NIC 1 · untagged 10 · differs from the lab file: untagged 10, file says 20',
      'port 3 | pc NIC 1 · not plugged in · untagged 10',
      'port 4 | web NIC 1 · differs from the lab file: not made, file says web NIC 1',
      'port 7 | unknown process 812 (vde_plug, uid 1001) · ' +
        'differs from the lab file: unknown process 812 (vde_plug, uid 1001) is not in the file',
    ]);
    expect(row.description).toBe('running · 2 of 31 ports · VLAN 10, 20');
  });

  test('say what they are in the spanning tree, and the switch where its root is', async () => {
    const one = new FakeVdeSwitch()
      .port(2, { endpoints: ['QEMU user=u pid=5'] })
      .port(31, { endpoints: ['wire-lan-dmz user=u pid=31'] });
    one.edges.add('0/2');
    Object.assign(one, { hasStp: true, rootPort: 31 });
    const picture = await pictureOf(one, [fw], file);
    const row = switchRow(new PortRows(() => picture).apply(base));

    expect(words(row)[0]).toContain('port 2 | fw NIC 1 · edge port');
    expect(words(row).at(-1)).toContain('· root port');
    expect(row.description).toContain(' · spanning tree · root by port 31 · ');
    expect(row.tooltip).toContain('Spanning tree: root is 10:00:00:ff:00:e7:14:44, root by port 31, cost 0');
  });

  test('keep their ids and what a command on them acts on', async () => {
    const picture = await real();
    const [before, after] = [switchRow(base), switchRow(new PortRows(() => picture).apply(base))];

    expect(after.children.slice(0, 3).map(row => row.id)).toEqual(before.children.map(row => row.id));
    expect(after.children[0]).toMatchObject({
      contextValue: 'port.live',
      switchPid: 21,
      port: 2,
      thing: { name: 'fw' },
    });
    expect(after.children[3]).toMatchObject({ thing: { kind: 'switch', name: 'lan' }, port: 7 });
  });

  test('are there for switches of no lab, which can be opened before they have answered', async () => {
    const [root] = hostTree({ vms: [], switches: [runningLan({ lab: undefined })], wires: [] }, [], () => undefined);
    const picture = await pictureOf(new FakeVdeSwitch().port(2, { endpoints: ['QEMU user=u pid=5'] }), [fw]);

    expect(root?.children[0]?.isExpandable).toBe(true);
    expect(words(new PortRows(() => picture).apply(root!).children[0]!)).toEqual(['port 2 | fw NIC ?']);
  });

  test('are the same objects while nothing changes, and else only the switch is drawn again', async () => {
    const pictures = [await real(), await real(), await pictureOf(new FakeVdeSwitch().port(2), [], file)];
    let at = 0;
    const rows = new PortRows(() => pictures[at]);
    const first = rows.apply(base);
    at = 1;
    const same = rows.apply(base);
    at = 2;
    const other = rows.apply(base);

    expect(same).toBe(first);
    expect(changedNodes(first, other)).toEqual([switchRow(other)]);
  });
});

describe('what is drawn again', () => {
  const node = (id: string, description: string, children: readonly TreeNode[] = []): TreeNode => {
    return { ...base, id, label: id, description, children };
  };

  test('is the smallest row that changed, and all of it if the rows inside are others', () => {
    const before = node('lab', '', [node('a', 'x', [node('b', 'x')]), node('c', 'x')]);
    const inner = node('b', 'y');
    const list = node('c', 'x', [node('d', '')]);

    expect(changedNodes(before, node('lab', '', [node('a', 'x', [inner]), node('c', 'x')]))).toEqual([inner]);
    expect(changedNodes(before, node('lab', '', [node('a', 'x', [inner]), list]))).toEqual([inner, list]);
    expect(changedNodes(before, structuredClone(before))).toEqual([]);
    const added = node('lab', '', [node('c', 'x')]);
    expect(changedNodes(before, added)).toEqual([added]);
  });

  test('is everything above when very much changed', () => {
    const many = (text: string) =>
      node(
        'lab',
        '',
        Array.from({ length: 60 }, (_, at) => node(`n${at}`, text)),
      );
    const after = many('y');

    expect(changedNodes(many('x'), after)).toEqual([after]);
  });
});
