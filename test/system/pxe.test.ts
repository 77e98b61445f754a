import { once } from 'node:events';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tinyGuestAppend } from '../../extension/guest/append.ts';
import { displayPort } from '../../extension/lab/networks/addressing.ts';
import type { Lab } from '../../extension/lab/model.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';

let lab: ScriptLab | undefined;
const consoles: GuestConsole[] = [];

afterEach(() => {
  for (const console of consoles.splice(0)) console.close();
  lab?.dispose();
});

/** `boot` has no way outside; `inet` has one, and a port of the host that leads to the guest's web server. */
const labText = ([thin, open]: readonly number[], port: number): string => `name: pxe
switches:
  boot: { network: 10.9.3.0/24, pxe: { root: 'tftp, all', file: boot.ipxe } }
  inet: { slirp: { forward: tcp ${port} 10.0.2.15:80 }, pxe: { root: tftp, file: boot/open.ipxe } }
vms:
  thin: { id: ${thin}, boot: network, nics: [{ switch: boot, address: dhcp }] }
  open: { id: ${open}, boot: network, nics: [{ switch: inet, address: dhcp }] }
`;

/** What a person puts there: a kernel, an initrd and a script of iPXE that names them and tells the kernel who it is. */
async function writeBootFolder(it: Lab, folder: string, vm: string, script: string): Promise<void> {
  const file = path.join(folder, script);
  mkdirSync(path.dirname(file), { recursive: true });
  for (const name of ['vmlinuz', 'initrd'])
    copyFileSync(path.join(await tinyGuestDir(), name), path.join(path.dirname(file), name));
  const append = tinyGuestAppend(it.vms.find(({ name }) => name === vm)!);
  writeFileSync(file, `#!ipxe\nkernel vmlinuz ${append}\ninitrd initrd\nboot\n`);
}

async function start(): Promise<{ readonly it: ScriptLab; readonly ids: readonly number[]; readonly port: number }> {
  const [thin, open, third] = await freeIds(3);
  const ids = [thin!, open!];
  const port = displayPort(third!);
  const it = new ScriptLab(readLab(labText(ids, port)).lab!);
  lab = it;
  const folder = path.dirname(it.folder);
  await writeBootFolder(it.lab, path.join(folder, 'tftp, all'), 'thin', 'boot.ipxe');
  await writeBootFolder(it.lab, path.join(folder, 'tftp'), 'open', 'boot/open.ipxe');
  return { it, ids, port };
}

async function prompt(name: string, id: number): Promise<GuestConsole> {
  const console = await GuestConsole.open(10_000 + id);
  consoles.push(console);
  await console.waitFor(new RegExp(`${name}:~# `), 240_000);
  return console;
}

test('VMs boot over their switches to a prompt, a forward leads to one, and stop leaves nothing', async () => {
  const { it, ids, port } = await start();

  const started = await it.script('lab.sh', 'start');
  expect(started, started.output).toMatchObject({ code: 0 });
  const [thin, open] = await Promise.all([prompt('thin', ids[0]!), prompt('open', ids[1]!)]);

  await Promise.all([
    thin.run('until ip -4 addr show eth0 | grep -q 10.9.3.15/24; do sleep 0.1; done'),
    open.run('until ip -4 addr show eth0 | grep -q 10.0.2.15/24; do sleep 0.1; done'),
  ]);
  expect((await thin.run('ip route')).output).not.toContain('default');
  expect((await open.run('ip route')).output).toContain('default via 10.0.2.2');
  await until('the page of the guest', async () => (await pageAt(port)).includes('open'));
  expect((await it.script('switch-inet.sh', 'status')).output).toContain(`tcp:127.0.0.1:${port} to 10.0.2.15:80`);

  expect(await it.script('lab.sh', 'kill')).toMatchObject({ code: 0 });
  expect(it.processes()).toEqual([]);
});

const pageAt = (port: number): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(20_000) }).then(
    answer => answer.text(),
    () => '',
  );

test('what keeps an uplink from starting is said before anything starts', async () => {
  const { it, port } = await start();
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');

  const taken = await it.script('switch-inet.sh', 'start');
  holder.close();
  rmSync(path.join(path.dirname(it.folder), 'tftp', 'boot', 'open.ipxe'));
  const fileless = await it.script('switch-inet.sh', 'start');
  rmSync(path.join(path.dirname(it.folder), 'tftp'), { recursive: true });
  const rootless = await it.script('switch-inet.sh', 'start');

  expect(taken).toMatchObject({ code: 1 });
  expect(taken.output).toContain(
    `port ${port} of 127.0.0.1, which leads to 10.0.2.15:80, is taken by process ${process.pid}`,
  );
  expect(fileless.output).toMatch(/open\.ipxe, which VMs boot, is not there/);
  expect(rootless.output).toMatch(/tftp, from which VMs boot, is not there/);
  expect(it.processes()).toEqual([]);
});

test('an uplink lives and dies with its switch, whoever is killed', async () => {
  const { it } = await start();
  const uplink = () => it.pid('switch-inet.uplink.pid');
  expect(await it.script('switch-inet.sh', 'start')).toMatchObject({ code: 0 });
  const first = uplink();

  await it.kill('switch-inet.uplink.pid');
  expect((await it.script('switch-inet.sh', 'status')).output).toContain('uplink does not run');
  expect(await it.script('switch-inet.sh', 'start')).toMatchObject({ code: 0 });
  const second = uplink();
  await it.kill('switch-inet.pid');
  expect(await it.script('switch-inet.sh', 'start')).toMatchObject({ code: 0 });
  const third = uplink();

  expect(new Set([first, second, third]).size).toBe(3);
  expect([second, third].map(pid => it.isAlive(pid))).toEqual([false, true]);
  await it.kill('switch-inet.pid');
  expect(await it.script('switch-inet.sh', 'stop')).toMatchObject({ code: 3 });
  expect(it.processes()).toEqual([]);
});
