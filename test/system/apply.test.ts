import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const cli = path.resolve('dist/cli.js');
const consoles: GuestConsole[] = [];
let lab: ScriptLab | undefined;
let file = '';
let ids: readonly number[];

beforeEach(async () => {
  ids = await freeIds(3);
});
afterEach(() => {
  for (const console of consoles.splice(0)) console.close();
  lab?.dispose();
});

/** Writes the file and its scripts and starts all of it. */
async function start(text: string): Promise<ScriptLab> {
  lab = new ScriptLab(readLab(text).lab!);
  file = path.join(lab.folder, '..', `${lab.lab.name}.lab.yaml`);
  writeFileSync(file, text);
  symlinkSync(await tinyGuestDir(), path.join(lab.folder, '..', 'guest'));
  expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  return lab;
}

function kvmlab(...words: readonly string[]) {
  const env = {
    ...process.env,
    KVMLAB_RUN_ROOT: lab!.runRoot,
    HOME: lab!.root,
    KVMLAB_ACCEL: 'tcg',
    STOP_SECONDS: '1',
  };
  const run = spawnSync(process.execPath, [cli, ...words], { env, cwd: lab!.root, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

interface PlannedStep {
  readonly kind: string;
  readonly words: string;
}

/** Saves the file as it is to be; gives the plan, each step with what it costs. */
function save(text: string): readonly string[] {
  writeFileSync(file, text);
  const { steps } = JSON.parse(kvmlab('plan', file, '--json').out) as { readonly steps: readonly PlannedStep[] };
  return steps.map(({ kind, words }) => `${kind}: ${words}`);
}

const pidsOf = (...names: readonly string[]): readonly number[] => names.map(name => lab!.pid(`${name}.pid`));

async function shell(name: string, id: number): Promise<GuestConsole> {
  const console = await GuestConsole.open(10_000 + id);
  consoles.push(console);
  console.type('\r');
  await console.waitFor(new RegExp(`${name}:~# `), 120_000);
  return console;
}

const guestLab = (web: string, pc: string): string => `name: move
switches: { lan: {}, dmz: {} }
vms:
  web: { id: ${ids[0]}, guest: tiny, memory: 96M, nics: [${web}] }
  pc: { id: ${ids[1]}, guest: tiny, memory: 96M, nics: [${pc}] }
`;

test('a running guest is moved, gets a NIC and loses it, changes its VLAN and its carrier; nothing is restarted', async () => {
  const [first, second] = ['address: 10.9.0.1/24', 'address: 10.9.0.2/24'];
  const before = guestLab(`{ switch: lan, ${first} }`, `{ switch: dmz, ${second} }`);
  await start(before);
  const [web, pc] = await Promise.all([shell('web', ids[0]!), shell('pc', ids[1]!)]);
  const pids = pidsOf('web', 'pc', 'switch-lan', 'switch-dmz');
  const isReached = async (): Promise<boolean> =>
    (await web.run('ping -c 3 -W 1 10.9.0.2')).output.includes('bytes from');
  const carrier = async (): Promise<string> => (await web.run('cat /sys/class/net/eth0/carrier')).output;
  expect(save(before)).toEqual([]);
  expect(kvmlab('apply', file)).toMatchObject({ code: 3 });

  // What is sent in the very moment in which a plug is moved must not block the card.
  web.type('ping -i 0.002 -q 10.9.0.2\r');
  await web.waitFor(/data bytes/);
  const moved = guestLab(`{ switch: dmz, ${first} }`, `{ switch: dmz, ${second} }`);
  // Ports follow the order of the file, so the other NIC makes room.
  const steps = ['hot: NIC 1 of web: lan port 1 → dmz port 1', 'hot: NIC 1 of pc: port of dmz 1 → 2'];
  const back = ['hot: NIC 1 of web: dmz port 1 → lan port 1', 'hot: NIC 1 of pc: port of dmz 2 → 1'];
  for (const next of [moved, before, moved]) {
    expect(save(next)).toEqual(next === moved ? steps : back);
    expect(kvmlab('apply', file)).toMatchObject({ code: 0 });
    expect(save(next)).toEqual([]);
  }
  web.type('\x03');
  await web.waitFor(/packets transmitted/);
  await expect.poll(isReached).toBe(true);

  const more = guestLab(`{ switch: dmz, ${first} }, { switch: lan }`, `{ switch: dmz, ${second} }`);
  expect(save(more)).toEqual([
    'hot: NIC 2 of web is added on lan port 1',
    'restart: web: what its tiny guest is told at boot',
  ]);
  expect(kvmlab('apply', file)).toMatchObject({ code: 0 });
  await expect.poll(async () => (await web.run('ls /sys/class/net')).output).toContain('eth1');
  expect(JSON.parse(kvmlab('portlist', 'move/lan', '--json').out)).toMatchObject({
    ports: [{ port: 1, owners: [{ text: 'web NIC 2' }] }],
  });
  expect(save(moved)).toEqual(['hot: NIC 2 of web is taken out']);
  expect(kvmlab('apply', file)).toMatchObject({ code: 0 });
  await expect.poll(async () => (await web.run('ls /sys/class/net')).output).not.toContain('eth1');

  const parted = guestLab(`{ switch: dmz, ${first}, vlan: 10 }`, `{ switch: dmz, ${second} }`);
  expect(save(parted)).toEqual(['live: port 1 of dmz (web NIC 1): untagged none → 10']);
  await expect.poll(isReached).toBe(true);
  expect(kvmlab('apply', file)).toMatchObject({ code: 0 });
  expect(await isReached()).toBe(false);
  save(moved);
  expect(kvmlab('apply', file)).toMatchObject({ code: 0 });
  await expect.poll(isReached).toBe(true);

  expect(kvmlab('link', 'move/web', '1', 'down')).toMatchObject({ code: 0 });
  await expect.poll(carrier).toBe('0');
  expect(kvmlab('link', 'move/web', '1', 'down')).toMatchObject({ code: 3 });
  expect(kvmlab('link', 'move/web', '1').out).toBe('The cable of NIC 1 of web is pulled (no carrier).\n');
  expect(await isReached()).toBe(false);
  expect(kvmlab('link', 'move/web', '1', 'up')).toMatchObject({ code: 0 });
  await expect.poll(carrier).toBe('1');
  await expect.poll(isReached).toBe(true);

  expect(save(moved.replace('memory: 96M', 'memory: 128M'))).toEqual(['restart: web: RAM 96M → 128M']);
  expect(kvmlab('apply', file)).toMatchObject({ code: 3, err: 'Not done, needs a restart: web: RAM 96M → 128M\n' });
  expect(pidsOf('web', 'pc', 'switch-lan', 'switch-dmz')).toEqual(pids);
  pc.close();
});

const idle = 'memory: 16M, extra: [-S]';

test('a lab grows and shrinks while it runs: VMs, switches and wires come and go, and who stays changes ports', async () => {
  const [a, b, z] = ids;
  const vms = (...list: readonly string[]): string => `vms:\n${list.map(one => `  ${one}\n`).join('')}`;
  const vmA = `a: { id: ${a}, ${idle}, nics: [{ switch: lan }] }`;
  const vmB = `b: { id: ${b}, ${idle}, nics: [{ switch: lan }, { switch: dmz }] }`;
  const vmZ = `z: { id: ${z}, ${idle}, nics: [{ switch: lan }, { switch: new }] }`;
  const before = `name: grow\nswitches: { lan: {}, dmz: {} }\nwires: [{ between: [lan, dmz] }]\n${vms(vmA, vmB)}`;
  await start(before);
  const pids = pidsOf('a', 'b', 'switch-lan', 'switch-dmz');

  const after = `name: grow
switches: { lan: { ports: 20, vlans: [7] }, dmz: { slirp: true }, new: {} }
wires: [{ between: [lan, new] }]
${vms(vmZ, vmA, vmB)}`;
  expect(save(after)).toEqual([
    'live: lan: ports 31 → 20',
    'live: VLAN 7 of lan is made',
    'hot: dmz: the uplink starts',
    'hot: NIC 1 of a: port of lan 1 → 2',
    'hot: NIC 1 of b: port of lan 2 → 3',
    'hot: NIC 2 of b: port of dmz 1 → 2',
    'hot: wire lan-dmz is pulled',
    'hot: wire lan-new is plugged in: lan port 20 – new port 31',
    'manual: VM z is new: it starts',
  ]);
  const applied = kvmlab('apply', file);

  expect(applied).toMatchObject({ code: 0 });
  expect(applied.err).toContain('Not done, you decide: VM z is new: it starts');
  expect(save(after)).toEqual([]);
  expect(kvmlab('start', file, 'z')).toMatchObject({ code: 0 });
  const who = (name: string) =>
    (
      JSON.parse(kvmlab('portlist', `grow/${name}`, '--json').out) as {
        ports: { port: number; owners: { text: string }[] }[];
      }
    ).ports.flatMap(({ port, owners }) => owners.map(({ text }) => `${port} ${text}`));
  expect(who('lan')).toEqual(['1 z NIC 1', '2 a NIC 1', '3 b NIC 1', '20 wire lan-new to new port 31']);
  expect(who('dmz')).toEqual(['1 uplink (DHCP, NAT)', '2 b NIC 2']);
  expect(pidsOf('a', 'b', 'switch-lan', 'switch-dmz')).toEqual(pids);

  // A VM that is not in the file any more is never stopped unasked, and keeps its port as long as it runs.
  const without = after.replace(`  ${vmZ}\n`, '');
  expect(save(without)).toEqual([
    'manual: NIC 1 of a: port of lan 2 → 1, once lan port 1 is free',
    'manual: NIC 1 of b: port of lan 3 → 2, once lan port 2 is free',
    'manual: VM z is not in the file any more: it stops',
  ]);
  expect(kvmlab('apply', file)).toMatchObject({ code: 3 });
  expect(kvmlab('apply', file, '1', '2', '3')).toMatchObject({ code: 0 });
  expect(save(without)).toEqual([]);
  expect(who('lan')).toEqual(['1 a NIC 1', '2 b NIC 1', '20 wire lan-new to new port 31']);
});
