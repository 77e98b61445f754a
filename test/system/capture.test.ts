import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SocketQmpDialer } from '../../extension/host/qmp-dialer.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { decodeFrame } from '../../extension/packets/decode.ts';
import { PcapReader } from '../../extension/packets/pcap.ts';
import { queryDumps } from '../../extension/qemu/filter-dump.ts';
import { freeIds } from '../support/free-ids.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';

const cli = path.resolve('dist/cli.js');
const patience = { timeout: 400_000 };

let lab: ScriptLab;
let guest: GuestConsole;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const [one = 0, two = 0] = await freeIds(2);
  const text = [
    'name: cap',
    'switches: { lan: {}, far: {} }',
    'wires: [{ between: [lan, far] }]',
    'vms:',
    `  one: { id: ${one}, guest: tiny, memory: 96M, nics: [{ switch: lan, address: 10.9.0.1/24 }] }`,
    `  two: { id: ${two}, guest: tiny, memory: 96M, nics: [{ switch: far, address: 10.9.0.2/24 }] }`,
    '',
  ].join('\n');
  lab = new ScriptLab(readLab(text, { fileName: 'cap.lab.yaml' }).lab!);
  symlinkSync(await tinyGuestDir(), path.join(lab.folder, '..', 'guest'));
  expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  guest = await GuestConsole.open(10_000 + one);
  guest.type('\r');
  await guest.waitFor(/one:~# /, 180_000);
  await guest.run('until ping -c 1 -W 1 10.9.0.2 >/dev/null; do sleep 0.1; done');
}, 400_000);

afterAll(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  guest.close();
  lab.dispose();
});

/** A `kvmlab capture` that has begun. */
class Capture {
  readonly child: ChildProcess;
  private said = '';
  private readonly chunks: Buffer[] = [];

