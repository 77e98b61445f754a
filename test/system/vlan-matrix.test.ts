import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../extension/host/clock.ts';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import { LinuxProcessTable } from '../../extension/host/process-table.ts';
import { applyEdits } from '../../extension/lab/edits/edit.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import type { SwitchPicture } from '../../extension/runtime/switches/port-picture.ts';
import type { RunningSwitch } from '../../extension/runtime/state.ts';
import { SwitchReader } from '../../extension/runtime/switches/switch-reader.ts';
import { tellSwitch } from '../../extension/runtime/switches/vlan-change.ts';
import { fixesOf } from '../../extension/runtime/switches/vlan-drift.ts';
import { adoptionOf, commandsFor, type PortWish } from '../../extension/runtime/switches/vlan-orders.ts';
import { parseVlans } from '../../extension/vde/port-table.ts';
import { ScriptLab } from '../support/script-lab.ts';

const text = `name: grid
switches:
  lan: { vlans: [10, 20] } # the one
  dmz: {}
vms:
  fw:
    id: 9001
    nics:
      - switch: lan
        tagged: [10, 20] # both
  pc: { id: 9002, nics: [{ switch: lan, vlan: 10 }, { switch: lan }] }
wires:
  - { between: [lan, dmz], tagged: [20] }
`;
const plugs: Readonly<Record<number, string>> = {
  1: 'fw NIC 1',
  2: 'pc NIC 1',
  3: 'pc NIC 2',
  31: 'wire lan-dmz',
};

let lab: ScriptLab | undefined;
const dialer = new SocketManagementDialer();

afterEach(() => {
  lab?.dispose();
  dialer.dispose();
});

async function startSwitch(): Promise<RunningSwitch> {
  lab = new ScriptLab(readLab(text).lab!);
  expect(await lab.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
  const socket = `${lab.run}/switch-lan`;
  const place = { socket, management: `${socket}.mgmt`, name: 'lan', lab: 'grid' };
  return { ...place, pid: lab.pid('switch-lan.pid'), startTicks: 0, uid: 0, ports: 31, tap: undefined };
}

/** What the switch shows now, compared with the lab file of this text. */
async function look(of: RunningSwitch, file: string): Promise<SwitchPicture> {
  const parts = {
    management: dialer,
    processes: new LinuxProcessTable(),
    clock: systemClock,
    runRoots: [lab!.runRoot],
  };
  const reader = new SwitchReader(of, parts);
  await reader.read('all');
  return reader.picture(readLab(file).lab)!;
}

/** Ports of every VLAN, as VDE prints them: `10: 1t 2`. */
async function printed(of: RunningSwitch): Promise<readonly string[]> {
  const { data } = await dialer.exchange(of.management!, 'vlan/allprint');
  return parseVlans(data)
    .map(({ vlan, ports }) => ({ vlan, ports: ports.map(port => `${port.number}${port.isTagged ? 't' : ''}`).sort() }))
    .filter(({ ports }) => ports.length > 0)
    .map(({ vlan, ports }) => `${vlan}: ${ports.join(' ')}`);
}

function wished(wishes: readonly PortWish[]): readonly string[] {
  const vlans = new Map<number, string[]>();
  for (const { number, untagged, tagged } of wishes) {
    vlans.set(untagged, [...(vlans.get(untagged) ?? []), String(number)]);
    for (const vlan of tagged) vlans.set(vlan, [...(vlans.get(vlan) ?? []), `${number}t`]);
  }
  return [...vlans].sort(([a], [b]) => a - b).map(([vlan, ports]) => `${vlan}: ${ports.sort().join(' ')}`);
}

const vlan = fc.constantFrom(10, 20, 30, 4093);
const port = fc.record({ untagged: fc.oneof(fc.constant(0), vlan), tagged: fc.uniqueArray(vlan) });
const states = fc.sample(fc.array(port, { minLength: 4, maxLength: 4 }), { numRuns: 25, seed: 4 });

test('whatever is made of a matrix, VDE prints the same, a lab file can say it, and the file brings its own back', async () => {
  const of = await startSwitch();
  const begun = await printed(of);
  for (const state of states) {
    const wishes = Object.entries(plugs).map(([number, plug], at): PortWish => {
      const { untagged, tagged } = state[at]!;
      return { number: Number(number), plug, untagged, tagged: tagged.filter(one => one !== untagged) };
    });

    const tell = async (picture: SwitchPicture) =>
      tellSwitch(dialer, of.name, of.management!, commandsFor(picture, wishes));
    await tell(await look(of, text));
    expect(await printed(of)).toEqual(wished(wishes));

    const { edits, left } = adoptionOf(text, await look(of, text));
    const adopted = applyEdits(text, edits);
    expect(left).toEqual([]);
    expect(readLab(adopted).problems.filter(problem => problem.severity === 'error')).toEqual([]);
    expect(adopted.match(/#.*$/gm)).toEqual(expect.arrayContaining(['# the one']));
    expect((await look(of, adopted)).drift).toEqual([]);
  }

  const { drift } = await look(of, text);
  await tellSwitch(dialer, of.name, of.management!, fixesOf(drift!));
  expect(await printed(of)).toEqual(begun);
  expect((await look(of, text)).drift).toEqual([]);
});
