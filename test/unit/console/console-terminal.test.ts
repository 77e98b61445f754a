import { describe, expect, test } from 'vitest';
import { qemuGreeting } from '../../../extension/console/telnet.ts';
import { ConsoleFeed } from '../../../extension/runtime/console/console-feed.ts';
import { targetNews } from '../../../extension/runtime/console/terminal-target.ts';
import { settle } from '../../support/console-fakes.ts';
import { bytesOf, connectedLine, dim, fw, greeted, HeldSession, shown } from '../../support/console-screen.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('the terminal of a console', () => {
  test('says to what it is connected, dim and on a line of its own', async () => {
    const { screen } = await greeted();

    expect(screen.text).toBe(connectedLine);
  });

  test('names the monitor where it is one', async () => {
    const { screen, dialer } = await shown({ target: { ...fw, kind: 'monitor', port: 20031 } });

    dialer.link.greet();

    expect(screen.text).toBe(dim('kvmlab: connected to fw, monitor, port 20031'));
  });

  test('says that the VM is not running', async () => {
    const { screen } = await shown({ mood: 'refuses' });

    expect(screen.text).toBe(dim('kvmlab: fw is not running; this terminal connects when it starts'));
  });

  test('says that somebody else holds the console', async () => {
    const { screen, clock } = await shown();

    clock.advance(2000);
    await settle();

    expect(screen.text).toContain('somebody else holds this console (only one at a time)');
  });

  test('shows what the guest prints, a character cut in two as one', async () => {
    const { screen, dialer } = await greeted();

    dialer.link.print([0x24, 0xe2, 0x82]);
    dialer.link.print([0xac]);

    expect(screen.text).toBe(`${connectedLine}$€`);
  });

  test('begins its own line when the guest’s was not ended', async () => {
    const { screen, dialer, clock } = await greeted();
    dialer.link.print('fw# ');
    dialer.mood = 'refuses';

    dialer.link.hangUp();
    clock.advance(300);
    await settle();

    expect(screen.text.slice(connectedLine.length)).toBe(
      `fw# \r\n${dim('kvmlab: fw is not running; this terminal connects when it starts')}`,
    );
  });

  test('a character that the end of a connection cut does not spoil the next one', async () => {
    const { screen, dialer, clock } = await greeted();
    dialer.link.print([0x0a, 0xe2, 0x82]);

    dialer.link.hangUp();
    clock.advance(300);
    await settle();
    dialer.link.print([...qemuGreeting, 0x41]);

    expect(screen.text.slice(connectedLine.length)).toBe(`\n\ufffd\r\n${connectedLine}\ufffdA`);
  });

  test.each([
    ['Enter', '\r', '\r'],
    ['Ctrl+J', '\n', '\n'],
    ['Ctrl+C', '\u0003', '\u0003'],
    ['an arrow', '\u001b[A', '\u001b[A'],
    ['pasted lines', 'a\r\nb\nc', 'a\rb\rc'],
    ['letters of any kind', 'ä€😀', 'ä€😀'],
  ])('sends %s as a keyboard would', async (_, input, sent) => {
    const { terminal, dialer } = await greeted();

    terminal.handleInput(input);

    expect(dialer.link.written).toEqual(bytesOf(sent));
  });

  test('says that a VM of a lab is stopped and that Enter starts it; only Enter does', async () => {
    const { terminal, screen, entered } = await shown({ mood: 'refuses', state: { kind: 'stopped' } });

    terminal.handleInput('ls');
    const afterLetters = entered.count;
    terminal.handleInput('\r');

    expect(screen.text).toBe(dim('kvmlab: fw is stopped – press Enter to start it'));
    expect([afterLetters, entered.count]).toEqual([0, 1]);
  });

  test('Enter on a console that is connected goes to the guest and starts nothing', async () => {
    const { terminal, entered } = await greeted();

    terminal.handleInput('\r');

    expect(entered.count).toBe(0);
  });

  test('names who holds the console, and takes it over when told to', async () => {
    const holder = { pid: 4711, program: 'telnet' };
    const screen = { text: '' };
    const session = new HeldSession(holder);
    const held = new ConsoleFeed({
      session,
      clock: new FakeClock(),
      news: news => targetNews(fw, news, undefined),
      onEnter: () => undefined,
    });
    const view = held.attach(text => (screen.text += text));
    await settle();
    session.tell();

    for (const key of ['x', 't']) view.input(key, text => held.type(text));

    expect(screen.text).toContain('telnet (process 4711) holds this console. Press t to take it over.');
    expect(session.takeOvers).toBe(1);
    expect(screen.text).toContain(dim('kvmlab: the console cannot be taken over. It is not yours.'));
  });

  test('closed, it leaves no link, timer or listener behind', async () => {
    const { terminal, feed, dialer, clock, screen } = await greeted();
    const link = dialer.link;

    terminal.close();
    terminal.close();
    feed.dispose();
    link.print('late');

    expect({ links: dialer.openLinks, timers: clock.pending, listeners: link.listenerCount }).toEqual({
      links: 0,
      timers: 0,
      listeners: 0,
    });
    expect(screen.text).toBe(connectedLine);
  });

  test('tells once that it was closed', async () => {
    const { terminal } = await greeted();
    let count = 0;
    terminal.onClosed(() => (count += 1));

    terminal.close();
    terminal.close();

    expect(count).toBe(1);
  });
});
