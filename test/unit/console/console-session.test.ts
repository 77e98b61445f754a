import { describe, expect, test } from 'vitest';
import { qemuGreeting } from '../../../extension/console/telnet.ts';
import { ConsoleSession, type ConsoleState } from '../../../extension/runtime/console/console-session.ts';
import { FakeDialer, settle, type PortMood } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const connected: ConsoleState = { kind: 'connected' };
const held: ConsoleState = { kind: 'waiting', reason: 'held' };
const notRunning: ConsoleState = { kind: 'waiting', reason: 'not running' };

/** An opened session, everything it said, and the world around it. */
async function opened(mood: PortMood = 'accepts') {
  const [dialer, clock] = [new FakeDialer(mood), new FakeClock()];
  const session = new ConsoleSession(dialer, clock, 10031);
  const states: ConsoleState[] = [];
  const text: number[] = [];
  session.onDidChangeState(state => states.push(state));
  session.onData(bytes => text.push(...bytes));
  session.open();
  await settle();
  const wait = async (ms: number): Promise<void> => {
    // In steps: what a timer begins is answered before the next one is due, as in life.
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(Math.min(left, 50));
      await settle();
    }
  };
  return { dialer, clock, session, states, text, wait };
}

async function connectedSession() {
  const world = await opened();
  world.dialer.link.greet();
  return world;
}

