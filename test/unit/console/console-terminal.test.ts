import { describe, expect, test } from 'vitest';
import { replayable } from '../../../extension/console/replay.ts';
import { qemuGreeting } from '../../../extension/console/telnet.ts';
import { Emitter } from '../../../extension/base/emitter.ts';
import type { ByteSession } from '../../../extension/runtime/console/byte-session.ts';
import type { ConsoleState } from '../../../extension/runtime/console/console-state.ts';
import type { PortHolder } from '../../../extension/runtime/console-ports.ts';
import { ConsoleFeed } from '../../../extension/runtime/console/console-feed.ts';
import { ConsoleSession } from '../../../extension/runtime/console/console-session.ts';
import type { ConsoleTarget } from '../../../extension/runtime/console/console-target.ts';
import type { RunState } from '../../../extension/runtime/state.ts';
import { targetNews } from '../../../extension/runtime/console/terminal-target.ts';
import { ConsoleTerminal } from '../../../extension/vscode/consoles/console-terminal.ts';
import { FakeDialer, settle, type PortMood } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const fw: ConsoleTarget = { lab: '/x/dmz.lab.yaml', vm: 'fw', kind: 'serial', port: 10031 };
const dim = (text: string): string => `\u001b[0;2m${text}\u001b[0m\r\n`;
const connectedLine = dim('kvmlab: connected to fw, serial console, port 10031');

/** A console that somebody else holds, and that cannot be taken from them. */
class HeldSession implements ByteSession {
  readonly state: ConsoleState;
  takeOvers = 0;
  private readonly changed = new Emitter<ConsoleState>();
  readonly onDidChangeState = this.changed.event;
  readonly onData = new Emitter<Uint8Array>().event;

  constructor(holder: PortHolder) {
    this.state = { kind: 'waiting', reason: 'held', holder };
  }

  tell(): void {
    this.changed.fire(this.state);
  }

  takeOver(): string {
    this.takeOvers += 1;
    return 'It is not yours.';
  }

  write(): boolean {
    return false;
  }

  readonly open = (): void => undefined;
  readonly retryNow = (): void => undefined;
  readonly dispose = (): void => undefined;
}

interface World {
  readonly mood?: PortMood;
  readonly history?: Promise<string>;
  readonly target?: ConsoleTarget;
  readonly state?: RunState;
}

/** A terminal that VS Code has opened, and what it shows. */
async function shown({ mood = 'accepts', history = Promise.resolve(''), target = fw, state }: World = {}) {
  const [dialer, clock, entered] = [new FakeDialer(mood), new FakeClock(), { count: 0 }];
  const feed = new ConsoleFeed({
    session: Object.assign(new ConsoleSession(dialer, clock, target.port), {
      history: () => history.then(text => ({ bytes: new TextEncoder().encode(text), isCut: false })),
    }),
    clock,
    news: news => targetNews(target, news, state),
    onEnter: () => (entered.count += 1),
  });
  const screen = { text: '' };
  const open = (onText: (text: string) => void): ConsoleTerminal => {
    const terminal = new ConsoleTerminal(feed, text => feed.type(text));
    terminal.onDidWrite(onText);
    terminal.open(undefined);
    return terminal;
  };
  const terminal = open(text => (screen.text += text));
  await settle();
  return { dialer, clock, feed, terminal, screen, entered, open };
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

  test('a second terminal shows what the first one shows, from before it was opened and from then on', async () => {
    const { screen, dialer, open } = await greeted();
    dialer.link.print('one\r\n');
    let second = '';

    open(text => (second += text));
    dialer.link.print('two');

    expect(second).toBe(screen.text);
    expect(second).toBe(`${connectedLine}one\r\ntwo`);
  });

  test('a second terminal does not answer what the guest asked before it was there', async () => {
    const { dialer, open } = await greeted();
    dialer.link.print('~ # \u001b[6n');
    let second = '';

    open(text => (second += text));

    expect(second).not.toContain('\u001b[6n');
    expect(second).toContain('~ # ');
  });

  test('of two terminals, one answers the guest: the one in which somebody typed last', async () => {
    const { terminal, dialer, open } = await greeted();
    const second = open(() => undefined);
    const answer = '\u001b[3;5R';

    terminal.handleInput(answer);
    second.handleInput(answer);
    const first = dialer.link.written.splice(0);
    second.handleInput('x');
    terminal.handleInput(answer);
    second.handleInput(answer);

    expect(first).toEqual(bytesOf(answer));
    expect(dialer.link.written).toEqual(bytesOf(`x${answer}`));
  });

  test('when the terminal that answers is closed, another one answers', async () => {
    const { terminal, dialer, open } = await greeted();
    const second = open(() => undefined);

    terminal.close();
    second.handleInput('\u001b[3;5R');

    expect(dialer.link.written).toEqual(bytesOf('\u001b[3;5R'));
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

  test('typing from another console starts nothing here', async () => {
    const { feed, entered } = await shown({ mood: 'refuses', state: { kind: 'stopped' } });

    feed.type('\r', false);

    expect(entered.count).toBe(0);
  });

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
