import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import type { Lab } from '../../extension/lab/model.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { askSwitch } from '../../extension/runtime/switches/switch-look.ts';
import { switchCommands } from '../../extension/vde/switch-commands.ts';
import type { SwitchNews } from '../../extension/vde/switch-news.ts';
import { freeIds } from '../support/free-ids.ts';
import { FramePlug } from '../support/frame-plug.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { lab as aLab, networkSwitch, nic, tap, vm, wire } from '../support/lab-builder.ts';
import { processesThatMention } from '../support/own-processes.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

// VMs without a disk or kernel; -S keeps their processors still.
const idle = { memory: '16M', extra: ['-S'] };
const cli = path.resolve('dist/cli.js');
const started: ChildProcess[] = [];
let lab: ScriptLab | undefined;
let ids: readonly number[];

beforeEach(async () => {
  ids = await freeIds(2);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  lab?.dispose();
});

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function kvmlab(...words: readonly string[]): Run {
  const env = { ...process.env, KVMLAB_RUN_ROOT: lab!.runRoot, HOME: lab!.root };
  const run = spawnSync(process.execPath, [cli, ...words], { env, cwd: lab!.root, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

interface PortEntry {
  readonly port: number;
  readonly owners: readonly { readonly kind: string; readonly text: string; readonly pid: number }[];
  readonly untagged: number;
  readonly tagged: readonly number[];
}

const ports = (name: string): readonly PortEntry[] =>
  (JSON.parse(kvmlab('portlist', name, '--json').out) as { readonly ports: readonly PortEntry[] }).ports;
const who = (name: string): readonly string[] =>
  ports(name).flatMap(({ port, owners }) => owners.map(({ text }) => `${port}: ${text}`));

const mac = (at: number): string => `52:54:00:00:00:0${at}`;
const management = (name: string): string => path.join(lab!.run, `switch-${name}.mgmt`);

function open(parts: Partial<Lab>): ScriptLab {
  lab = new ScriptLab(aLab({ name: 'who', ...parts }));
  return lab;
}

const twoSwitches = (): Partial<Lab> => ({
  switches: [networkSwitch('lan', { vlans: [10, 20], slirp: { port: 30, forward: [] } }), networkSwitch('dmz')],
  wires: [wire('lan', 'dmz', { tagged: [20] })],
  vms: [
    vm('fw', ids[0], {
      ...idle,
      nics: [
        nic(1, 'lan', { port: 5, mac: mac(1), vlan: 10 }),
        nic(2, 'dmz', { port: 1, mac: mac(2) }),
        nic(3, 'lan', { port: 2, mac: mac(3), tagged: [{ vlan: 20, addresses: [] }] }),
      ],
    }),
  ],
});

describe('who hangs on the ports of real switches', () => {
  const expected = ['2: fw NIC 3', '5: fw NIC 1', '30: uplink (DHCP, NAT)', '31: wire lan-dmz to dmz port 31'];

  test('is known for several NICs of one VM, an uplink and a wire, also after a restart of switch and VM', async () => {
    const it = open(twoSwitches());
    expect(await it.script('lab.sh', 'start')).toMatchObject({ code: 0 });

    expect(who('lan')).toEqual(expected);
    expect(who('who/dmz')).toEqual(['1: fw NIC 2', '31: wire lan-dmz to lan port 31']);

    expect(await it.script('switch-lan.sh', 'restart')).toMatchObject({ code: 0 });
    expect(who('lan')).toEqual(expected);
    expect(ports('lan').map(({ port, untagged, tagged }) => [port, untagged, ...tagged])).toEqual([
      ...[
        [2, 0, 20],
        [5, 10],
        [30, 0],
        [31, 0, 20],
      ],
    ]);

    await it.script('fw.sh', 'kill');
    expect(await it.script('fw.sh', 'start')).toMatchObject({ code: 0 });
    expect(ports('lan').flatMap(({ owners }) => owners.map(one => one.pid))[0]).toBe(it.pid('fw.pid'));
    expect(who('lan')).toEqual(expected);
  });

  test('is known for NICs by VM, with what the switch says of their ports', async () => {
    const it = open(twoSwitches());
    await it.script('lab.sh', 'start');

    expect(JSON.parse(kvmlab('ethlist', 'who/fw', '--json').out)).toMatchObject([
      { nic: 1, mac: mac(1), switch: 'lan', lab: 'who', port: 5, untagged: 10, tagged: [] },
      { nic: 2, mac: mac(2), switch: 'dmz', port: 1, untagged: 0 },
      { nic: 3, mac: mac(3), switch: 'lan', port: 2, untagged: 0, tagged: [20] },
    ]);
  });

  test('is known for what no lab started: a VM, slirpvde, a plug of a stranger', async () => {
    const it = open({ switches: [networkSwitch('lan', { ports: 6 })] });
    await it.script('switch-lan.sh', 'start');
    const socket = path.join(it.run, 'switch-lan');
    const background = (program: string, ...words: readonly string[]): number => {
      const child = spawn(program, words, { stdio: ['pipe', 'ignore', 'ignore'], cwd: it.root });
      started.push(child);
      return child.pid!;
    };
    const nics = [1, 2].flatMap(at => ['-nic', `vde,sock=${socket},port=${at === 1 ? 4 : 3},mac=${mac(at)}`]);
    background(
      'qemu-system-x86_64',
      '-machine',
      'pc',
      '-m',
      '16',
      '-S',
      '-nodefaults',
      '-display',
      'none',
      '-name',
      'x',
      ...nics,
    );
    const plug = background('vde_plug', '--descr', 'somebody', socket);
    execFileSync('slirpvde', ['-s', socket, '-D', '-d', '-p', path.join(it.root, 'slirp.pid')]);

    const uid = process.getuid?.() ?? 0;
    // Its parent goes a moment later.
    const slirpPids = (): readonly number[] => processesThatMention(path.join(it.root, 'slirp.pid'));
    await expect.poll(() => slirpPids().length).toBe(1);
    await expect
      .poll(() =>
        who('lan')
          .map(text => text.replace(/^[12]: /, ''))
          .sort(),
      )
      .toEqual([
        ...['3: x NIC 2', '4: x NIC 1', `slirpvde, process ${slirpPids()[0]}`],
        `unknown process ${plug} (vde_plug, uid ${uid})`,
      ]);
  });
});

describe('a switch that is asked for everything', () => {
  test('knows every command that we have, and we have every command that it knows', async () => {
    const it = open({ switches: [networkSwitch('lan')] });
    await it.script('switch-lan.sh', 'start');
    const dialer = new SocketManagementDialer();
    const help = await dialer.exchange(management('lan'), switchCommands.help().line);
    const known = switchCommands.help().parse(help.data);
    const make = (command: (...args: never[]) => { readonly line: string }) => command(...([1, 1, 1] as never[]));
    const ours = new Set(Object.values(switchCommands).map(command => make(command).line.split(' ')[0]));

    expect([...ours].filter(command => !known.includes(command!))).toEqual([]);
    expect(known.filter(command => !ours.has(command))).toEqual([]);
    dialer.dispose();
  });

  test('tells who comes and goes', async () => {
    const it = open({ switches: [networkSwitch('lan')] });
    await it.script('switch-lan.sh', 'start');
    const dialer = new SocketManagementDialer({ answerMs: 60_000 });
    const heard: SwitchNews[] = [];
    let ends = 0;
    dialer.listen(management('lan'), ['port'], { onNews: news => heard.push(news), onEnd: () => (ends += 1) });
    await dialer.ask(management('lan'), ['showinfo']);

    const plug = spawn('vde_plug', [path.join(it.run, 'switch-lan[7]')], { stdio: ['pipe', 'ignore', 'ignore'] });
    started.push(plug);
    await expect.poll(() => heard).toContainEqual({ kind: 'port', port: 7, change: 'opened' });
    plug.kill('SIGKILL');
    await expect.poll(() => heard).toContainEqual({ kind: 'port', port: 7, change: 'closed' });

    await it.script('switch-lan.sh', 'kill');
    await expect.poll(() => ends).toBe(1);
    await it.script('switch-lan.sh', 'start');
    expect(await dialer.ask(management('lan'), ['vlan/print'])).toEqual(['VLAN 0000\n']);
    dialer.dispose();
  });
});

test.runIf(process.getuid?.() === 0)('a tap of the host is named with its interface', () => {
  const it = open({ switches: [networkSwitch('admin', { tap: tap('klwho0') })] });
  const namespace = `klw-${process.pid}`;
  execFileSync('ip', ['netns', 'add', namespace]);
  try {
    const env = { ...process.env, KVMLAB_RUN_ROOT: it.runRoot };
    const script = path.join(it.folder, 'switch-admin.sh');
    execFileSync('ip', ['netns', 'exec', namespace, script, 'start'], { env });

    expect(who('admin')).toEqual(['1: host interface klwho0']);
  } finally {
    spawnSync('ip', ['netns', 'del', namespace]);
  }
});

describe('VLANs of a running switch', () => {
  const addressed = (name: string, at: number, last: number) =>
    vm(name, ids[at], {
      memory: '96M',
      isTinyGuest: true,
      nics: [nic(1, 'lan', { port: at + 1, mac: mac(at + 1), addresses: [`10.9.0.${last}/24`] })],
    });

  test('part two guests and join them again, by port and by name', async () => {
    const it = open({ switches: [networkSwitch('lan')], vms: [addressed('a', 0, 1), addressed('b', 1, 2)] });
    symlinkSync(await tinyGuestDir(), path.join(it.folder, '..', 'guest'));
    const starts = await Promise.all(['a.sh', 'b.sh'].map(script => it.script(script, 'start')));
    expect(starts.map(run => run.code)).toEqual([0, 0]);
    // What a guest says while nobody is connected is lost: a key makes its shell show the prompt again.
    const shell = async (name: string, id: number): Promise<GuestConsole> => {
      const console = await GuestConsole.open(10_000 + id);
      console.type('\r');
      await console.waitFor(new RegExp(`${name}:~# `), 120_000);
      return console;
    };
    const [guest, second] = await Promise.all([shell('a', ids[0]!), shell('b', ids[1]!)]);
    const isReached = async (): Promise<boolean> =>
      (await guest.run('ping -c 3 -W 1 10.9.0.2')).output.includes('bytes from');

    await expect.poll(isReached).toBe(true);
    expect(kvmlab('vlan-vdecfg', 'lan', '1', 'untagged', '10')).toMatchObject({
      code: 0,
      out: 'Port 1 of switch lan: untagged 10\n',
    });
    expect(await isReached()).toBe(false);
    expect(kvmlab('name-vlan-vdecfg', 'who/b', '1', 'untagged', '10', 'tagged', '+20')).toMatchObject({
      code: 0,
      out: 'Port 2 of switch lan: untagged 10 · tagged 20\n',
    });
    await expect.poll(isReached).toBe(true);
    expect(kvmlab('vlan-vdecfg', 'lan', '1-2').out).toBe(
      'Port 1 of switch lan: untagged 10\nPort 2 of switch lan: untagged 10 · tagged 20\n',
    );
    expect(kvmlab('vlan-vdecfg', 'lan', '1', 'untagged', '10')).toMatchObject({ code: 3 });
    expect(kvmlab('vlan-vdecfg', 'lan', '2', 'untagged', 'none', 'tagged', '-20').out).toBe(
      'Port 2 of switch lan: no VLAN\n',
    );
    expect(await isReached()).toBe(false);
    guest.close();
    second.close();
  });

  test('are compared with the lab file, and brought back to what it says without touching who is plugged in', async () => {
    const text = `name: who
switches: { lan: { vlans: [10, 20] } }
vms:
  a: { id: ${ids[0]}, memory: 16M, extra: [-S], nics: [{ switch: lan, vlan: 10, tagged: [20] }] }
`;
    lab = new ScriptLab(readLab(text, { fileName: 'who.lab.yaml' }).lab!);
    const file = path.join(lab.folder, '..', 'who.lab.yaml');
    writeFileSync(file, text);
    expect(await lab.script('a.sh', 'start')).toMatchObject({ code: 0 });
    expect(kvmlab('vlan-apply', file)).toMatchObject({ code: 3 });

    kvmlab('vlan-vdecfg', 'lan', '1', 'untagged', '30', 'tagged', 'none');
    const before = kvmlab('portlist', 'lan').out;
    const applied = kvmlab('vlan-apply', file, 'lan');

    expect(before).toContain('untagged 30, file says 10; tagged none, file says 20');
    expect(before).toContain('Differs from the lab file: VLAN 30 is not in the file');
    expect(applied).toMatchObject({ code: 0 });
    expect(ports('lan')).toMatchObject([{ port: 1, owners: [{ text: 'a NIC 1' }], untagged: 10, tagged: [20] }]);
    expect(kvmlab('vlan-apply', file)).toMatchObject({ code: 3 });
  });
});

test('a MAC address that appears at another port is there at once, as often as it moves', async () => {
  const it = open({ switches: [networkSwitch('lan')] });
  await it.script('switch-lan.sh', 'start');
  const plugs = [1, 2].map(port => new FramePlug(`${it.run}/switch-lan[${port}]`, 1));
  const dialer = new SocketManagementDialer({ answerMs: 60_000 });
  const places = async (): Promise<readonly number[]> =>
    (await askSwitch(dialer, management('lan'), switchCommands.printHash())).map(({ port }) => port);
  try {
    await expect.poll(() => ports('lan').length).toBe(2);
    for (let times = 0; times < 20; times += 1) {
      // Once: what the switch does not believe now, it is not told again.
      plugs[times % 2]?.broadcast('here');
      await expect.poll(places).toEqual([1 + (times % 2)]);
    }
  } finally {
    dialer.dispose();
    for (const plug of plugs) plug.dispose();
  }
});