  constructor(words: readonly string[]) {
    const env = { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot, HOME: lab.root };
    const child = spawn(process.execPath, [cli, ...words], { env, cwd: lab.root, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    this.child = child;
    child.stderr.on('data', (bytes: Buffer) => (this.said += bytes.toString()));
    child.stdout.on('data', (bytes: Buffer) => this.chunks.push(bytes));
  }

  get words(): string {
    return this.said;
  }

  get output(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Gives the exit code. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended();
  }

  /** The pings in a file, or in what was printed: `→ 1` for a request, `← 1` for its answer. */
  pings(file?: string): readonly string[] {
    const bytes = file === undefined ? Buffer.concat(this.chunks) : readFileSync(path.join(lab.root, file));
    return new PcapReader().push(bytes).flatMap(frame => {
      const [, kind, sequence] = /^Echo (request|reply) id=\d+ seq=(\d+)$/.exec(decodeFrame(frame.bytes).info) ?? [];
      return kind === undefined ? [] : [`${kind === 'request' ? '→' : '←'} ${sequence ?? ''}`];
    });
  }
}

/** A capture whose source gives frames from now on. */
async function capture(file: string, ...words: readonly string[]): Promise<Capture> {
  const begun = new Capture(['capture', ...words, '-w', file]);
  await until('the capture to begin', () => {
    if (begun.child.exitCode !== null) throw new Error(begun.words);
    return Promise.resolve(begun.words.includes('Capturing'));
  });
  return begun;
}

/** Marks by which captures are found. */
const marks = (): readonly string[] => {
  const folder = path.join(lab.runRoot, 'captures');
  return existsSync(folder) ? readdirSync(folder) : [];
};

const objects = (): Promise<readonly string[]> => new SocketQmpDialer().ask(path.join(lab.run, 'one.qmp'), queryDumps);

const spools = (): readonly string[] => readdirSync(lab.run).filter(name => name.endsWith('.pcap'));

const pinged = async (count: number): Promise<void> => {
  await guest.run(`ping -c ${count} 10.9.0.2 >/dev/null`);
};

const threePings = ['→ 0', '← 0', '→ 1', '← 1', '→ 2', '← 2'];

describe('a capture without root', () => {
  test('of a NIC holds exactly its pings, and leaves nothing behind', patience, async () => {
    const it = await capture('nic.pcap', 'vm:cap/one:1');
    expect(await objects()).toEqual([`kvmlab-capture-${it.child.pid}`]);
    await pinged(3);
    expect(await it.stop()).toBe(0);

    expect(it.pings('nic.pcap')).toEqual(threePings);
    expect([await objects(), spools(), marks()]).toEqual([[], [], []]);
  });

  test.each([
    ['a switch', 'lan', 'switch.pcap'],
    ['a port', 'lan:1', 'port.pcap'],
    ['a wire', 'lan-far', 'wire.pcap'],
  ])('of %s holds exactly the pings that pass', patience, async (_, what, file) => {
    const it = await capture(file, what);
    await pinged(3);
    await until('all pings in the file', () => Promise.resolve(it.pings(file).length >= 6));
    expect(await it.stop()).toBe(0);

    expect(it.pings(file)).toEqual(threePings);
    expect([marks(), it.words.includes('missing')]).toEqual([[], false]);
  });

  test('with a filter and a count ends by itself, into a pipe too', patience, async () => {
    const it = await capture('-', 'vm:cap/one:1', '--filter', 'icmp and src host 10.9.0.2', '--count', '2');
    await guest.run('ip neigh flush dev eth0; ping -c 3 10.9.0.2 >/dev/null');

    expect(await it.ended()).toBe(0);
    expect(it.pings()).toEqual(['← 0', '← 1']);
    expect([await objects(), spools()]).toEqual([[], []]);
  });

  test('of a switch goes on after the switch was killed and started again', patience, async () => {
    const it = await capture('healed.pcap', 'switch:lan');
    await lab.kill('switch-lan.pid');
    await until('the loss of the switch', () => Promise.resolve(it.words.includes('has stopped')));
    expect(await lab.script('switch-lan.sh', 'start')).toMatchObject({ code: 0 });
    await until('the switch to be back', () => Promise.resolve(it.words.includes('Switch lan is back.')));
    await guest.run('until ping -c 1 -W 1 10.9.0.2 >/dev/null; do sleep 0.1; done');
    const before = it.pings('healed.pcap').length;
    const { output } = await guest.run('ping -c 3 10.9.0.2');
    const came = (): readonly string[] => it.pings('healed.pcap').slice(before);
    await until(
      () => `six more pings than ${came().join(' ')}. The guest said:\n${output}\nThe capture said:\n${it.words}`,
      () => Promise.resolve(came().length >= 6),
    );
    expect(await it.stop()).toBe(0);

    expect(it.pings('healed.pcap').slice(-6)).toEqual(threePings);
  });

  test('that was killed is listed no more, and what it left in QEMU goes with the next one', patience, async () => {
    const killed = await capture('killed.pcap', 'vm:cap/one:1');
    killed.child.kill('SIGKILL');
    await killed.ended();
    const listed = new Capture(['captures', '--json']);
    await listed.ended();
    const next = await capture('next.pcap', 'vm:cap/one');
    expect(await objects()).toEqual([`kvmlab-capture-${next.child.pid}`]);
    expect(await next.stop()).toBe(0);

    expect(JSON.parse(listed.output)).toEqual([]);
    expect([await objects(), spools()]).toEqual([[], []]);
  });

  test('is listed and stopped by its name; a file that is there is not overwritten', patience, async () => {
    const it = await capture('listed.pcap', 'lan');
    const again = new Capture(['capture', 'lan', '-w', 'listed.pcap']);
    expect(await again.ended()).toBe(1);
    const listed = new Capture(['captures', '--json']);
    await listed.ended();
    const stopped = new Capture(['captures', 'stop', 'lan']);
    expect([await stopped.ended(), await it.ended()]).toEqual([0, 0]);

    expect(again.words).toMatch(/listed\.pcap is there already/);
    expect(JSON.parse(listed.output)).toMatchObject([
      { what: 'switch:cap/lan', pid: it.child.pid, file: path.join(lab.root, 'listed.pcap') },
    ]);
  });

  test.each([
    [['capture', 'nobody', '-w', 'x.pcap'], /No VM, switch or wire nobody runs/],
    [['capture', 'vm:cap/one:7', '-w', 'x7.pcap'], /NIC 7 of one cannot be captured/],
    [['capture', 'lan:99', '-w', 'x.pcap'], /ports 1 to 31/],
    [['capture', 'lan', '-w', 'x.pcap', '--filter', 'no such thing'], /filter "no such thing" is not understood/],
  ])('%j says why it cannot be', patience, async (words, reason) => {
    const it = new Capture(words);

    expect(await it.ended()).toBe(1);
    expect(it.words).toMatch(reason);
    expect([marks(), existsSync(path.join(lab.root, words[3] ?? ''))]).toEqual([[], false]);
  });
});

test('plugins of a switch are listed, loaded and unloaded', patience, async () => {
  const run = async (...words: readonly string[]): Promise<readonly [number | null, string]> => {
    const it = new Capture(['plugins', 'far', ...words]);
    return [await it.ended(), it.output];
  };

  expect((await run('load', 'iplog'))[0]).toBe(0);
  expect((await run('load', 'iplog'))[0]).toBe(3);
  expect((await run('--json'))[1]).toContain('"name": "iplog"');
  expect((await run('unload', 'iplog'))[0]).toBe(0);
  expect((await run('unload', 'iplog'))[0]).toBe(3);
  expect((await run('load', 'nonsense'))[0]).toBe(1);
});
