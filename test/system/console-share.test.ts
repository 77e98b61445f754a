import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeFrame } from '../../extension/console/share-frames.ts';
import { systemClock } from '../../extension/host/clock.ts';
import { TelnetDialer } from '../../extension/host/console-dialer.ts';
import { LogFile } from '../../extension/host/console-log.ts';
import { SocketShares } from '../../extension/host/console-share.ts';
import { LinuxPortHolders } from '../../extension/host/port-holder.ts';
import { ConsoleSession, type ConsoleOptions } from '../../extension/runtime/console/console-session.ts';
import { TestQemus, floodLine, freePort, type TestQemu } from '../support/console-qemu.ts';
import { deafClient } from '../support/deaf-client.ts';
import { KonnectProcess } from '../support/konnect-process.ts';

const patience = { timeout: 120_000, interval: 20 };

let root: string;
let run: string;
let qemus: TestQemus;
let sessions: Viewer[];
let children: { kill: () => void }[];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ks-'));
  run = path.join(root, 'dmz');
  mkdirSync(run);
  qemus = new TestQemus();
  sessions = [];
  children = [];
});

afterEach(async () => {
  for (const one of sessions) one.session.dispose();
  for (const child of children) child.kill();
  await qemus.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A session of this process with what it printed. */
class Viewer {
  readonly session: ConsoleSession;
  private readonly pieces: Uint8Array[] = [];

  constructor(port: number, options: ConsoleOptions = {}) {
    const parts = { shares: new SocketShares(root, 'test'), holders: new LinuxPortHolders(), ...options };
    this.session = new ConsoleSession(new TelnetDialer(), systemClock, port, parts);
    // Data that is not copied may be written over by whoever gave it.
    this.session.onData(bytes => this.pieces.push(bytes.slice()));
    sessions.push(this);
    this.session.open();
  }

  get text(): string {
    return Buffer.concat(this.pieces).toString('latin1');
  }

  type(text: string): boolean {
    return this.session.write(new TextEncoder().encode(text));
  }
}

const logFile = (): string => path.join(run, 'fw.console.log');
const view = (port: number): Viewer => new Viewer(port, { log: new LogFile(logFile()) });
const isConnected = async ({ session }: Viewer): Promise<void> =>
  await expect.poll(() => session.state.kind, patience).toBe('connected');

async function konnect(...words: readonly string[]): Promise<KonnectProcess> {
  const one = new KonnectProcess(root, ...words);
  children.push(one);
  await expect.poll(() => one.isConnected, patience).toBe(true);
  return one;
}

async function booted(make: (port: number) => TestQemu): Promise<{ port: number; vm: TestQemu }> {
  const port = await freePort();
  const vm = make(port);
  await expect.poll(() => vm.printed(), patience).toBe('R');
  return { port, vm };
}

const echo = () => booted(port => qemus.echo(port, { run, name: 'fw' }));
const flood = (lines: number) => booted(port => qemus.flood(port, lines, { run, name: 'fw' }));
const linesUpTo = (count: number): string => Array.from({ length: count }, (_, line) => floodLine(line)).join('');

/** Debian's telnet on a console. */
async function telnet(port: number): Promise<ChildProcess> {
  const child = spawn('telnet', ['127.0.0.1', String(port)], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push({ kill: () => child.kill('SIGKILL') });
  const holders = new LinuxPortHolders();
  await expect
    .poll(async () => (await holders.find([port])).get(port), patience)
    .toEqual({ pid: child.pid, program: 'telnet' });
  return child;
}

describe('two processes on one console', () => {
  test('see the same bytes, and both can type', async () => {
    const { port } = await echo();
    const owner = await konnect('dmz/fw');
    const viewer = view(port);
    await isConnected(viewer);

    viewer.type('from the window ');
    await expect.poll(() => owner.text, patience).toBe('from the window ');
    owner.type('from the \xff shell');
    await expect.poll(() => viewer.text, patience).toBe('from the window from the \xff shell');

    await expect.poll(() => owner.text, patience).toBe('from the window from the \xff shell');
    expect(viewer.session.state).toEqual({ kind: 'connected', through: { pid: owner.pid, program: 'kvmlab' } });
  });

  test('the owner is killed in the middle of a flood: the other goes on without loss', async () => {
    const { port, vm } = await flood(40_000);
    const owner = await konnect('dmz/fw');
    const viewer = view(port);
    await isConnected(viewer);
    viewer.type('x');
    await expect.poll(() => viewer.text.length, patience).toBeGreaterThan(30_000);

    owner.kill();

    await expect.poll(() => viewer.text.length, { ...patience, timeout: 400_000 }).toBe(360_000);
    expect(viewer.text).toBe(linesUpTo(40_000));
    expect(viewer.text).toBe(vm.printed().slice(1));
    await expect.poll(() => viewer.session.state, patience).toEqual({ kind: 'connected' });
  });

  test('one that never reads and one that dies in the middle of a word disturb nobody', async () => {
    const { port } = await flood(40_000);
    const owner = await konnect('dmz/fw');
    const viewer = view(port);
    await isConnected(viewer);
    const [deaf, dying] = await Promise.all([deafClient(root, port), deafClient(root, port)]);
    for (const one of [deaf, dying]) children.push({ kill: () => one.destroy() });
    dying.write(encodeFrame({ kind: 'data', bytes: new Uint8Array(9) }).subarray(0, 7));
    viewer.type('x');
    await expect.poll(() => viewer.text.length, patience).toBeGreaterThan(30_000);
    dying.destroy();

    await expect.poll(() => viewer.text.length, { ...patience, timeout: 400_000 }).toBe(360_000);
    await expect.poll(() => owner.text.length, patience).toBe(360_000);

    expect([viewer.text, owner.text]).toEqual([linesUpTo(40_000), linesUpTo(40_000)]);
    expect(deaf.destroyed).toBe(false);
    expect(viewer.session.state).toEqual({ kind: 'connected', through: { pid: owner.pid, program: 'kvmlab' } });
  });

  test('of four one takes over from a killed owner, and all type through it', async () => {
    const { port } = await echo();
    const owner = await konnect('dmz/fw');
    const viewers = [view(port), view(port), view(port), view(port)];
    for (const one of viewers) await isConnected(one);

    owner.kill();
    // A state may still be that of before, through the owner that is gone.
    const through = (pid: number) =>
      viewers.filter(({ session: { state } }) => state.kind === 'connected' && state.through?.pid === pid);
    const alone = () => viewers.filter(({ session: { state } }) => state.kind === 'connected' && !state.through);
    await expect.poll(() => [alone().length, through(process.pid).length], patience).toEqual([1, 3]);
    for (const [at, one] of viewers.entries()) {
      one.type(String(at));
      await expect.poll(() => viewers.map(each => each.text.length), patience).toEqual(viewers.map(() => at + 1));
    }

    expect(viewers.map(one => one.text)).toEqual(viewers.map(() => '0123'));
  });

  test('the VM is killed and started again: both come back, and see what was printed meanwhile', async () => {
    const { port, vm } = await echo();
    const [first, second] = [await konnect('dmz/fw'), view(port)];
    await isConnected(second);
    await vm.kill();
    await expect.poll(() => second.session.state, patience).toEqual({ kind: 'waiting', reason: 'not running' });

    qemus.echo(port, { run, name: 'fw' });

    await isConnected(second);
    await expect.poll(() => [first.text, second.text], patience).toEqual(['R', 'R']);
    second.type('x');
    await expect.poll(() => [first.text, second.text], patience).toEqual(['Rx', 'Rx']);
  });

  test('what was printed while nobody looked is there when one looks again, up to the byte', async () => {
    const { port } = await flood(2000);
    const first = view(port);
    await isConnected(first);
    first.type('x');
    await expect.poll(() => first.text.length, patience).toBeGreaterThan(500);
    first.session.dispose();

    const second = new ConsoleSession(new TelnetDialer(), systemClock, port, { log: new LogFile(logFile()) });
    let later = '';
    second.onData(bytes => (later += Buffer.from(bytes).toString('latin1')));
    const history = await second.history(1e6);
    second.open();
    await expect
      .poll(() => Buffer.from(history?.bytes ?? []).toString('latin1') + later, patience)
      .toBe(`R${linesUpTo(2000)}`);
    second.dispose();
  });
});

describe('a console that a plain telnet holds', () => {
  test('is named, watched, and taken over', async () => {
    const { port } = await echo();
    const stranger = await telnet(port);
    const viewer = view(port);
    await expect
      .poll(() => viewer.session.state, patience)
      .toEqual({ kind: 'waiting', reason: 'held', holder: { pid: stranger.pid, program: 'telnet' } });
    stranger.stdin?.write('seen\n');
    await expect.poll(() => viewer.text, patience).toContain('seen');

    expect(viewer.session.takeOver()).toBeUndefined();
    await isConnected(viewer);

    await expect.poll(() => stranger.signalCode, patience).toBe('SIGTERM');
    viewer.type('mine');
    await expect.poll(() => viewer.text, patience).toContain('mine');
  });

  test('konnect says who has it and exits with 3, and with --take it takes it', async () => {
    const { port } = await echo();
    const stranger = await telnet(port);

    const refused = new KonnectProcess(root, 'dmz/fw', '--send', 'x', '--expect', 'x');
    children.push(refused);
    expect(await refused.end()).toBe(3);
    expect(refused.messages).toContain(`telnet (process ${stranger.pid}) holds this console.`);
    const taken = new KonnectProcess(root, 'dmz/fw', '--take', '--send', 'x\\x79', '--expect', 'xy');
    children.push(taken);

    expect([await taken.end(), taken.text]).toEqual([0, 'xy']);
    await expect.poll(() => stranger.signalCode, patience).toBe('SIGTERM');
  });

  test('a telnet that was stopped by its user goes all the same', async () => {
    const { port } = await echo();
    const stranger = await telnet(port);
    stranger.kill('SIGSTOP');
    const viewer = view(port);
    await expect.poll(() => viewer.session.state.kind, patience).toBe('waiting');

    viewer.session.takeOver();

    await isConnected(viewer);
  });

  test('a client of ours that only waits is never taken for the holder', async () => {
    const { port } = await echo();
    const stranger = await telnet(port);
    const waiting = [view(port), view(port)];
    for (const one of waiting) await expect.poll(() => one.session.state.kind, patience).toBe('waiting');

    expect((await new LinuxPortHolders().find([port])).get(port)?.pid).toBe(stranger.pid);
  });
});

describe('many', () => {
  test('50 consoles are open at once, and each answers', async () => {
    const ports: number[] = [];
    while (ports.length < 50) {
      const port = await freePort();
      if (!ports.includes(port)) ports.push(port);
    }
    qemus.monitors(ports);
    const viewers = ports.map(port => new Viewer(port));
    for (const one of viewers) await isConnected(one);

    viewers.forEach((one, at) => one.type(`print /d ${at}*1000\r`));

    for (const [at, one] of viewers.entries()) {
      await expect.poll(() => one.text, patience).toMatch(new RegExp(`\n${at * 1000}\r\n`));
    }
    const holders = await new LinuxPortHolders().find(ports);
    expect(ports.map(port => holders.get(port)?.pid)).toEqual(ports.map(() => process.pid));
  });

  test('opened and closed 1,000 times, no descriptor, socket, watch or timer is left', async () => {
    const { port } = await echo();
    const owner = view(port);
    await isConnected(owner);
    const count = () => ({
      descriptors: readdirSync('/proc/self/fd').length,
      // Timers of the test runner itself come and go.
      resources: process.getActiveResourcesInfo().filter(kind => !/Timeout|Immediate|TTY/.test(kind)).length,
      signals: process.listenerCount('exit'),
    });
    const before = count();

    for (let round = 0; round < 1000; round += 1) {
      const one = view(port);
      if (round % 20 === 0) await isConnected(one);
      else if (round % 3 === 0) await new Promise(resolve => setImmediate(resolve));
      one.session.dispose();
      sessions.pop();
    }

    const left = () => {
      const now = count();
      return (['descriptors', 'resources', 'signals'] as const).filter(what => now[what] > before[what]);
    };
    await expect.poll(left, patience).toEqual([]);
    owner.type('x');
    await expect.poll(() => owner.text, patience).toBe('x');
  });

  test('as owner, opened and closed 200 times, it leaves the port free and no socket in the folder', async () => {
    const { port } = await echo();
    const before = readdirSync('/proc/self/fd').length;

    for (let round = 0; round < 200; round += 1) {
      const one = view(port);
      await isConnected(one);
      one.session.dispose();
    }

    await expect.poll(() => readdirSync('/proc/self/fd').length, patience).toBeLessThanOrEqual(before);
    await expect.poll(() => readdirSync(root)).toEqual(['dmz']);
  });
});

test('a flood goes into the log whole, and to whoever wants everything', async () => {
  const { port, vm } = await flood(150_000);
  const everything = new Viewer(port, { log: new LogFile(logFile()), isComplete: true });
  await isConnected(everything);
  everything.type('x');

  await expect.poll(() => everything.text.length, { ...patience, timeout: 400_000 }).toBe(1_350_000);

  expect(everything.text).toBe(linesUpTo(150_000));
  expect(readFileSync(logFile(), 'latin1')).toBe(`R${everything.text}`);
  expect(vm.printed()).toHaveLength(1_350_001);
});
