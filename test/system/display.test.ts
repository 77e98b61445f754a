import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../extension/host/clock.ts';
import { TcpDisplayDialer } from '../../extension/host/display-dialer.ts';
import { DisplaySession } from '../../extension/runtime/display/display-session.ts';
import { TestQemus, freePort, type TestQemu } from '../support/console-qemu.ts';

const patience = { timeout: 120_000, interval: 20 };
/** RFB 3.8 as a client says it who agrees, wants no password, and shares the screen (RFC 6143, 7.1 to 7.3). */
const agreement = [...new TextEncoder().encode('RFB 003.008\n'), 1, 1];
/** Everything of a screen of 720 × 400 or more, without any compression. */
const fullUpdate = [3, 0, 0, 0, 0, 0, 2, 208, 1, 144];

const screenBytes = 720 * 400 * 4;
const mega = 1024 * 1024;

let qemus: TestQemus;
let sessions: DisplaySession[];

beforeEach(() => {
  qemus = new TestQemus();
  sessions = [];
});

afterEach(async () => {
  sessions.forEach(session => session.dispose());
  await qemus.stop();
});

function listen(port: number) {
  const session = new DisplaySession(new TcpDisplayDialer(), systemClock, port);
  const heard: number[] = [];
  const opened: number[] = [];
  session.onDidOpen(connection => opened.push(connection));
  session.onData(({ bytes }) => bytes.forEach(byte => heard.push(byte)));
  sessions.push(session);
  session.open();
  return { session, heard, opened };
}

const text = (bytes: readonly number[]): string => String.fromCharCode(...bytes);

describe('the display of a real QEMU', () => {
  test('greets by VNC’s name, and tells size and name of the screen to a client that agrees', async () => {
    const port = await freePort();
    qemus.display(port);
    const { session, heard, opened } = listen(port);
    await expect.poll(() => text(heard), patience).toBe('RFB 003.008\n');

    session.write({ connection: opened.at(-1)!, bytes: Uint8Array.from(agreement) });

    await expect.poll(() => text(heard), patience).toContain('QEMU');
    const [, width] = [heard[12], heard.slice(18, 20)];
    expect((width[0]! << 8) | width[1]!).toBeGreaterThanOrEqual(640);
  });

  test('is waited for, and comes back after kill -9 and a new start', async () => {
    const port = await freePort();
    const { session, heard } = listen(port);
    await expect.poll(() => session.state, patience).toEqual({ kind: 'waiting', reason: 'no answer' });
    const first: TestQemu = qemus.display(port);
    await expect.poll(() => text(heard), patience).toBe('RFB 003.008\n');
    await first.kill();
    await expect.poll(() => session.state, patience).toEqual({ kind: 'waiting', reason: 'no answer' });

    qemus.display(port);

    await expect.poll(() => text(heard), patience).toBe('RFB 003.008\nRFB 003.008\n');
  });

  test('sends no more while the view is behind, and loses nothing', async () => {
    const port = await freePort();
    qemus.display(port);
    const { session, heard, opened } = listen(port);
    await expect.poll(() => text(heard), patience).toBe('RFB 003.008\n');
    const connection = opened.at(-1)!;
    session.write({ connection, bytes: Uint8Array.from(agreement) });
    await expect.poll(() => text(heard), patience).toContain('QEMU');

    const before = heard.length;
    // QEMU gives one picture for all requests that it finds at once, so it is asked until it has sent enough.
    const ask = (): number => {
      session.write({ connection, bytes: Uint8Array.from(fullUpdate) });
      return heard.length;
    };
    await expect.poll(ask, patience).toBeGreaterThan(mega);
    const atPause = heard.length;
    session.acknowledge(connection, atPause);

    await expect.poll(() => heard.length, patience).toBeGreaterThanOrEqual(before + screenBytes);
    // One piece of a socket more than where the line is drawn.
    expect(atPause).toBeLessThanOrEqual(mega + 64 * 1024);
  });

  test('opened and closed a hundred times, nothing of ours is left', async () => {
    const port = await freePort();
    qemus.display(port);
    const first = listen(port);
    await expect.poll(() => text(first.heard), patience).toBe('RFB 003.008\n');
    for (let round = 0; round < 100; round += 1) listen(port).session.dispose();

    first.session.dispose();

    const sockets = (): string[] => process.getActiveResourcesInfo().filter(kind => kind.startsWith('TCP'));
    await expect.poll(sockets, patience).toEqual([]);
  });
});
