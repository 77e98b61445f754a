import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { SampleLab } from '../support/sample-lab.ts';

let sample: SampleLab | undefined;

afterEach(() => {
  sample?.dispose();
  sample = undefined;
});

interface Status {
  readonly vms: readonly { name: string; state: string; pid: number | null }[];
  readonly switches: readonly { name: string; state: string; pid: number | null }[];
}

async function status(lab: SampleLab): Promise<Status> {
  const { output } = await lab.kvmlab('status', '--json');
  return JSON.parse(output) as Status;
}

const pings = (address: string): string => `ping -c 1 -W 3 ${address} >/dev/null`;
/** On a busy machine the first answers may come too late. */
const reaches = (address: string): string => `until ${pings(address)}; do :; done`;

test('the firewall sample: pc reaches web, and only through fw', async () => {
  sample = await SampleLab.open('firewall');

  const started = await sample.kvmlab('start');
  expect(started, started.output).toMatchObject({ code: 0 });
  const pc = await sample.console('pc');
  await (await sample.console('web')).waitFor(/$/);
  await (await sample.console('fw')).waitFor(/$/);

  expect(await pc.run(reaches('10.1.0.80'))).toMatchObject({ code: 0 });
  expect((await pc.run('traceroute -n -q 3 -w 5 10.1.0.80')).output).toMatch(/1 +192\.168\.10\.1[^]*2 +10\.1\.0\.80/);
  expect((await pc.run('wget -qO- http://10.1.0.80/')).output).toContain('web');

  expect(await sample.kvmlab('stop', sample.file, 'fw')).toMatchObject({ code: 0 });
  expect(await pc.run(pings('10.1.0.80'))).toMatchObject({ code: 1 });
  expect((await status(sample)).vms.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'fw stopped',
    'pc running',
    'web running',
  ]);

  expect(await sample.kvmlab('stop')).toMatchObject({ code: 0 });
  await expect.poll(() => processesThatMention(sample?.root ?? '')).toEqual([]);
});

test('the vlans sample: a VLAN reaches across the trunk, and the other VLAN on the same switch does not answer', async () => {
  sample = await SampleLab.open('vlans');

  const started = await sample.kvmlab('start');
  expect(started, started.output).toMatchObject({ code: 0 });
  const red1 = await sample.console('red1');
  await sample.console('red2');
  await sample.console('blue1');

  expect(await red1.run(reaches('192.168.50.2'))).toMatchObject({ code: 0 });
  expect(await red1.run(pings('192.168.50.3'))).toMatchObject({ code: 1 });
  expect(await red1.run(pings('192.168.50.4'))).toMatchObject({ code: 1 });
});

test('the office sample: ten VMs at once, and its edge gets an address from the uplink', async () => {
  sample = await SampleLab.open('office');

  const started = await sample.kvmlab('start');
  expect(started, started.output).toMatchObject({ code: 0 });
  const edge = await sample.console('edge');
  await edge.run('until ip -4 addr show dev eth0 | grep -q "inet 10.0.2."; do sleep 1; done', 120_000);

  expect(await edge.run(reaches('10.0.2.2'))).toMatchObject({ code: 0 });
  expect((await status(sample)).vms.every(({ state }) => state === 'running')).toBe(true);
});

test('the campus sample: a row of seats from a template of an included file, on both sides of the router', async () => {
  sample = await SampleLab.open('campus');

  const started = await sample.kvmlab('start');
  expect(started, started.output).toMatchObject({ code: 0 });
  const seat = await sample.console('seat-1');
  for (const vm of ['seat-5', 'router', 'server']) await sample.console(vm);

  expect(await seat.run(reaches('10.30.1.15'))).toMatchObject({ code: 0 });
  expect(await seat.run(reaches('10.30.0.80'))).toMatchObject({ code: 0 });
  expect((await seat.run('wget -qO- http://10.30.0.80/')).output).toContain('server');
  expect((await status(sample)).vms.map(({ name, state }) => `${name} ${state}`)).toEqual(
    ['router', 'server', 'seat-1', 'seat-2', 'seat-3', 'seat-4', 'seat-5'].map(name => `${name} running`),
  );
});

test('killing the command, a VM and a switch in the middle leaves nothing that a new start does not mend', async () => {
  sample = await SampleLab.open('firewall');
  for (const ms of [150, 400, 800]) {
    const begun = sample.begin('start');
    await new Promise(done => setTimeout(done, ms));
    killIfAlive(begun.pid);
    await begun.done;
  }

  expect([0, 3]).toContain((await sample.kvmlab('start')).code);
  const before = await status(sample);
  process.kill(before.vms.find(({ name }) => name === 'pc')!.pid!, 'SIGKILL');
  process.kill(before.switches.find(({ name }) => name === 'lan')!.pid!, 'SIGKILL');
  const again = await sample.kvmlab('start');

  expect(again, again.output).toMatchObject({ code: 0 });
  expect((await status(sample)).vms.every(({ state }) => state === 'running')).toBe(true);
  await expect.poll(() => processesThatMention(path.join(sample?.root ?? '', 'r/firewall/')).length).toBe(5);
  const pc = await sample.console('pc');
  await sample.console('fw');
  await sample.console('web');
  expect(await pc.run(reaches('10.1.0.80'))).toMatchObject({ code: 0 });
});

test('the same lab file gives the same bytes, and a hand edit stays', async () => {
  sample = await SampleLab.open('firewall');
  const folder = path.join(path.dirname(sample.file), 'firewall');
  const { output } = await sample.kvmlab('script');
  const first = readFileSync(path.join(folder, 'fw.sh'), 'utf8');

  const out = await sample.kvmlab('script', sample.file, '--out', path.join(sample.root, 'w/other'));

  expect(output.trim().split('\n')).toContain(path.join(folder, 'fw.sh'));
  expect(out.code).toBe(0);
  expect(readFileSync(path.join(sample.root, 'w/other/fw.sh'), 'utf8')).toBe(first);
});

test('a lab that is stopped while it boots powers off, not waiting for the end of its patience', async () => {
  sample = await SampleLab.open('firewall');
  await sample.kvmlab('start');

  const stopped = await sample.kvmlab('stop');

  expect(stopped, stopped.output).toMatchObject({ code: 0 });
  expect(stopped.output).not.toContain('did not power off');
});
