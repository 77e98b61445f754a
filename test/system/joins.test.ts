import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { FramePlug } from '../support/frame-plug.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { killIfAlive } from '../support/own-processes.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';

/** What was made last goes first. */
const made: { dispose(): void }[] = [];
const own = <Thing extends { dispose(): void }>(thing: Thing): Thing => {
  made.push(thing);
  return thing;
};

afterEach(() => {
  for (const thing of made.splice(0).reverse()) thing.dispose();
});

const textOf = (a: number, b: number): string => `name: spread
hosts: { other: {} }
defaults: { memory: 96M }
switches: { lan: { slirp: true }, far: {} }
vms:
  a: { id: ${a}, guest: tiny, nics: [{ switch: lan, address: 10.0.2.51/24, tagged: { 10: 10.9.10.1/24 } }] }
  b: { id: ${b}, guest: tiny, host: other, nics: [{ switch: lan, address: 10.0.2.52/24, tagged: { 10: 10.9.10.2/24 } }, { switch: far }] }
`;

/** The scripts of one lab on two hosts: this one, and this one once more. */
async function twoHosts(ids: readonly number[]): Promise<{ here: ScriptLab; there: ScriptLab; ssh: SshHost }> {
  const { lab, problems } = readLab(textOf(ids[0]!, ids[1]!));
  expect(problems).toEqual([]);
  const there = own(new ScriptLab(lab!));
  const ssh = own(await SshHost.start(there.runRoot));
  const here = own(new ScriptLab(lab!));
  for (const one of [here, there]) symlinkSync(await tinyGuestDir(), path.join(one.folder, '..', 'guest'));
  const script = path.join(here.folder, 'wire-lan@other.sh');
  writeFileSync(script, readFileSync(script, 'utf8').replace('SSH_OPTIONS=()', `SSH_OPTIONS=(-F ${ssh.config})`));
  // As scripts that were copied to a host have it.
  writeFileSync(path.join(there.folder, 'host'), 'other\n');
  return { here, there, ssh };
}

async function shell(name: string, id: number): Promise<GuestConsole> {
  const console = await GuestConsole.open(10_000 + id);
  own({ dispose: () => console.close() });
  console.type('\r');
  await console.waitFor(new RegExp(`${name}:~# `));
  return console;
}

/** Returns when each address has answered. */
async function reaches(guest: GuestConsole, ...addresses: readonly string[]): Promise<void> {
  for (const address of addresses)
    await guest.run(`until ping -c 1 -W 1 ${address} >/dev/null; do sleep 0.2; done`, 180_000);
}

const leftovers = (lab: ScriptLab): readonly string[] =>
  readdirSync(lab.run).filter(name => /^(wire|switch)-/.test(name) && !name.endsWith('.lock') && !name.endsWith('.rc'));

