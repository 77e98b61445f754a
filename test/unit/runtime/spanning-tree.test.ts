import { beforeEach, describe, expect, test } from 'vitest';
import { planStp, stpChangeOf, stpChoices, stpWords } from '../../../extension/runtime/switches/spanning-tree.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry, wireProcess } from '../../support/fake-processes.ts';
import { pictureOf, runRoot } from '../../support/switch-pictures.ts';

const fw = processEntry(5, ['kvm', '-name', 'fw', '-pidfile', `${runRoot}/dmz/fw.pid`]);
const stranger = processEntry(812, ['vde_plug'], { uid: 1001 });
const wire = wireProcess(31, `${runRoot}/dmz`, 'lan', 'dmz');

describe('the spanning tree of a switch', () => {
  let one: FakeVdeSwitch;
  const look = () => pictureOf(one, [fw, stranger, wire]);
  const picked = async (): Promise<readonly unknown[]> =>
    stpChoices(await look()).map(choice => [choice.label, choice.description, choice.picked]);

  beforeEach(() => {
    one = new FakeVdeSwitch()
      .port(2, { endpoints: ['QEMU user=u pid=5'] })
      .port(3)
      .port(7, { endpoints: ['vdeplug: user=v pid=812'] })
      .port(31, { endpoints: ['wire-lan-dmz user=u pid=31'] });
  });

  test('is offered with the edge ports that should be while it is off: those of VMs, never those to switches', async () => {
    expect(await picked()).toEqual([
      ['Spanning tree', 'off', false],
      ['Edge port 2', 'fw NIC ?', true],
      ['Edge port 7', 'unknown process 812 (vde_plug, uid 1001)', false],
    ]);
  });

  test('is offered as it is while it is on', async () => {
    Object.assign(one, { hasStp: true, rootPort: 31 });
    one.edges.add('0/7');

    expect(await picked()).toEqual([
      ['Spanning tree', 'spanning tree · root by port 31', true],
      ['Edge port 2', 'fw NIC ? · designated', false],
      ['Edge port 7', 'unknown process 812 (vde_plug, uid 1001) · edge port', true],
    ]);
  });

  test('is told what was ticked, and what no longer is', async () => {
    Object.assign(one, { hasStp: true });
    one.edges.add('0/7');
    const picture = await look();
    const ticked = stpChoices(picture).filter(({ port }) => port !== 7);

    expect(planStp(picture, stpChangeOf(picture, ticked)).map(({ line }) => line)).toEqual([
      'fstp/setedge 0 2 1',
      'fstp/setedge 0 7 0',
    ]);
  });

  test('is turned off without a word of edges', async () => {
    Object.assign(one, { hasStp: true });
    const picture = await look();
    const ticked = stpChoices(picture).filter(({ port }) => port === 2);

    expect(planStp(picture, stpChangeOf(picture, ticked)).map(({ line }) => line)).toEqual(['fstp/setfstp 0']);
  });

  test('is told by VLAN where the root lies another way', async () => {
    Object.assign(one, { hasStp: true });
    const picture = await look();
    const [tree] = picture.trees;
    const trees = tree ? [tree, { ...tree, vlan: 10, isRoot: false, rootPort: 31 }] : [];

    expect(stpWords({ ...picture, trees })).toBe('spanning tree · root bridge in VLAN 0 · root by port 31 in VLAN 10');
  });
});
