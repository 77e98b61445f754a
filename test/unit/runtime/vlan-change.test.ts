import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planVlanChange, tellSwitch } from '../../../extension/runtime/switches/vlan-change.ts';
import {
  readPorts,
  readTagged,
  readUntagged,
  vlansOf,
  type VlanChange,
} from '../../../extension/runtime/switches/vlan-words.ts';
import { FakeManagement, FakeVdeSwitch } from '../../support/fake-management.ts';
import { pictureOf } from '../../support/switch-pictures.ts';

describe('the words for VLANs', () => {
  test.each([
    ['10', 10],
    [' 4093 ', 4093],
    ['none', 0],
    ['0', 0],
  ])('untagged %j is %i', (text, vlan) => {
    expect(readUntagged(text)).toBe(vlan);
  });

  test.each([
    ['+10,-20', { add: [10], remove: [20] }],
    ['+20 +10', { add: [10, 20], remove: [] }],
    ['20,10,10', { only: [10, 20] }],
    ['none', { only: [] }],
  ])('tagged %j is %j', (text, change) => {
    expect(readTagged(text)).toEqual(change);
  });

  test.each([
    ['4095', '"4095" is no VLAN. VLANs are 1 to 4094.'],
    ['4094', 'VLAN 4094 is beyond vde_switch, which has 1 to 4093.'],
    ['-1', '"-1" is no VLAN.'],
    ['1e2', '"1e2" is no VLAN.'],
    ['', '"" is no VLAN.'],
  ])('untagged %j is refused', (text, words) => {
    expect(() => readUntagged(text)).toThrow(words);
  });

  test.each([
    ['', 'Say which tagged VLANs'],
    ['10,+20', 'mixes two ways'],
    ['+10,-10', 'VLAN 10 cannot be both added and taken off.'],
    ['+0', '"0" is no VLAN.'],
    ['+', '"" is no VLAN.'],
  ])('tagged %j is refused', (text, words) => {
    expect(() => readTagged(text)).toThrow(words);
  });

  test.each([
    ['3', [3]],
    ['3-5', [3, 4, 5]],
    ['7, 1-2,2', [1, 2, 7]],
  ])('ports %j are %j', (text, ports) => {
    expect(readPorts(text, 8)).toEqual(ports);
  });

  test.each(['9', '0', '5-3', '1-9', 'x', '', '1,', '-3'])('ports %j are refused', text => {
    expect(() => readPorts(text, 8)).toThrow(/names no ports|There is no port/);
  });
});

/** Changes a switch in memory and gives its VLANs afterwards. */
async function change(one: FakeVdeSwitch, ports: readonly number[], wanted: VlanChange): Promise<readonly string[]> {
  const management = new FakeManagement();
  management.switches.set('/m', one);
  await tellSwitch(management, 'lan', '/m', planVlanChange(await pictureOf(one), ports, wanted));
  return (await pictureOf(one)).ports.map(port => `${port.number}: ${vlansOf(port)}`);
}

describe('a change of VLANs', () => {
  test('makes VLANs and ports that are missing, and leaves the others alone', async () => {
    const one = new FakeVdeSwitch().port(1, { vlan: 5 }).vlan(5);

    expect(await change(one, [1, 2], { untagged: 10, tagged: { add: [20], remove: [] } })).toEqual([
      '1: untagged 10 · tagged 20',
      '2: untagged 10 · tagged 20',
    ]);
    expect(one.ports.get(2)?.isAllocatable).toBe(true);
  });

  test('says nothing to a switch that is so already', async () => {
    const one = new FakeVdeSwitch().port(1, { vlan: 10 }).vlan(10).vlan(20, 1);

    expect(planVlanChange(await pictureOf(one), [1], { untagged: 10, tagged: { only: [20] } })).toEqual([]);
  });

  test('moves a VLAN from tagged to untagged', async () => {
    const one = new FakeVdeSwitch().port(1).vlan(10, 1).vlan(20, 1);

    expect(await change(one, [1], { untagged: 10 })).toEqual(['1: untagged 10 · tagged 20']);
  });

  test('takes everything off', async () => {
    const one = new FakeVdeSwitch().port(1, { vlan: 10 }).vlan(10).vlan(20, 1);

    expect(await change(one, [1], { untagged: 0, tagged: { only: [] } })).toEqual(['1: no VLAN']);
  });

  test('is refused if a VLAN would be there both ways', async () => {
    const one = new FakeVdeSwitch().port(3, { vlan: 10 }).vlan(10);
    const picture = await pictureOf(one);

    expect(() => planVlanChange(picture, [3], { tagged: { add: [10], remove: [] } })).toThrow(
      'Port 3 of switch lan would have VLAN 10 both untagged and tagged.',
    );
  });

  test('stops at the first refusal and says how far it came', async () => {
    const management = new FakeManagement();
    const one = new FakeVdeSwitch().port(1);
    management.switches.set('/m', one);
    const commands = planVlanChange(await pictureOf(one), [1], { untagged: 10, tagged: { add: [20], remove: [] } });
    one.numports = 1;
    one.ports.clear();

    await expect(tellSwitch(management, 'lan', '/m', commands)).rejects.toThrow(
      /^Switch lan: \/m refused "port\/setvlan 1 10": .* \(1006\)\. 2 of 4 changes were made before that\.$/,
    );
  });

  test('gives what was asked for, whatever was there before', async () => {
    const vlan = fc.integer({ min: 1, max: 6 });
    const state = fc.record({ untagged: fc.integer({ min: 0, max: 6 }), tagged: fc.uniqueArray(vlan) });

    await fc.assert(
      fc.asyncProperty(state, state, async (before, after) => {
        const one = new FakeVdeSwitch().port(1);
        const wanted = ({ untagged, tagged }: typeof before): VlanChange => {
          return { untagged, tagged: { only: tagged.filter(tag => tag !== untagged) } };
        };
        await change(one, [1], wanted(before));
        await change(one, [1], wanted(after));

        const [port] = (await pictureOf(one)).ports;
        const tags = after.tagged.filter(tag => tag !== after.untagged).sort((a, b) => a - b);
        expect([port?.untagged, port?.tagged]).toEqual([after.untagged, tags]);
      }),
      { numRuns: 60 },
    );
  });
});
