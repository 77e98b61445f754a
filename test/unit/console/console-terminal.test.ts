import { describe, expect, test } from 'vitest';
import { qemuGreeting } from '../../../extension/console/telnet.ts';
import { ConsoleSession } from '../../../extension/runtime/console-session.ts';
import type { ConsoleTarget } from '../../../extension/runtime/console-target.ts';
import { ConsoleTerminal } from '../../../extension/vscode/console-terminal.ts';
import { FakeDialer, settle, type PortMood } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const fw: ConsoleTarget = { lab: '/x/dmz.lab.yaml', vm: 'fw', kind: 'serial', port: 10031 };
const dim = (text: string): string => `\u001b[0;2m${text}\u001b[0m\r\n`;
const connectedLine = dim('kvmlab: connected to fw, serial console, port 10031');

/** A terminal that VS Code has opened, and what it shows. */
async function shown(options: { mood?: PortMood; history?: Promise<string>; target?: ConsoleTarget } = {}) {
  const { mood = 'accepts', history, target = fw } = options;
  const [dialer, clock] = [new FakeDialer(mood), new FakeClock()];
  const terminal = new ConsoleTerminal(target, new ConsoleSession(dialer, clock, target.port), history);
  const screen = { text: '' };
  terminal.onDidWrite(text => (screen.text += text));
  terminal.open();
  await settle();
  return { dialer, clock, terminal, screen };
}

async function greeted() {
  const world = await shown();
  world.dialer.link.greet();
  return world;
}

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

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

    expect(screen.text.slice(connectedLine.length)).toBe(`\n\ufffd\r\n${connectedLine}A`);
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

  test('Enter while it waits tries at once; other keys do nothing', async () => {
    const { terminal, dialer } = await shown({ mood: 'refuses' });

    terminal.handleInput('ls');
    const dialsAfterLetters = dialer.ports.length;
    terminal.handleInput('\r');
    await settle();

    expect([dialsAfterLetters, dialer.ports.length]).toEqual([1, 2]);
  });

  test('shows the history before anything new, and dials only then', async () => {
    let give: (text: string) => void = () => undefined;
    const history = new Promise<string>(resolve => (give = resolve));
    const { screen, dialer } = await shown({ history });
    const dialsBefore = dialer.ports.length;

    give('booted\r\n');
    await settle();
    dialer.link.greet();

    expect([dialsBefore, screen.text]).toEqual([0, `booted\r\n${connectedLine}`]);
  });

  test('connects although the history cannot be read, and says so', async () => {
    const { screen, dialer } = await shown({ history: Promise.reject(new Error('EACCES')) });

    dialer.link.greet();

    expect(screen.text).toBe(`${dim('kvmlab: the console log cannot be read: EACCES')}${connectedLine}`);
  });

  test('closed, it leaves no link, timer or listener behind', async () => {
    const { terminal, dialer, clock, screen } = await greeted();
    const link = dialer.link;

    terminal.close();
    terminal.close();
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

  test('closed before its history has come, it does not dial', async () => {
    let give: (text: string) => void = () => undefined;
    const history = new Promise<string>(resolve => (give = resolve));
    const { terminal, dialer, clock } = await shown({ history });

    terminal.close();
    give('booted');
    await settle();

    expect([dialer.ports, clock.pending]).toEqual([[], 0]);
  });
});
