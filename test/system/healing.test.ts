import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { parsePorts, parseVlans } from '../../extension/vde/port-table.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

let lab: ScriptLab | undefined;
const consoles: GuestConsole[] = [];

afterEach(() => {
  for (const console of consoles.splice(0)) console.close();
  lab?.dispose();
});

const names = ['a', 'b', 'c', 'd'];
const addressOf = (name: string): string => `10.9.0.${11 + names.indexOf(name)}`;
/** QEMU's user network answers on the second address of its network. */
const uplink = '10.9.0.2';

async function start(ids: readonly number[]): Promise<ScriptLab> {
  const vms = names.map((name, at) => {
    const nic = `{ switch: ${name === 'd' ? 'dmz' : 'lan'}, address: ${addressOf(name)}/24 }`;
    return `  ${name}: { id: ${ids[at]}, guest: tiny, memory: 96M, nics: [${nic}] }`;
  });
  const switches = 'switches: { lan: { network: 10.9.0.0/24, slirp: true }, dmz: {} }';
  const text = ['name: heal', switches, 'wires: [{ between: [lan, dmz] }]', 'vms:', ...vms, ''].join('\n');
  const started = new ScriptLab(readLab(text, { fileName: 'heal.lab.yaml' }).lab!);
  lab = started;
  symlinkSync(await tinyGuestDir(), path.join(started.folder, '..', 'guest'));
  expect(await started.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  return started;
}

async function shell(name: string, id: number): Promise<GuestConsole> {
  const console = await GuestConsole.open(10_000 + id);
  consoles.push(console);
  console.type('\r');
  await console.waitFor(new RegExp(`${name}:~# `), 180_000);
  return console;
}

/** Each guest asks all others and the uplink until they have answered. */
async function whenAllTalk(guests: readonly GuestConsole[]): Promise<void> {
  const targets = [...names.map(addressOf), uplink];
  const loops = targets.map(target => `until ping -c 1 -W 1 ${target} >/dev/null; do sleep 0.1; done`);
  await Promise.all(guests.map(guest => guest.run(loops.join('; '))));
}

test('four VMs, a wire and an uplink talk again after their switch was killed and started, without a VM restart', async () => {
  const ids = await freeIds(4);
  const it = await start(ids);
  const guests = await Promise.all(names.map((name, at) => shell(name, ids[at]!)));
  await whenAllTalk(guests);
  const pids = names.map(name => it.pid(`${name}.pid`));

  await it.kill('switch-lan.pid');
  expect((await guests[0]!.run(`ping -c 1 -W 1 ${addressOf('b')}`)).code).not.toBe(0);
  expect(await it.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
  await whenAllTalk(guests);

  expect(names.map(name => it.pid(`${name}.pid`))).toEqual(pids);
  expect(pids.map(pid => it.isAlive(pid))).toEqual([true, true, true, true]);
});

test('a VM and a wire that came into the lab later start on switches that run, each port with its VLANs', async () => {
  const [first, second] = await freeIds(2);
  const idle = 'memory: 16M, extra: [-S]';
  const before = `name: grow
switches: { lan: {}, dmz: {} }
vms:
  a: { id: ${first}, ${idle}, nics: [{ switch: lan, vlan: 10 }] }
`;
  const after = `${before}  b: { id: ${second}, ${idle}, nics: [{ switch: lan, vlan: 20, tagged: [30] }] }
wires: [{ between: [lan, dmz], vlan: 20 }]
`;
  lab = new ScriptLab(readLab(before).lab!);
  expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  const pids = ['a.pid', 'switch-lan.pid'].map(file => lab!.pid(file));

  lab.writeScripts(readLab(after).lab!);
  const runs = await Promise.all(['b.sh', 'wire-lan-dmz.sh'].map(script => lab!.script(script, 'start')));

  expect(runs).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect(['a.pid', 'switch-lan.pid'].map(file => lab!.pid(file))).toEqual(pids);
  const dialer = new SocketManagementDialer();
  const socket = path.join(lab.run, 'switch-lan.mgmt');
  const [ports = '', vlans = ''] = await dialer.ask(socket, ['port/print', 'vlan/print']);
  dialer.dispose();
  expect(parsePorts(ports).map(port => `${port.number} untagged ${port.vlan}`)).toEqual([
    ...['1 untagged 10', '2 untagged 20', '31 untagged 20'],
  ]);
  const tags = parseVlans(vlans).flatMap(({ vlan, ports: all }) =>
    all.flatMap(port => (port.isTagged ? `${port.number} tagged ${vlan}` : [])),
  );
  expect(tags).toEqual(['2 tagged 30']);
});
