import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { freeIds } from '../support/free-ids.ts';
import { endAgent, packGuestAgent, startAgent, unpackAgent } from '../support/guest-agent.ts';
import { GuestConsole } from '../support/guest-console.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const cli = path.resolve('dist/cli.js');
const children: ChildProcess[] = [];
/** What is to be closed at the end, whatever happens. */
const opened: (() => void)[] = [];
const limit = { timeout: 300_000 };
const wait = { timeout: 120_000, interval: 100 };
let lab: ScriptLab;
let file: string;
let fw: GuestConsole;
let env: NodeJS.ProcessEnv;

/** fw has a real QEMU guest agent, web a web server; `never` says what it never will, so nobody gets to start `behind`. */
const labText = (ids: readonly number[], guest: string): string => `name: order
switches: { lan: { network: 10.9.8.0/24 } }
templates:
  small: { memory: 96M, accel: tcg, guest: tiny }
vms:
  behind: { id: ${ids[3]!}, extends: small, after: never }
  web:
    id: ${ids[1]!}
    extends: small
    after: fw
    ready: { prompt: '/^READY we.$/', port: tcp/80, command: 'hostname; id -u', answer: '/^web$/', within: 4m }
    nics: [{ switch: lan, address: 10.9.8.2/24, vlan: 7 }]
  fw:
    id: ${ids[0]!}
    memory: 160M
    accel: tcg
    kernel: ${guest}/vmlinuz
    initrd: ${guest}/initrd
    append: console=ttyS0 quiet no_timer_check lab.name=fw
    disks: [{ file: agent.tar, format: raw }]
    ready: { agent: true, within: 4m }
  never: { id: ${ids[2]!}, extends: small, ready: { prompt: no such words, within: 2s } }
`;

beforeAll(async () => {
  const text = labText(await freeIds(4), await tinyGuestDir());
  const { lab: read, problems } = readLab(text);
  expect(problems).toEqual([]);
  lab = new ScriptLab(read!);
  opened.push(() => lab.dispose());
  file = path.join(lab.folder, '..', 'order.lab.yaml');
  writeFileSync(file, text);
  await packGuestAgent(path.join(lab.folder, '..', 'agent.tar'));
  symlinkSync(await tinyGuestDir(), path.join(lab.folder, '../guest'));
  env = { ...process.env, KVMLAB_RUN_ROOT: lab.runRoot, HOME: lab.root, KVMLAB_ACCEL: 'tcg' };
}, 300_000);

afterAll(() => {
  for (const close of opened) close();
  for (const child of children) child.kill('SIGKILL');
});

async function kvmlab(...words: readonly string[]) {
  const child = begin(process.execPath, cli, ...words);
  return { code: await child.ended, out: child.out(), err: child.err() };
}

function begin(program: string, ...words: readonly string[]) {
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { ended, out: () => said.out, err: () => said.err };
}

const idOf = (name: string): number => lab.lab.vms.find(vm => vm.name === name)!.id!;
const console = (name: string): Promise<GuestConsole> => GuestConsole.open(serialPort(idOf(name)));
const runs = (name: string): boolean => lab.processes(`${name}.pid`).length > 0;

interface Status {
  readonly vms: readonly { readonly name: string; readonly state: string; readonly ready: unknown }[];
}

async function statusOf(name: string) {
  const { vms } = JSON.parse((await kvmlab('status', file, '--json')).out) as Status;
  return vms.find(vm => vm.name === name);
}

test(
  'a VM is held back until the one that it comes after is ready, by the word of its guest agent',
  limit,
  async () => {
    const start = begin(process.execPath, cli, 'start', file);
    await expect.poll(() => runs('fw'), wait).toBe(true);
    fw = await console('fw');
    opened.unshift(() => fw.close());
    await fw.waitFor(/~\S* /);

    expect(await statusOf('fw')).toMatchObject({ state: 'running', ready: { state: 'booting' } });
    expect((await kvmlab('status', file)).out).toMatch(/^fw +running, booting /m);
    expect(start.err()).toContain('vm web: waits until fw is ready');
    expect(runs('web')).toBe(false);

    expect(await fw.run(unpackAgent)).toMatchObject({ code: 0 });
    await fw.run(startAgent);
    const code = await start.ended;

    expect(start.err()).toContain(
      'vm behind: failed: behind was not started. It comes after never. never was not ready within 2 s.',
    );
    expect(start.err()).toContain('has not printed "no such words"');
    expect(code).toBe(1);
    expect([runs('web'), runs('never'), runs('behind')]).toEqual([true, true, false]);
    expect(readFileSync(path.join(lab.run, 'fw.ready'), 'utf8')).toMatch(/^\d+ (\d+|-)\n$/);
  },
);

test('it is waited for until all of its signs hold: words on its console, a port, a command', limit, async () => {
  const ready = await kvmlab('ready', file, 'web', 'fw', '--json');

  expect(ready.code, ready.err).toBe(0);
  expect(JSON.parse(ready.out)).toMatchObject({
    vms: [
      { name: 'web', state: 'ready' },
      { name: 'fw', state: 'ready' },
    ],
  });
  expect(await statusOf('web')).toMatchObject({ ready: { state: 'ready', usual: null } });
});

const reasonAgainstWeb = async () => (await kvmlab('ready', file, 'web', '--timeout', '1')).err;

test('what keeps it from being ready is said', limit, async () => {
  const web = await console('web');
  await web.run('killall httpd');
  web.close();
  rmSync(path.join(lab.run, 'web.ready'));
  await expect
    .poll(reasonAgainstWeb, wait)
    .toBe('web was not ready within 1 s. Port tcp/80 is not open: 10.9.8.2 refuses connections.\n');

  const again = await console('web');
  await again.run('ip link set eth0 down');
  again.close();
  await expect
    .poll(reasonAgainstWeb, wait)
    .toBe('web was not ready within 1 s. Port tcp/80 is not open: nobody answers for 10.9.8.2.\n');
  expect(await kvmlab('ready', file, 'behind')).toMatchObject({ code: 1, err: 'behind does not run.\n' });
});

test('the scripts keep the order without us', limit, async () => {
  await lab.script('web.sh', 'kill');
  expect(await fw.run(endAgent)).toMatchObject({ code: 0 });
  rmSync(path.join(lab.run, 'fw.ready'));
  const start = begin(path.join(lab.folder, 'lab.sh'), 'start', 'web');
  await expect.poll(() => lab.processes('\0ready\0fw\0').length, wait).toBeGreaterThan(0);
  expect(runs('web')).toBe(false);

  await fw.run(startAgent);

  expect(await start.ended).toBe(0);
  expect(runs('web')).toBe(true);
  expect(existsSync(path.join(lab.run, 'fw.ready'))).toBe(true);
  expect((await lab.script('web.sh', 'ready')).output).toContain('Only kvmlab ready can see of web: port tcp/80');

  const late = await lab.script('lab.sh', 'start');
  expect(late.output).toContain(
    "never was not ready within 2 seconds: its serial console has not printed 'no such words'",
  );
  expect(late.output).toContain('behind was not started: it comes after never, which is not ready (see above).');
  expect([late.code, runs('behind')]).toEqual([1, false]);
});
