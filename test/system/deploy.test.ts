import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PcapReader } from '../../extension/packets/pcap.ts';
import { freeIds } from '../support/free-ids.ts';
import { cliPath } from '../support/konnect-process.ts';
import { endAndRemove, killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';
import { until } from '../support/vscode/until.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

let root: string;
let ssh: SshHost;

beforeEach(async context => {
  if (!hasSshServer) return context.skip();
  root = mkdtempSync(path.join(tmpdir(), 'kf-'));
  for (const folder of ['here', 'near', 'far']) mkdirSync(path.join(root, folder));
  ssh = await SshHost.start(path.join(root, 'far/run'));
});

afterEach(() => {
  ssh.dispose();
  for (const pid of processesThatMention(`${root}/near/.ssh/`)) killIfAlive(pid);
  endAndRemove(root);
});

interface CliRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function begin(...words: readonly string[]): ChildProcessWithoutNullStreams {
  const env = {
    ...process.env,
    PATH: `${ssh.programs()}:${process.env['PATH']}`,
    KVMLAB_RUN_ROOT: path.join(root, 'near'),
    KVMLAB_ACCEL: 'tcg',
    STOP_SECONDS: '1',
  };
  return spawn(process.execPath, [cliPath, ...words], { env, cwd: path.join(root, 'here') });
}

async function kvmlab(...words: readonly string[]): Promise<CliRun> {
  const child = begin(...words);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

interface Status {
  readonly vms: readonly { readonly name: string; readonly state: string; readonly host: string | null }[];
  readonly unknown: readonly unknown[];
}

async function states(): Promise<readonly string[]> {
  const { out } = await kvmlab('status', '--json');
  return (JSON.parse(out) as Status).vms.map(({ name, state, host }) => `${name} ${state} ${host ?? 'here'}`);
}

async function writeLab(): Promise<void> {
  const [a, b] = await freeIds(2);
  const text = `name: spread
hosts: { left: { ssh: other, run: ${root}/far/run, scripts: ${root}/far/labs } }
defaults: { memory: 96M }
switches: { lan: {} }
vms:
  a: { id: ${a}, guest: tiny, accel: tcg, after: b, nics: [{ switch: lan, address: 10.9.0.1/24 }] }
  b: { id: ${b}, guest: tiny, accel: tcg, host: left, nics: [{ switch: lan, address: 10.9.0.2/24 }] }
`;
  writeFileSync(path.join(root, 'here/spread.lab.yaml'), text);
  mkdirSync(path.join(root, 'far/labs'));
  for (const folder of ['here', 'far/labs']) symlinkSync(await tinyGuestDir(), path.join(root, folder, 'guest'));
}

test('a lab of two hosts is copied, started in order, seen, sat down at and stopped by one command each; what hinders is told', async () => {
  await writeLab();
  const there = path.join(root, 'far/labs/spread');

  const first = await kvmlab('deploy');
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(/^host left: (\d+) of \1 files were copied to .*\/far\/labs\/spread\n/);
  expect(readdirSync(there)).toEqual(expect.arrayContaining(['lab.sh', 'b.sh', 'host']));
  expect((await kvmlab('deploy')).code).toBe(3);

  const started = await kvmlab('start');
  expect(started, started.err).toMatchObject({ code: 0 });
  expect(started.err).toContain('left: b ');
  expect(started.err).toContain('vm a: waits until b is ready');
  expect(await states()).toEqual(['a running here', 'b running left']);
  expect(existsSync(path.join(root, 'far/run/spread/b.pid'))).toBe(true);
  expect(existsSync(path.join(root, 'near/spread/b.pid'))).toBe(false);

  const console = await kvmlab('konnect', 'b', '--send', '\\r', '--expect', 'b:~# ', '--timeout', '300');
  expect(console, console.err).toMatchObject({ code: 0 });
  const ping = 'until ping -c 1 -W 1 10.9.0.1; do sleep 1; done; echo it"s"there\\n';
  const reached = await kvmlab('konnect', 'b', '--send', ping, '--expect', 'itsthere', '--timeout', '300');
  expect(reached, reached.out).toMatchObject({ code: 0 });

  expect(await kvmlab('monitor', 'b', 'info', 'name')).toMatchObject({ code: 0, out: 'b\n', err: '' });

  await captureThere();

  expect(await kvmlab('stop')).toMatchObject({ code: 0 });
  expect(await states()).toEqual(['a stopped here', 'b stopped left']);
  expect(processesThatMention(path.join(root, 'far/run/spread'))).toEqual([]);
  const gone = await kvmlab('konnect', 'b');
  expect(gone).toMatchObject({ code: 1 });
  expect(gone.err).toContain('VM b does not run on host left. Start it: kvmlab start b');

  // What was changed by hand there stops a start, until it is given up.
  const script = path.join(there, 'b.sh');
  appendFileSync(script, 'echo mine\n');

  const refused = await kvmlab('start', 'b');
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.err).toMatch(/host left: .* was changed by hand[\s\S]*b\.sh[\s\S]*echo mine/);
  expect(await kvmlab('deploy', '--force', 'left')).toMatchObject({ code: 0 });
  expect(await kvmlab('start', 'b')).toMatchObject({ code: 0 });

  // A host that lets nobody in is named, and the rest is done.
  ssh.forgetKey();
  for (const pid of processesThatMention(`${root}/near/.ssh/`)) killIfAlive(pid);
  expect(await states()).toEqual(['a stopped here', 'b unknown left']);
  const stopped = await kvmlab('stop');
  expect(stopped).toMatchObject({ code: 1 });
  expect(stopped.err).toMatch(/vm b: failed: Host left cannot be reached.*ssh-copy-id other/);
  expect(existsSync(path.join(root, 'far/run/spread/b.pid'))).toBe(true);
});

/** While b, which runs at the other host, pings a. */
async function captureThere(): Promise<void> {
  const ping = 'ping 10.9.0.1 >/dev/null & echo beg"un"\\n';
  const pinging = await kvmlab('konnect', 'b', '--send', ping, '--expect', 'begun', '--timeout', '300');
  expect(pinging, pinging.out).toMatchObject({ code: 0 });

  const nic = await kvmlab('capture', 'b', '-w', path.join(root, 'nic.pcap'), '--filter', 'icmp', '--count', '4');
  expect(nic, nic.err).toMatchObject({ code: 0 });
  expect(nic.err).toMatch(/Capturing NIC 1 of b, at port \d+ of switch lan of host left into .*nic\.pcap/);
  expect(new PcapReader().push(readFileSync(path.join(root, 'nic.pcap')))).toHaveLength(4);
  const icmp = ['-w', '-', '--filter', 'icmp', '--count', '2'];
  const whole = await kvmlab('capture', 'spread.lab.yaml', 'lan', '--host', 'left', ...icmp);
  expect(whole.err, whole.out).toMatch(/Capturing switch lan of host left to standard output[^]*2 frames/);

  // ssh is cut: it is made anew.
  const file = path.join(root, 'healed.pcap');
  const healed = begin('capture', 'vm:spread/b:1', '-w', file, '--filter', 'icmp');
  let said = '';
  healed.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const grown = (than: number): Promise<boolean> => Promise.resolve(existsSync(file) && statSync(file).size > than);
  await until('frames', () => grown(500));
  const ways = processesThatMention('/switch.mgmt:').filter(pid => ssh.clients().includes(pid));
  for (const pid of ways) killIfAlive(pid);
  await until('the news', () => Promise.resolve(said.includes('or host left cannot be reached')));
  await until('the way back', () => Promise.resolve(said.includes('Switch lan is back.')));
  const { size } = statSync(file);
  await until('more frames', () => grown(size + 500));
  const over = once(healed, 'close');
  healed.kill('SIGINT');
  await over;
  expect([ways.length, healed.exitCode]).toEqual([1, 0]);
  expect(ssh.clients().filter(pid => processesThatMention('/switch.mgmt:').includes(pid))).toEqual([]);

  const nobody = await kvmlab('capture', 'b:7', '-w', '-');
  expect(nobody).toMatchObject({ code: 1 });
  expect(nobody.err).toContain('b has no NIC 7. It has: b:1.');
}
