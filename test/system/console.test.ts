import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../extension/host/clock.ts';
import { TelnetDialer } from '../../extension/host/console-dialer.ts';
import { ConsoleSession, type ConsoleState } from '../../extension/runtime/console/console-session.ts';
import { TestQemus, freePort, type TestQemu } from '../support/console-qemu.ts';

const allBytes = Array.from({ length: 256 }, (_, byte) => byte);
const patience = { timeout: 120_000, interval: 20 };

let qemus: TestQemus;
let sessions: Listening[];

beforeEach(() => {
  qemus = new TestQemus();
  sessions = [];
});

afterEach(async () => {
  for (const one of sessions) one.session.dispose();
  await qemus.stop();
});

/** A session with all that it said. */
interface Listening {
  readonly session: ConsoleSession;
  readonly bytes: number[];
  readonly states: ConsoleState[];
  text(): string;
}

function listen(port: number): Listening {
  const session = new ConsoleSession(new TelnetDialer(), systemClock, port);
  const [bytes, states]: [number[], ConsoleState[]] = [[], []];
  session.onData(piece => bytes.push(...piece));
  session.onDidChangeState(state => states.push(state));
  const listening = { session, bytes, states, text: () => String.fromCharCode(...bytes) };
  sessions.push(listening);
  session.open();
  return listening;
}

const isConnected = async ({ session }: Listening): Promise<void> =>
  await expect.poll(() => session.state.kind, patience).toBe('connected');
const isWaiting = async ({ session }: Listening, reason: string): Promise<void> =>
  await expect.poll(() => session.state, patience).toEqual({ kind: 'waiting', reason });
const type = ({ session }: Listening, text: string): boolean => session.write(new TextEncoder().encode(text));

/** A VM with the echo guest at work, and its console with nothing in it. */
async function echo(): Promise<{ vm: TestQemu; serial: Listening }> {
  const port = await freePort();
  const vm = qemus.echo(port);
  await expect.poll(() => vm.printed(), patience).toBe('R');
  const serial = listen(port);
  await isConnected(serial);
  return { vm, serial };
}

describe('a console of a real QEMU', () => {
  test('the monitor answers', async () => {
    const port = await freePort();
    qemus.monitor(port);
    const monitor = listen(port);
    await isConnected(monitor);

    type(monitor, 'info version\r');

    await expect.poll(() => monitor.text(), patience).toMatch(/info version[\s\S]*\d+\.\d+\.\d+[\s\S]*\(qemu\) $/);
    expect(monitor.bytes[0]).toBe('Q'.charCodeAt(0));
  });

  test('it is waited for, and comes back after kill -9 and a new start', async () => {
    const port = await freePort();
    const monitor = listen(port);
    await isWaiting(monitor, 'not running');
    const first = qemus.monitor(port);
    await isConnected(monitor);
    await first.kill();
    await isWaiting(monitor, 'not running');

    qemus.monitor(port);
    await isConnected(monitor);

    expect(monitor.states.map(state => (state.kind === 'waiting' ? state.reason : state.kind))).toEqual([
      ...['not running', 'connected', 'connecting'],
      ...['not running', 'connected'],
    ]);
  });

  test('told that the VM runs, it connects at once', async () => {
    const port = await freePort();
    const monitor = listen(port);
    // Until the next try of its own is seconds away.
    await new Promise(resolve => setTimeout(resolve, 4000));
    qemus.monitor(port);
    const probe = new TelnetDialer();
    await expect.poll(() => probe.open(port).then(link => link.dispose(), String), patience).toBe(undefined);

    const start = performance.now();
    monitor.session.retryNow();
    await isConnected(monitor);

    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('a second client is told that it is held, and follows when the first hangs up', async () => {
    const port = await freePort();
    qemus.monitor(port);
    const first = listen(port);
    await isConnected(first);
    const second = listen(port);
    await isWaiting(second, 'held');
    const isTyped = type(second, 'quit\r');

    first.session.dispose();
    await isConnected(second);
    type(second, 'info name\r');

    await expect.poll(() => second.text(), patience).toContain('info name');
    expect(isTyped).toBe(false);
  });

  test('five clients are all served in the end, though QEMU’s queue holds only two', async () => {
    const port = await freePort();
    qemus.monitor(port);
    const first = listen(port);
    await isConnected(first);
    const others = Array.from({ length: 4 }, () => listen(port));
    for (const one of others) await isWaiting(one, 'held');

    first.session.dispose();
    for (let left = others.length; left > 0; left -= 1) {
      await expect.poll(() => others.filter(one => one.session.state.kind === 'connected').length, patience).toBe(1);
      others.find(one => one.session.state.kind === 'connected')?.session.dispose();
    }

    expect(others.map(one => one.session.state.kind)).toEqual(others.map(() => 'closed'));
  });

  test('every byte value goes to the guest’s serial port and comes back', async () => {
    const { serial } = await echo();

    serial.session.write(Uint8Array.from(allBytes));

    await expect.poll(() => serial.bytes.length, patience).toBe(256);
    expect(serial.bytes).toEqual(allBytes);
  });

  test('every byte value goes and comes back on its own', async () => {
    const { serial } = await echo();

    for (const byte of allBytes) {
      serial.session.write(Uint8Array.of(byte));
      await expect.poll(() => serial.bytes.length, { ...patience, interval: 1 }).toBe(byte + 1);
    }

    expect(serial.bytes).toEqual(allBytes);
  });

  test('64 kB full of 0xff, 0, CR and LF come back as they went', async () => {
    const { serial } = await echo();
    const sent = Array.from(
      { length: 65_536 },
      (_, at) => [0xff, 0xff, 0, 13, 10, 0xff, 0xfb, 13, 0, 0xf3][(at * at) % 10] ?? 0,
    );

    serial.session.write(Uint8Array.from(sent));

    await expect.poll(() => serial.bytes.length, { ...patience, timeout: 400_000 }).toBe(sent.length);
    expect(serial.bytes).toEqual(sent);
  });

  test('a break reaches the guest as one', async () => {
    const { serial } = await echo();

    serial.session.sendBreak();
    await expect.poll(() => serial.text(), patience).toBe('B');
    type(serial, 'x');

    await expect.poll(() => serial.text(), patience).toBe('Bx');
  });

  test('opened and closed a hundred times, it is free for the next one, and nothing of ours is left', async () => {
    const port = await freePort();
    qemus.monitor(port);
    for (let round = 0; round < 100; round += 1) {
      const one = listen(port);
      if (round % 10 === 0) await isConnected(one);
      one.session.dispose();
    }

    const last = listen(port);
    await isConnected(last);
    last.session.dispose();

    const sockets = (): string[] => process.getActiveResourcesInfo().filter(kind => kind.startsWith('TCP'));
    await expect.poll(sockets, patience).toEqual([]);
  });
});
