import { Emitter } from '../../extension/base/emitter.ts';
import type { ByteSession } from '../../extension/runtime/console/byte-session.ts';
import { ConsoleFeed } from '../../extension/runtime/console/console-feed.ts';
import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import type { ConsoleState } from '../../extension/runtime/console/console-state.ts';
import type { ConsoleTarget } from '../../extension/runtime/console/console-target.ts';
import { targetNews } from '../../extension/runtime/console/terminal-target.ts';
import type { PortHolder } from '../../extension/runtime/console-ports.ts';
import type { RunState } from '../../extension/runtime/state.ts';
import { ConsoleTerminal } from '../../extension/vscode/consoles/console-terminal.ts';
import { FakeDialer, settle, type PortMood } from './console-fakes.ts';
import { FakeClock } from './fake-clock.ts';

export const fw: ConsoleTarget = { lab: '/x/dmz.lab.yaml', vm: 'fw', kind: 'serial', port: 10031 };
/** As the extension says something of its own in a terminal. */
export const dim = (text: string): string => `\u001b[0;2m${text}\u001b[0m\r\n`;
export const connectedLine = dim('kvmlab: connected to fw, serial console, port 10031');

/** A console that somebody else holds, and that cannot be taken from them. */
export class HeldSession implements ByteSession {
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
export async function shown({ mood = 'accepts', history = Promise.resolve(''), target = fw, state }: World = {}) {
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

/** The same, connected. */
export async function greeted() {
  const world = await shown();
  world.dialer.link.greet();
  return world;
}

export const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];
