import { describe, expect, test } from 'vitest';
import { qemuGreeting } from '../../../extension/console/telnet.ts';
import { ConsoleSession, type ConsoleState } from '../../../extension/runtime/console/console-session.ts';
import { FakeDialer, settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { connected, connectedSession, held, notRunning, opened } from '../../support/opened-session.ts';

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
});
