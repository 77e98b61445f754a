import { describe, expect, test } from 'vitest';
import { qemuGreeting } from '../../../extension/console/telnet.ts';
import { ConsoleSession } from '../../../extension/runtime/console/console-session.ts';
import { FakeDialer, settle, type PortMood } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { connected, connectedSession, held, notRunning, opened } from '../../support/opened-session.ts';

describe('a console session that comes and goes', () => {
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
