import { describe, expect, test } from 'vitest';
import { fixesOf } from '../../../extension/runtime/switches/vlan-drift.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry } from '../../support/fake-processes.ts';
import { lab, networkSwitch, nic, vm, wire } from '../../support/lab-builder.ts';
import { pictureOf } from '../../support/switch-pictures.ts';

const file = lab({
  switches: [networkSwitch('lan', { vlans: [10, 20], stp: { priority: 4096 } }), networkSwitch('dmz')],
  vms: [
    vm('fw', 31, { nics: [nic(1, 'lan', { port: 2, tagged: [10, 20].map(vlan => ({ vlan, addresses: [] })) })] }),
    vm('pc', 33, { nics: [nic(1, 'lan', { port: 3, vlan: 10 })] }),
  ],
  wires: [wire('lan', 'dmz', { tagged: [20] })],
});

/** As the lab file says. */
function asInFile(): FakeVdeSwitch {
  const one = new FakeVdeSwitch().port(2).port(3, { vlan: 10 }).port(31).vlan(10, 2).vlan(20, 2, 31);
  return Object.assign(one, { hasStp: true, priority: 4096 });
}

const words = async (
  one: FakeVdeSwitch,
  ...processes: Parameters<typeof processEntry>[]
): Promise<readonly string[]> => {
  const picture = await pictureOf(
    one,
    processes.map(parts => processEntry(...parts)),
    file,
  );
  return picture.drift!.map(({ port, words: text }) => (port === undefined ? text : `${port}: ${text}`));
};

describe('what runs differs from the lab file', () => {
  test('in nothing if it is as the file says', async () => {
    expect(await words(asInFile())).toEqual([]);
  });

  test('is not asked of a switch that no lab file has', async () => {
    expect((await pictureOf(asInFile())).drift).toBeUndefined();
  });

  test('in its VLANs', async () => {
    const one = asInFile().port(3, { vlan: 20 }).vlan(10).vlan(30, 31);

    expect(await words(one)).toEqual([
      '2: tagged 20, file says 10, 20',
      '3: untagged 20, file says 10',
      '31: tagged 20, 30, file says 20',
      'VLAN 30 is not in the file',
    ]);
  });

  test('in ports that were not made or that nobody has in the file', async () => {
    const one = asInFile().port(7, { vlan: 20 });
    one.ports.delete(3);

    expect(await words(one)).toEqual([
      '3: not made, file says pc NIC 1',
      '7: untagged 20, file has nobody here and none',
    ]);
  });

  test('in who is plugged in', async () => {
    const one = asInFile().port(3, { vlan: 10, endpoints: ['QEMU user=u pid=5'] });
    one.port(9, { endpoints: ['vdeplug: user=u pid=6'] });

    expect(await words(one, [5, ['kvm', '-name', 'x']], [6, ['vde_plug', '/x']])).toEqual([
      '3: x NIC ? is plugged in, file says pc NIC 1',
      '9: unknown process 6 (vde_plug, uid 1000) is not in the file',
    ]);
  });

  test('in the switch itself', async () => {
    const one = Object.assign(asInFile(), { hasStp: false, priority: 32_768, numports: 9, isHub: true });
    one.vlans.delete(20);
    one.ports.delete(31);

    expect(await words(one)).toEqual([
      'works as a hub, file says switch',
      '8 ports, file says 31',
      'spanning tree off, file says on',
      'priority 32768, file says 4096: restart the switch',
      'no VLAN 20',
      '2: tagged 10, file says 10, 20',
      '31: not made, file says wire lan-dmz',
    ]);
  });

  test('no more when it was told the fixes, but for what needs a restart', async () => {
    const one = new FakeVdeSwitch().port(3, { vlan: 20 }).port(9, { vlan: 20 }).vlan(10, 3).vlan(20);
    const { drift } = await pictureOf(one, [], file);

    for (const fix of fixesOf(drift!)) expect([1000, 1017]).toContain(one.answer(fix.line).code);

    expect(await words(one)).toEqual(['priority 32768, file says 4096: restart the switch']);
  });
});
