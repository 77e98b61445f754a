import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const cli = path.resolve('dist/cli.js');
const children: ChildProcess[] = [];
let lab: ScriptLab;
let file: string;
let console: GuestConsole | undefined;
const wait = { timeout: 120_000, interval: 200 };

beforeEach(async () => {
  const [id] = await freeIds(1);
  const text = `name: cables
switches: { lan: {}, dmz: {} }
wires: [{ between: [lan, dmz] }]
vms: { web: { id: ${id!}, guest: tiny, memory: 96M, nics: [{ switch: lan }, { switch: dmz, address: 10.0.0.1/24, wire: { delay: 150ms } }] } }
`;
  lab = new ScriptLab(readLab(text).lab!);
  file = path.join(lab.folder, '..', 'cables.lab.yaml');
  writeFileSync(file, text);
  symlinkSync(await tinyGuestDir(), path.join(lab.folder, '..', 'guest'));
  expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  console = await GuestConsole.open(10_000 + id!);
  console.type('\r');
  await console.waitFor(/web:~# /);
});
afterEach(() => {
  console?.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  lab.dispose();
});

const env = () => ({ ...process.env, KVMLAB_RUN_ROOT: lab.runRoot, HOME: lab.root, KVMLAB_ACCEL: 'tcg' });

const link = (...words: readonly string[]) => kvmlab('link', file, ...words);

function kvmlab(...words: readonly string[]) {
  const run = spawnSync(process.execPath, [cli, ...words], { env: env(), encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** What is found out of NIC 2, whose guest has to answer. */
function measured(): { readonly sent: number; readonly received: number; readonly delay?: { readonly least: number } } {
  const { out } = kvmlab('wire', file, 'web', '2', '--measure', '--count', '20', '--json');
  return (JSON.parse(out) as { readonly measured: { readonly round: ReturnType<typeof measured> } }).measured.round;
}

/** Begins to flap for longer than any test lasts. */
function flapping(...words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<unknown> } {
  const child = spawn(process.execPath, [cli, 'link', file, ...words, 'flap', '--for', '60m'], {
    env: env(),
    stdio: 'ignore',
  });
  children.push(child);
  return { child, ended: new Promise(resolve => child.once('close', resolve)) };
}

const seen = async (name: string): Promise<string> =>
  (await console!.run(`cat /sys/class/net/eth0/${name}`)).output.trim();
const portOwner = (name = 'lan'): string => kvmlab('portlist', `cables/${name}`).out;
const isWireUp = (): boolean => (JSON.parse(link('lan', 'dmz', '--json').out) as { guest: string }).guest === 'up';

test('cables are pulled at either end and flap as the guest counts it; whatever ends that, they are plugged in again', async () => {
  // At the switch: its port is free, and the guest does not notice.
  expect(portOwner()).toContain(' web NIC 1');
  expect(link('web', '1', 'down', '--at', 'switch')).toEqual({
    ...{ code: 0, err: '', out: 'The cable of NIC 1 of web is pulled at the switch.\n' },
  });
  expect(portOwner()).toContain('(web NIC 1)');
  expect(await seen('carrier')).toBe('1');
  expect(link('web', '1', 'down', '--at', 'both')).toMatchObject({ code: 0 });
  await expect.poll(() => seen('carrier'), wait).toBe('0');
  expect(JSON.parse(link('web', '1', '--json').out)).toEqual({ cable: 'NIC 1 of web', guest: 'down', switch: 'down' });
  expect(link('web', '1', 'up', '--at', 'both')).toMatchObject({ code: 0 });
  expect(link('web', '1', 'up', '--at', 'both')).toMatchObject({ code: 3 });
  await expect.poll(() => seen('carrier'), wait).toBe('1');
  expect(portOwner()).toContain(' web NIC 1');

  // Through a wirefilter: it is measured by what the guest answers, and pulled at the switch with all that is wrong with it.
  expect(measured()).toMatchObject({ sent: 20, received: 20, duplicates: 0 });
  expect(measured().delay?.least).toBeGreaterThan(297);
  expect(portOwner('dmz')).not.toContain('measures');
  expect(kvmlab('wire', file, 'web', '2', 'back.delay=250ms')).toMatchObject({ code: 0 });
  expect(link('web', '2', 'down', '--at', 'switch')).toMatchObject({ code: 0, err: '' });
  expect(link('web', '2', 'down', '--at', 'switch')).toMatchObject({ code: 3 });
  expect(JSON.parse(link('web', '2', '--json').out)).toMatchObject({ guest: 'up', switch: 'down' });
  expect(portOwner('dmz')).not.toContain(' web NIC 2');
  expect(measured()).toMatchObject({ received: 0 });
  expect(link('web', '2', 'up', '--at', 'switch')).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(link('web', '2', '--json').out)).toMatchObject({ guest: 'up', switch: 'up' });
  expect(measured().delay?.least).toBeGreaterThan(397);

  // Ctrl+C.
  const downs = Number(await seen('carrier_down_count'));
  const nic = flapping('web', '1', '--every', '4s');
  await expect.poll(async () => Number(await seen('carrier_down_count')), wait).toBeGreaterThan(downs + 1);
  nic.child.kill('SIGINT');
  await nic.ended;
  expect(JSON.parse(link('web', '1', '--json').out)).toMatchObject({ guest: 'up', switch: 'up' });
  await expect.poll(() => seen('carrier'), wait).toBe('1');

  // A wire between switches, and the end of the window that flaps it.
  expect(link('lan-dmz', 'down')).toMatchObject({ code: 0 });
  expect(isWireUp()).toBe(false);
  expect(link('dmz', 'lan', 'up')).toMatchObject({ code: 0 });
  expect(isWireUp()).toBe(true);
  const window = spawn('sleep', ['1000']);
  children.push(window);
  const wire = flapping('lan', 'dmz', '--every', '10m', '--until-exit', String(window.pid!));
  await expect.poll(isWireUp, wait).toBe(false);
  window.kill('SIGKILL');
  await wire.ended;
  expect(isWireUp()).toBe(true);

  // What cannot be meant is said.
  expect(link('web', '7')).toMatchObject({ code: 1, err: expect.stringContaining('web has no NIC 7') as string });
  expect(link('lan', 'inet')).toMatchObject({ code: 1, err: expect.stringContaining('Its wires: lan-dmz.') as string });
  expect(link('web', '1', 'sideways')).toMatchObject({ code: 2 });
  expect(link('web', '1', 'flap', '--every', '2')).toMatchObject({ code: 2 });
  expect(link('web', '1', 'down', '--at', 'top')).toMatchObject({ code: 2 });
}, 400_000);
