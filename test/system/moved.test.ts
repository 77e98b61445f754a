import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { cliPath, KonnectProcess } from '../support/konnect-process.ts';
import { endAndRemove, killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';
import { until } from '../support/vscode/until.ts';

/** What is seen of a VM that was migrated, and what can be done to it, by `kvmlab` of the host that it has left. */
let root: string;
let home: string;
let ids: readonly number[];
let ssh: SshHost | undefined;
const consoles: KonnectProcess[] = [];

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'km-'));
  home = path.join(root, 'near');
  for (const folder of ['here', 'near', 'far']) mkdirSync(path.join(root, folder));
  ids = await freeIds(2);
  const vm = `{ id: ${ids[0]}, memory: 32M, accel: tcg }`;
  writeFileSync(path.join(root, 'here/one.lab.yaml'), `name: one\nvms: { fw: ${vm} }\n`);
  if (!hasSshServer) return;
  ssh = await SshHost.start(path.join(root, 'far/run'));
  mkdirSync(path.join(root, 'both'));
  const host = `{ ssh: other, run: ${root}/far/run, scripts: ${root}/far/labs }`;
  writeFileSync(path.join(root, 'both/two.lab.yaml'), `name: two\nhosts: { left: ${host} }\nvms: { fw: ${vm} }\n`);
});

afterAll(() => {
  for (const one of consoles) one.kill();
  ssh?.dispose();
  for (const pid of processesThatMention(`${home}/.ssh/`)) killIfAlive(pid);
  endAndRemove(root);
});

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(ssh ? { PATH: `${ssh.programs()}:${process.env['PATH']}` } : {}),
  KVMLAB_RUN_ROOT: home,
  KVMLAB_ACCEL: 'tcg',
  STOP_SECONDS: '1',
});

async function kvmlab(folder: string, ...words: readonly string[]) {
  const child = spawn(process.execPath, [cliPath, ...words], { env: environment(), cwd: path.join(root, folder) });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

interface SeenVm {
  readonly state: string;
  readonly id: number;
  readonly folder: string | null;
  readonly host: string | null;
  readonly ports: { readonly serial: number };
}

async function seen(folder: string): Promise<Omit<SeenVm, 'ports'> & { readonly serial: number }> {
  const { out } = await kvmlab(folder, 'status', '--json');
  const [{ state, id, folder: where, host, ports }] = (JSON.parse(out) as { readonly vms: readonly [SeenVm] }).vms;
  return { state, id, folder: where, host, serial: ports.serial };
}

/** A console that stays open. */
function konnect(folder: string): KonnectProcess {
  const one = new KonnectProcess({ env: environment(), cwd: path.join(root, folder) }, 'fw');
  consoles.push(one);
  return one;
}

/** Waits until a console has said all of this. */
const says = (one: KonnectProcess, ...words: readonly string[]): Promise<true> =>
  until(
    () => `konnect to say ${words.join(', ')}; it has said: ${one.messages}`,
    () => Promise.resolve(words.every(word => one.messages.includes(word))),
    { timeoutMs: 180_000 },
  );

const port = (at: number): number => 10_000 + (ids[at] ?? 0);

test('in another folder of this host it is shown, followed, brought back and stopped', async () => {
  const there = path.join(root, 'there');
  expect(await kvmlab('here', 'start')).toMatchObject({ code: 0 });
  const console = konnect('here');
  await says(console, `port ${port(0)}`);

  expect(await kvmlab('here', 'migrate', 'fw', '--run-root', there, '--id', String(ids[1]))).toMatchObject({ code: 0 });

  const moved = { state: 'running', id: ids[1], folder: path.join(there, 'one'), host: null, serial: port(1) };
  expect(await seen('here')).toEqual(moved);
  expect((await kvmlab('here', 'status')).out).toContain(`running, moved to ${there}`);
  expect(await kvmlab('here', 'start', 'fw')).toMatchObject({ code: 3 });
  await says(console, `fw has moved to ${there}`, `port ${port(1)}`);

  expect(await kvmlab('here', 'migrate', 'fw', 'here')).toMatchObject({ code: 0 });
  expect(await seen('here')).toEqual({ ...moved, id: ids[0], folder: null, serial: port(0) });
  await says(console, `fw has moved to ${home}`);
  // It would go on following, and hold the console of the next VM with this ID.
  console.kill();
  expect(await kvmlab('here', 'migrate', 'fw', 'here')).toMatchObject({ code: 1 });

  expect(await kvmlab('here', 'migrate', 'fw', '--run-root', there, '--id', String(ids[1]))).toMatchObject({ code: 0 });
  expect(await kvmlab('here', 'stop')).toMatchObject({ code: 0 });
  expect(await seen('here')).toMatchObject({ state: 'stopped', id: ids[0], folder: null });
  expect(processesThatMention(path.join(there, 'one/fw.pid'))).toEqual([]);
  expect(await kvmlab('here', 'start')).toMatchObject({ code: 0 });
  expect(await kvmlab('here', 'kill')).toMatchObject({ code: 0 });
});

describe.runIf(hasSshServer)('on another host', () => {
  test('it is shown and followed there, and brought back over ssh', async () => {
    expect(await kvmlab('both', 'deploy')).toMatchObject({ code: 0 });
    expect(await kvmlab('both', 'start')).toMatchObject({ code: 0 });
    const console = konnect('both');
    await says(console, `port ${port(0)}`);

    const gone = await kvmlab('both', 'migrate', 'fw', 'left', '--id', String(ids[1]));
    expect(gone, gone.out + gone.err).toMatchObject({ code: 0 });

    expect(await seen('both')).toEqual({
      ...{ state: 'running', id: ids[1], folder: null },
      ...{ host: 'left', serial: port(1) },
    });
    await says(console, 'fw has moved to host left', `port ${port(1)}`);
    console.kill();

    const lost = await kvmlab('both', 'migrate', 'fw', 'here', '--via', 'me@nowhere.invalid');
    expect(lost).toMatchObject({ code: 1 });
    expect(lost.out).toMatch(/no +me@nowhere\.invalid .*answers +ssh: /);
    expect(lost.err).toContain('--via USER@HOST');

    const back = await kvmlab('both', 'migrate', 'fw', 'here', '--via', 'other');
    expect(back, back.out + back.err).toMatchObject({ code: 0 });
    expect(await seen('both')).toMatchObject({ state: 'running', id: ids[0], host: null });
    expect(await kvmlab('both', 'stop')).toMatchObject({ code: 0 });
  });
});
