import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { DisplaySession, type DisplayState } from '../../../extension/runtime/display/display-session.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeDisplayDialer } from '../../support/display-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const mega = 1024 * 1024;
let dialer: FakeDisplayDialer;
let clock: FakeClock;
let session: DisplaySession;
let heard: (string | readonly number[])[];
let states: DisplayState[];

beforeEach(() => {
  dialer = new FakeDisplayDialer();
  clock = new FakeClock();
  session = new DisplaySession(dialer, clock, 30_001);
  [heard, states] = [[], []];
  session.onDidOpen(connection => heard.push(`open ${connection}`));
  session.onDidClose(connection => heard.push(`close ${connection}`));
  session.onData(({ connection, bytes }) => heard.push([connection, ...bytes]));
  session.onDidChangeState(state => states.push(state));
});

async function connected(): Promise<void> {
  session.open();
  await settle();
}

describe('a display session', () => {
  test('passes bytes both ways, in order, under the number of the connection', async () => {
    await connected();

    dialer.link.give([1, 2]);
    dialer.link.give([255, 0]);
    session.write({ connection: 1, bytes: Uint8Array.from([3, 4]) });

    expect(heard).toEqual(['open 1', [1, 1, 2], [1, 255, 0]]);
    expect(dialer.link.written).toEqual([3, 4]);
  });

  test('is shown when the view says so', async () => {
    await connected();
    const before = session.state;

    session.markShown(1);

    expect([before, session.state]).toEqual([{ kind: 'connecting' }, { kind: 'shown' }]);
  });

  test('goes on trying while nobody listens, ever less often, and tells of it once', async () => {
    dialer.isThere = false;
    await connected();
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1000);
      await settle();
    }

    expect(states).toEqual([{ kind: 'waiting', reason: 'no answer' }]);
    expect(dialer.dials).toBeGreaterThan(10);
    expect(dialer.dials).toBeLessThan(20);
  });

  test('tries at once when it is told that the VM runs', async () => {
    dialer.isThere = false;
    await connected();
    dialer.isThere = true;

    session.retryNow();
    await settle();

    expect([heard.length, dialer.openLinks]).toEqual([1, 1]);
  });

  test('told so while it is connected, it stays connected', async () => {
    await connected();

    session.retryNow();
    await settle();

    expect([dialer.dials, dialer.openLinks]).toEqual([1, 1]);
  });

  test('connects anew after the VM has ended, under another number', async () => {
    await connected();
    session.markShown(1);

    dialer.link.hangUp();
    clock.advance(250);
    await settle();

    expect(heard.at(1)).toBe('close 1');
    expect(heard.at(2)).toMatch(/^open [^1]/);
    expect(states).toEqual([{ kind: 'shown' }, { kind: 'connecting' }]);
    expect(dialer.openLinks).toBe(1);
  });

  test('takes no word of a connection that has ended for one of the next', async () => {
    await connected();
    dialer.link.hangUp();
    clock.advance(250);
    await settle();

    session.write({ connection: 1, bytes: Uint8Array.from([1]) });
    session.markShown(1);
    session.fail(1, 'too late');

    expect(dialer.link.written).toEqual([]);
    expect(session.state.kind).toBe('waiting');
    expect(dialer.openLinks).toBe(1);
  });

  test('says that it was refused when the other side hangs up before there is a picture', async () => {
    await connected();
    dialer.link.give([82, 70, 66]);

    dialer.link.hangUp();

    expect(session.state).toEqual({ kind: 'waiting', reason: 'refused' });
  });

  test('hangs up when the view gives up, says why, and tries again', async () => {
    await connected();
    const first = dialer.link;

    session.fail(1, 'it asks for a password');
    const state = session.state;
    clock.advance(250);
    await settle();

    expect(state).toEqual({ kind: 'waiting', reason: 'refused', detail: 'it asks for a password' });
    expect([first.isDisposed, dialer.openLinks]).toEqual([true, 1]);
  });

  test('pauses the sender while the view is behind, and lets it go on when most is worked off', async () => {
    await connected();
    dialer.link.give(new Uint8Array(mega));
    const atLimit = dialer.link.isPaused;
    dialer.link.give(new Uint8Array(1));
    const aboveLimit = dialer.link.isPaused;
    session.acknowledge(1, mega / 2);
    const halfway = dialer.link.isPaused;
    session.acknowledge(1, mega / 2);

    expect([atLimit, aboveLimit, halfway, dialer.link.isPaused]).toEqual([false, true, true, false]);
  });

  test('never lets more than a little over a megabyte pile up, and never stalls, whatever the view does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(200_000), fc.nat(300_000)), { maxLength: 60 }), async steps => {
        const dialled = new FakeDisplayDialer();
        const one = new DisplaySession(dialled, clock, 1);
        let ahead = 0;
        one.onData(({ bytes }) => (ahead += bytes.length));
        one.open();
        await settle();
        for (const [given, done] of steps) {
          if (!dialled.link.isPaused) dialled.link.give(new Uint8Array(given));
          expect(ahead).toBeLessThanOrEqual(mega + 200_000);
          const worked = Math.min(done, ahead);
          ahead -= worked;
          one.acknowledge(1, worked);
        }
        // The view keeps back less than 32 KiB of its reports.
        one.acknowledge(1, Math.max(0, ahead - 32 * 1024));
        expect(dialled.link.isPaused).toBe(false);
        one.dispose();
      }),
      { numRuns: 50 },
    );
  });

  test('leaves no link, timer or listener when it is disposed, at any moment', async () => {
    await connected();
    session.dispose();
    session.dispose();
    const waiting = new DisplaySession(dialer, clock, 1);
    dialer.isThere = false;
    waiting.open();
    await settle();
    waiting.dispose();
    const dialling = new DisplaySession(dialer, clock, 1);
    dialer.isThere = true;
    dialling.open();
    dialling.dispose();
    await settle();

    expect([dialer.openLinks, clock.pending]).toEqual([0, 0]);
    expect(dialer.links.map(link => link.listenerCount)).toEqual([0, 0]);
    expect(session.state).toEqual({ kind: 'closed' });
  });
});
