import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { monitorPort, serialPort } from '../../extension/lab/networks/addressing.ts';
import { freeIds } from '../support/free-ids.ts';

const cli = path.resolve('dist/cli.js');
let root: string;
let run: string;
/** Pid files of all that a test starts. */
let pidFiles: string[];

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'kl-'));
  run = path.join(root, 'run', 'demo');
  mkdirSync(run, { recursive: true });
  pidFiles = [];
});
afterEach(() => {
  for (const file of pidFiles) signal(file, 'SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(program: string, ...args: readonly string[]) {
  const env = { ...process.env, KVMLAB_RUN_ROOT: path.dirname(run), HOME: root };
  const child = spawn(program, args, { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const done = new Promise<Run>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      resolve({ code, out, err });
    });
  });
  return { child, done };
}

const kvmlab = (...args: readonly string[]): Promise<Run> => start(process.execPath, cli, ...args).done;
const list = async (command: string): Promise<Record<string, unknown>[]> =>
  JSON.parse((await kvmlab(command, '--json')).out) as Record<string, unknown>[];
const ofPid = async (command: string, pid: number) => (await list(command)).filter(one => one['pid'] === pid);

const pidOf = (file: string): number => Number(readFileSync(file, 'utf8'));

function signal(pidFile: string, name: NodeJS.Signals): void {
  try {
    process.kill(pidOf(pidFile), name);
  } catch {
    return;
  }
}

/** Gives the pid file. */
async function startSwitch(folder: string, name: string, ...args: readonly string[]): Promise<string> {
  const socket = path.join(folder, name);
  pidFiles.push(`${socket}.pid`);
  const { code, err } = await start('vde_switch', '-s', socket, '-p', `${socket}.pid`, '-d', ...args).done;
  expect([code, err]).toEqual([0, '']);
  // The daemon writes it a moment after its parent has gone.
  await expect.poll(() => existsSync(`${socket}.pid`) && pidOf(`${socket}.pid`)).toBeGreaterThan(0);
  return `${socket}.pid`;
}

async function startQemu(pidFile: string, ...args: readonly string[]): Promise<number> {
  pidFiles.push(pidFile);
  const still = ['-accel', 'tcg', '-nodefaults', '-display', 'none', '-S', '-daemonize', '-pidfile', pidFile];
  const { code, err } = await start('qemu-system-x86_64', ...still, ...args).done;
  expect([code, err]).toEqual([0, '']);
  return pidOf(pidFile);
}

describe('kvmlab kvmlist on this host', () => {
  test('shows a VM that somebody started by hand', async () => {
    const [id] = await freeIds(1);
    const console = ['-serial', `telnet:127.0.0.1:${serialPort(id!)},server,nowait`];
    const pid = await startQemu(path.join(root, 'x.pid'), '-machine', 'pc', '-m', '64', '-name', 'x', ...console);

    expect(await ofPid('kvmlist', pid)).toEqual([
      { name: 'x', id, pid, memory: '64M', lab: null, serial: serialPort(id!), monitor: null, display: null },
    ]);
    expect((await kvmlab('kvmlist')).out).toMatch(new RegExp(`^x +${id} +${pid} +64M +- `, 'm'));
  });

  test('tells the lab of a VM by its run-time folder, and leaves out the uplink of a switch', async () => {
    const [id] = await freeIds(1);
    const monitor = ['-monitor', `telnet:127.0.0.1:${monitorPort(id!)},server=on,wait=off`];
    const pid = await startQemu(path.join(run, 'fw.pid'), '-machine', 'pc', '-m', 'size=64M', ...monitor);
    const uplink = await startQemu(path.join(run, 'switch-inet.uplink.pid'), '-machine', 'none', '-name', 'uplink');

    expect(await ofPid('kvmlist', pid)).toMatchObject([{ name: 'fw', lab: 'demo', id, monitor: monitorPort(id!) }]);
    expect(await ofPid('kvmlist', uplink)).toEqual([]);
  });

  test('forgets a VM that was killed, even while nobody has buried it', async () => {
    const pid = await startQemu(path.join(root, 'x.pid'), '-machine', 'pc', '-m', '64', '-name', 'x');

    process.kill(pid, 'SIGKILL');

    await expect.poll(() => ofPid('kvmlist', pid)).toEqual([]);
  });
});

describe('kvmlab vdelist on this host', () => {
  test('shows a switch of a lab with the ports in use', async () => {
    const socket = path.join(run, 'switch-lan');
    const pidFile = await startSwitch(run, 'switch-lan', '-M', `${socket}.mgmt`, '-n', '6');
    const netdev = ['-netdev', `vde,id=n,sock=${socket},port=2`, '-device', 'virtio-net-pci,netdev=n,romfile='];
    await startQemu(path.join(run, 'fw.pid'), '-machine', 'pc', '-m', '64', ...netdev);
    const pid = pidOf(pidFile);

    await expect
      .poll(() => ofPid('vdelist', pid))
      .toMatchObject([
        { name: 'lan', lab: 'demo', pid, socket, management: `${socket}.mgmt`, ports: 5, portsInUse: 1 },
      ]);
  });

  test('shows a switch without management, and one that is stuck, without the number', async () => {
    const silent = pidOf(await startSwitch(root, 'silent'));
    const stuckFile = await startSwitch(root, 'stuck', `--mgmt=${root}/stuck.mgmt`);
    // The management socket listens a moment after the switch has become a daemon.
    await expect.poll(() => ofPid('vdelist', pidOf(stuckFile))).toMatchObject([{ portsInUse: 0 }]);

    signal(stuckFile, 'SIGSTOP');

    expect(await ofPid('vdelist', silent)).toMatchObject([{ name: 'silent', lab: null, ports: 31, portsInUse: null }]);
    expect(await ofPid('vdelist', pidOf(stuckFile))).toMatchObject([{ name: 'stuck', portsInUse: null }]);
  });

  test('forgets a switch that was killed, whatever it left behind', async () => {
    const pidFile = await startSwitch(run, 'switch-lan');
    const pid = pidOf(pidFile);

    process.kill(pid, 'SIGKILL');

    await expect.poll(() => ofPid('vdelist', pid)).toEqual([]);
  });
});

describe('Ctrl+C', () => {
  test('calls off what kvmlab does, and what runs stays as it is', async () => {
    const [id] = await freeIds(1);
    const file = path.join(root, 'demo.lab.yaml');
    writeFileSync(file, `vms:\n  fw: { id: ${id}, accel: tcg, memory: 64M, extra: [-S] }\n`);
    pidFiles.push(path.join(run, 'fw.pid'));
    expect(await kvmlab('start', file)).toMatchObject({ code: 0 });

    // With nothing to boot it sees no power button: the script lets its processors go on, presses, and waits.
    const state = async (): Promise<unknown> => {
      const { vms } = JSON.parse((await kvmlab('status', file, '--json')).out) as { readonly vms: { state: string }[] };
      return vms[0]?.state;
    };
    expect(await state()).toBe('paused');
    const { child, done } = start(process.execPath, cli, 'stop', file);
    await expect.poll(state).toBe('running');
    child.kill('SIGINT');
    const stopped = await done;

    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain('Called off; 0 of 1 done.');
    const status = JSON.parse((await kvmlab('status', file, '--json')).out) as unknown;
    expect(status).toMatchObject({ lab: 'demo', vms: [{ name: 'fw', state: 'running', id }] });
    expect(await kvmlab('kill', file)).toMatchObject({ code: 0 });
    expect(await kvmlab('kill', file)).toMatchObject({ code: 3 });
  });
});