test.skipIf(!hasSshServer)(
  'VMs of two hosts are on one switch: each host starts its part, the join is there when both are, and heals',
  async () => {
    const ids = await freeIds(2);
    const { here, there, ssh } = await twoHosts(ids);

    const first = await here.script('lab.sh', 'start');
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain('Wire lan@other: other cannot be reached now and is tried again: ');
    expect(await there.script('lab.sh', 'start')).toMatchObject({ code: 0 });
    expect((await there.script('lab.sh', 'status')).output).not.toContain('uplink');
    const [a, b] = await Promise.all([shell('a', ids[0]!), shell('b', ids[1]!)]);
    // The uplink is here only; the VLAN crosses with its tag.
    await reaches(b, '10.0.2.51', '10.9.10.1', '10.0.2.2');

    for (const pid of ssh.clients()) killIfAlive(pid);
    await reaches(a, '10.0.2.52', '10.9.10.2');
    await here.kill('switch-lan.pid');
    expect(await here.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
    await reaches(b, '10.0.2.51', '10.9.10.1');
    await there.kill('switch-lan.pid');
    expect(await there.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
    await reaches(a, '10.0.2.52', '10.9.10.2');
    expect((await here.script('wire-lan@other.sh', 'status')).output).toMatch(/^wire lan@other running, process \d+/);

    expect(await there.script('lab.sh', 'kill')).toMatchObject({ code: 0 });
    expect(await here.script('lab.sh', 'kill')).toMatchObject({ code: 0 });
    expect([...here.processes(), ...there.processes()]).toEqual([]);
    expect([...leftovers(here), ...leftovers(there)]).toEqual([]);
  },
);

test.skipIf(!hasSshServer)(
  'a switch of two other hosts is joined by one of them alone, however it comes up; a third one may come later',
  async () => {
    const { lab } = readLab(`name: three
hosts: { left: { ssh: other }, right: {}, third: {} }
switches: { lan: {} }
vms: { a: { id: 1, host: left, nics: [{ switch: lan }] }, b: { id: 2, host: right, nics: [{ switch: lan }] } }
`);
    const hosts = new Map(['left', 'right', 'third'].map(name => [name, own(new ScriptLab(lab!))]));
    const [left, right, third] = [...hosts.values()] as [ScriptLab, ScriptLab, ScriptLab];
    const ssh = own(await SshHost.start(left.runRoot));
    for (const [name, one] of hosts) {
      writeFileSync(path.join(one.folder, 'host'), `${name}\n`);
      for (const file of readdirSync(one.folder).filter(entry => entry.startsWith('wire-'))) {
        const script = path.join(one.folder, file);
        writeFileSync(script, readFileSync(script, 'utf8').replace('SSH_OPTIONS=()', `SSH_OPTIONS=(-F ${ssh.config})`));
      }
    }

    for (const one of hosts.values()) expect(await one.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
    const plugs = [...hosts.values()].map((one, at) => own(new FramePlug(path.join(one.run, 'switch-lan'), at + 1)));
    await until(
      'frames from each of them at all others',
      () => {
        plugs.forEach((plug, at) => plug.broadcast(`from ${at}`));
        return Promise.resolve(
          plugs.every((plug, at) => [0, 1, 2].every(from => from === at || plug.counts(`from ${from}`)[0]! > 0)),
        );
      },
      { intervalMs: 200, timeoutMs: 120_000 },
    );

    expect(leftovers(left).filter(name => name.startsWith('wire-'))).toEqual([]);
    expect((await right.script('wire-lan@right.sh', 'status')).output).toMatch(/^wire lan@right running/);
    expect(await left.script('wire-lan@right.sh', 'start')).toMatchObject({ code: 1 });
    expect((await third.script('lab.sh', 'status')).output).toMatch(/^wire lan@third running/m);
    for (const one of [right, third, left]) expect(await one.script('lab.sh', 'stop')).toMatchObject({ code: 0 });
    expect([...hosts.values()].flatMap(one => [...one.processes(), ...leftovers(one)])).toEqual([]);
  },
);

test('what belongs to another host is refused with its place, and stopped with the rest where it runs all the same', async () => {
  const ids = await freeIds(2);
  const lab = own(new ScriptLab(readLab(textOf(ids[0]!, ids[1]!)).lab!));
  symlinkSync(await tinyGuestDir(), path.join(lab.folder, '..', 'guest'));

  const vm = await lab.script('b.sh', 'start');
  const wire = await lab.script('lab.sh', 'start', 'HOST=other', 'a');
  const unknown = await lab.script('lab.sh', 'start', 'HOST=nowhere');

  expect(vm).toMatchObject({ code: 1 });
  expect(vm.output.trim()).toBe(
    'b belongs to other, and this is the host of the lab file. Start it there: ssh other kvmlab/spread/b.sh start',
  );
  expect(wire).toMatchObject({ code: 2, output: 'This host has no VM a. It has: b\n' });
  expect(unknown).toMatchObject({ code: 2, output: 'This lab has no host nowhere. It has: other\n' });
  expect(await lab.script('b.sh', 'start', 'RUNS_ON=')).toMatchObject({ code: 0 });
  const { output } = await lab.script('lab.sh', 'status');
  expect(output).toMatch(/^b running/m);
  // Its switch came with it, and tries to join that of the other host.
  expect(output).toMatch(/^switch far running/m);
  expect(output).toMatch(/^wire far@other reconnecting/m);
  expect(await lab.script('lab.sh', 'kill')).toMatchObject({ code: 0 });
  await until('all to be gone', () => Promise.resolve(lab.processes().length === 0));
});