describe('a console session', () => {
  test('dials the port of its console', async () => {
    const { dialer } = await opened();

    expect(dialer.ports).toEqual([10031]);
  });

  test('is opened once, however often it is asked', async () => {
    const { session, dialer } = await opened();

    session.open();
    await settle();

    expect(dialer.ports).toHaveLength(1);
  });

  test('is not connected before QEMU has greeted', async () => {
    const { session, dialer } = await opened();

    const before = session.state;
    dialer.link.greet();

    expect([before, session.state]).toEqual([{ kind: 'connecting' }, connected]);
  });

  test('gives the bytes after the greeting, and says that it is connected first', async () => {
    const { session, dialer, text } = await opened();
    const stateAtText: ConsoleState[] = [];
    session.onData(() => stateAtText.push(session.state));

    dialer.link.print([...qemuGreeting, 0x41, 0xff]);

    expect({ text, stateAtText }).toEqual({ text: [0x41, 0xff], stateAtText: [connected] });
  });

  test('doubles 0xff towards QEMU', async () => {
    const { session, dialer } = await connectedSession();

    expect(session.write(Uint8Array.of(0x41, 0xff))).toBe(true);
    expect(dialer.link.written).toEqual([0x41, 0xff, 0xff]);
  });

  test('sends a break', async () => {
    const { session, dialer } = await connectedSession();

    expect(session.sendBreak()).toBe(true);
    expect(dialer.link.written).toEqual([0xff, 0xf3]);
  });

  test('a connection that is not greeted is held by somebody else', async () => {
    const { states, wait } = await opened();

    await wait(1499);
    const before = [...states];
    await wait(1);

    expect([before, states]).toEqual([[], [held]]);
  });

  test('drops what is typed while somebody else holds the console', async () => {
    const { session, dialer, wait } = await opened();
    await wait(2000);

    expect([session.write(Uint8Array.of(0x41)), session.sendBreak()]).toEqual([false, false]);
    expect(dialer.link.written).toEqual([]);
  });

  test('a VM that has only just begun may take longer to greet before it counts as held', async () => {
    const { dialer, states, wait } = await opened('refuses');
    dialer.mood = 'accepts';
    await wait(250);

    await wait(5950);
    const before = [...states];
    await wait(50);

    expect([before, states]).toEqual([[notRunning], [notRunning, held]]);
  });

  test('keeps its place in the queue and is connected when the other one hangs up', async () => {
    const { session, dialer, states, wait } = await opened();
    await wait(60_000);
    session.retryNow();

    dialer.link.greet();

    expect({ states, dials: dialer.ports.length }).toEqual({ states: [held, connected], dials: 1 });
  });

  test('a greeting that took long does not turn into held later', async () => {
    const { dialer, states, wait } = await opened();
    await wait(1400);

    dialer.link.greet();
    await wait(10_000);

    expect(states).toEqual([connected]);
  });

  test('a full queue counts as held, and the session comes again', async () => {
    const { dialer, states, wait } = await opened('hangs');
    await wait(1500);
    const hangingWhileHeld = dialer.hanging;

    dialer.mood = 'accepts';
    await wait(250);
    dialer.link.greet();

    expect({ hangingWhileHeld, states }).toEqual({ hangingWhileHeld: 0, states: [held, connected] });
  });

  test('says once that the VM is not running, however often it tries', async () => {
    const { states, dialer, wait } = await opened('refuses');

    for (let second = 0; second < 60; second += 1) await wait(1000);

    expect(states).toEqual([notRunning]);
    expect(dialer.ports.length).toBeGreaterThan(5);
  });

  test('tries less and less often, but at least every five seconds', async () => {
    const { clock, dialer, wait } = await opened('refuses');
    const start = clock.now();
    const times = [0];

    while (clock.now() - start < 25_000) {
      const before = dialer.ports.length;
      await wait(50);
      if (dialer.ports.length > before) times.push(clock.now() - start);
    }

    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual([
      250, 500, 1000, 2000, 4000, 5000, 5000, 5000,
    ]);
  });

  test('connects at once when it is told that the VM runs', async () => {
    const { session, dialer, states, wait } = await opened('refuses');
    await wait(20_000);
    dialer.mood = 'accepts';

    session.retryNow();
    await settle();
    dialer.link.greet();

    expect(states).toEqual([notRunning, connected]);
  });

  test('after being told, it is impatient again', async () => {
    const { session, dialer, wait } = await opened('refuses');
    await wait(20_000);
    session.retryNow();
    await settle();
    const dials = dialer.ports.length;

    await wait(250);

    expect(dialer.ports.length).toBe(dials + 1);
  });

  test('being told while connected changes nothing', async () => {
    const { session, dialer, states } = await connectedSession();

    session.retryNow();
    await settle();

    expect({ states, dials: dialer.ports.length }).toEqual({ states: [connected], dials: 1 });
  });

  test('being told before it is opened does not open it', async () => {
    const dialer = new FakeDialer();

    new ConsoleSession(dialer, new FakeClock(), 1).retryNow();
    await settle();

    expect(dialer.ports).toEqual([]);
  });

  test('comes back by itself when the VM was restarted, and reads the new greeting as one', async () => {
    const { dialer, states, text, wait } = await connectedSession();
    dialer.mood = 'refuses';
    dialer.link.hangUp();
    await wait(4000);
    dialer.mood = 'accepts';

    await wait(5000);
    dialer.link.print([...qemuGreeting, 0x42]);

    expect({ states, text }).toEqual({
      states: [connected, { kind: 'connecting' }, notRunning, connected],
      text: [0x42],
    });
  });

  test('put out by another client, it goes back to the queue', async () => {
    const { dialer, session, wait } = await connectedSession();

    dialer.link.hangUp();
    await wait(250);
    await wait(1500);

    expect(session.state).toEqual(held);
  });

  test('lets go of the link that ended', async () => {
    const { dialer, wait } = await connectedSession();

    dialer.link.hangUp();
    await wait(250);

    expect(dialer.links.map(({ isDisposed, listenerCount }) => [isDisposed, listenerCount])).toEqual([
      [true, 0],
      [false, 2],
    ]);
  });

  test('a peer that hangs up right after its greeting is not dialled in a rush', async () => {
    const { dialer, wait } = await opened();

    for (let tenth = 0; tenth < 100; tenth += 1) {
      dialer.link.greet();
      dialer.link.hangUp();
      await wait(100);
    }

    expect(dialer.ports.length).toBeLessThanOrEqual(41);
  });

  test.each<PortMood>(['accepts', 'refuses', 'hangs'])(
    'disposed while the port %s, it leaves nothing behind',
    async mood => {
      const { session, dialer, clock, wait } = await opened(mood);
      await wait(3000);

      session.dispose();
      session.dispose();
      await settle();

      expect({ timers: clock.pending, links: dialer.openLinks, hanging: dialer.hanging }).toEqual({
        timers: 0,
        links: 0,
        hanging: 0,
      });
      expect(dialer.links.map(link => link.listenerCount).every(count => count === 0)).toBe(true);
    },
  );

  test('a link that arrives after it was disposed is closed', async () => {
    const [dialer, clock] = [new FakeDialer(), new FakeClock()];
    const session = new ConsoleSession(dialer, clock, 1);
    session.open();

    session.dispose();
    await settle();

    expect({ links: dialer.openLinks, timers: clock.pending }).toEqual({ links: 0, timers: 0 });
  });

  test('disposed by somebody who hears of its state, it stays so', async () => {
    const { session, dialer, clock, text } = await opened();
    session.onDidChangeState(() => session.dispose());

    dialer.link.print([...qemuGreeting, 0x41]);
    await settle();

    expect({ state: session.state, text, timers: clock.pending, links: dialer.openLinks }).toEqual({
      state: { kind: 'closed' },
      text: [],
      timers: 0,
      links: 0,
    });
  });

  test('once disposed it cannot be opened, told or written to', async () => {
    const { session, dialer } = await connectedSession();
    session.dispose();

    session.open();
    session.retryNow();
    await settle();

    expect({ dials: dialer.ports.length, isWritten: session.write(Uint8Array.of(1)) }).toEqual({
      dials: 1,
      isWritten: false,
    });
  });

  test('a thousand sessions that come and go leave nothing behind', async () => {
    const [dialer, clock] = [new FakeDialer(), new FakeClock()];

    for (let round = 0; round < 1000; round += 1) {
      const session = new ConsoleSession(dialer, clock, 1);
      session.open();
      await settle();
      if (round % 2 === 0) dialer.link.greet();
      session.dispose();
    }

    expect({ links: dialer.openLinks, timers: clock.pending }).toEqual({ links: 0, timers: 0 });
  });
});
