import { describe, expect, test } from 'vitest';
import { replayable } from '../../../extension/console/replay.ts';
import { settle } from '../../support/console-fakes.ts';
import { connectedLine, dim, greeted, shown } from '../../support/console-screen.ts';

describe('the history in a terminal', () => {
  test('shows the history before anything new, and dials only then', async () => {
    let give: (text: string) => void = () => undefined;
    const history = new Promise<string>(resolve => (give = resolve));
    const { screen, dialer } = await shown({ history });
    const dialsBefore = dialer.ports.length;

    give('booted\r\n');
    await settle();
    dialer.link.greet();

    expect([dialsBefore, screen.text]).toEqual([0, `${replayable('booted\r\n', false)}${connectedLine}`]);
  });

  test('shows the prompt again behind its own words, as what is typed now belongs to it', async () => {
    const { screen, dialer } = await shown({ history: Promise.resolve('booted\r\nfw:~# \u001b[6n') });

    dialer.link.greet();

    expect(screen.text.endsWith(`${connectedLine}fw:~# `)).toBe(true);
  });

  test('shows no prompt of a VM that was started anew', async () => {
    const { screen, dialer, clock } = await greeted();
    dialer.link.print('fw:~# ');
    dialer.mood = 'refuses';
    dialer.link.hangUp();
    clock.advance(300);
    await settle();
    dialer.mood = 'accepts';

    clock.advance(6000);
    await settle();
    dialer.link.greet();

    expect(screen.text.endsWith(connectedLine)).toBe(true);
  });

  test('connects although the history cannot be read, and says so', async () => {
    const { screen, dialer } = await shown({ history: Promise.reject(new Error('EACCES')) });

    dialer.link.greet();

    expect(screen.text).toBe(`${dim('kvmlab: the console log cannot be read: EACCES')}${connectedLine}`);
  });

  test('closed before its history has come, it does not dial', async () => {
    let give: (text: string) => void = () => undefined;
    const history = new Promise<string>(resolve => (give = resolve));
    const { terminal, feed, dialer, clock } = await shown({ history });

    terminal.close();
    feed.dispose();
    give('booted');
    await settle();

    expect([dialer.ports, clock.pending]).toEqual([[], 0]);
  });
});
