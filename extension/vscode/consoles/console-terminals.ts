import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { ByteSession } from '../../runtime/console/byte-session.ts';
import { ConsoleFeed } from '../../runtime/console/console-feed.ts';
import { ConsoleGroup } from '../../runtime/console/console-group.ts';
import type { Clock } from '../../runtime/host.ts';
import { MovingSession } from '../../runtime/console/moving-session.ts';
import type { RunState, ThingRef } from '../../runtime/state.ts';
import {
  targetAddress,
  targetIcon,
  targetId,
  targetKey,
  targetName,
  targetNews,
  targetThing,
  targetTitle,
  type TargetId,
  type TerminalTarget,
} from '../../runtime/console/terminal-target.ts';
import { ConsoleTerminal } from './console-terminal.ts';

/** A console of this window, with all its terminals. */
export interface OpenConsole {
  readonly key: string;
  /** Where it is now; a VM may be migrated. */
  target: TerminalTarget;
  readonly session: MovingSession;
  readonly feed: ConsoleFeed;
  readonly terminals: Set<ConsoleTerminal>;
}

export interface ConsoleTerminalsParts {
  readonly clock: Clock;
  readonly makeSession: (target: TerminalTarget) => ByteSession;
  /** What is known of the VM or switch; undefined for one of no lab. */
  readonly stateOf: (target: TerminalTarget) => RunState | undefined;
  /** Enter was pressed on a console of something that is stopped. */
  readonly start: (target: TerminalTarget) => void;
}

export interface OpenOptions {
  /** The focus stays where it is. */
  readonly preserveFocus?: boolean;
  /** One more terminal, also if the console has one. */
  readonly isAnother?: boolean;
  /** The terminal beside which it is split; VS Code does so only if that one was made just now. */
  readonly beside?: vscode.Terminal | undefined;
  /** It is made, but neither shown nor given the focus. */
  readonly isHidden?: boolean;
}

/** The terminals of all consoles, found again by lab, name and kind, and never by their titles. One session per console. */
export class ConsoleTerminals implements Disposable {
  private readonly consoles = new Map<string, OpenConsole>();
  private readonly vscodeTerminals = new Map<ConsoleTerminal, vscode.Terminal>();
  private readonly changed = new Emitter<void>();
  /** When a console was opened or its last terminal was closed. */
  readonly onDidChange = this.changed.event;
  /** Who gets what is typed in one of them. */
  readonly group = new ConsoleGroup();
  /** For which console the terminal profile is asked next, so that it does not ask the user. */
  readonly nextOfProfile: TerminalTarget[] = [];
  private readonly parts: ConsoleTerminalsParts;
  readonly clock: Clock;

  constructor(parts: ConsoleTerminalsParts) {
    this.parts = parts;
    this.clock = parts.clock;
    this.group.onDidChange(() => this.nameAll());
  }

  get open(): readonly OpenConsole[] {
    return [...this.consoles.values()];
  }

  /** The console that a terminal shows. */
  find(terminal: vscode.Terminal | undefined): OpenConsole | undefined {
    const pty = ptyOf(terminal);
    return this.open.find(one => pty !== undefined && one.terminals.has(pty));
  }

  /** How big the console's terminal is: this one, if it is one of them, else the first that VS Code has measured. */
  sizeOf({ terminals }: OpenConsole, terminal: vscode.Terminal | undefined): vscode.TerminalDimensions | undefined {
    const pty = ptyOf(terminal);
    const size = pty && terminals.has(pty) ? pty.size : undefined;
    return size ?? [...terminals].find(one => one.size)?.size;
  }

  /** Shows the console in a terminal: the one that is there, or a new one. */
  show(target: TerminalTarget, options: OpenOptions = {}): vscode.Terminal {
    const { terminals } = this.consoleFor(target);
    const [first] = [...terminals].flatMap(one => this.vscodeTerminals.get(one) ?? []);
    const terminal =
      first && options.isAnother !== true
        ? first
        : vscode.window.createTerminal({
            ...this.terminalOptions(target),
            ...(options.beside ? { location: { parentTerminal: options.beside } } : {}),
          });
    this.adopt(terminal);
    if (options.isHidden !== true) terminal.show(options.preserveFocus);
    return terminal;
  }

  /** A new terminal on the console, for whoever makes it: us, or VS Code for a terminal profile. */
  terminalOptions(target: TerminalTarget): vscode.ExtensionTerminalOptions {
    const console = this.consoleFor(target);
    const pty = new ConsoleTerminal(console.feed, text => this.type(console.key, text));
    console.terminals.add(pty);
    pty.onClosed(() => this.forget(console, pty));
    return {
      name: this.nameOf(console, pty),
      pty,
      iconPath: new vscode.ThemeIcon(targetIcon(target)),
      // A terminal of ours cannot be revived without the extension that feeds it.
      isTransient: true,
    };
  }

  /** To be called for every terminal that VS Code opens: it makes those of profiles itself. */
  adopt(terminal: vscode.Terminal): void {
    const pty = ptyOf(terminal);
    if (!pty || !this.find(terminal) || this.vscodeTerminals.has(pty)) return;
    this.vscodeTerminals.set(pty, terminal);
    this.changed.fire();
  }

  /** To be called for every terminal that is closed: a pseudoterminal does not hear of it if the user did not do so. */
  release(terminal: vscode.Terminal): void {
    ptyOf(terminal)?.close();
  }

  /** To be called when a VM or switch has begun to run: its consoles connect at once, wherever they are now. */
  reconnect({ lab, kind, name }: ThingRef, targetNow: (id: TargetId) => TerminalTarget | undefined): void {
    for (const one of this.open) {
      const thing = targetThing(one.target);
      if (thing?.lab !== lab || thing.kind !== kind || thing.name !== name) continue;
      const now = targetNow(targetId(one.target));
      if (now && targetAddress(now) !== targetAddress(one.target)) this.move(one, now);
      else one.feed.retryNow();
    }
  }

  dispose(): void {
    for (const one of this.open) this.end(one);
    this.group.dispose();
    this.changed.dispose();
  }

  /** The console, with a session of its own if it is new or has another address than before. */
  private consoleFor(target: TerminalTarget): OpenConsole {
    const key = targetKey(target);
    const present = this.consoles.get(key);
    if (present && targetAddress(present.target) === targetAddress(target)) return present;
    if (present) this.end(present);
    const { clock, makeSession, stateOf, start } = this.parts;
    const session = new MovingSession(makeSession(target));
    const feed = new ConsoleFeed({
      session,
      clock,
      news: state => targetNews(console.target, state, stateOf(console.target)),
      onEnter: () => {
        feed.retryNow();
        if (['stopped', 'failed'].includes(stateOf(console.target)?.kind ?? '')) start(console.target);
      },
    });
    const console: OpenConsole = { key, target, session, feed, terminals: new Set<ConsoleTerminal>() };
    this.consoles.set(key, console);
    return console;
  }

  private move(console: OpenConsole, target: TerminalTarget): void {
    console.target = target;
    console.feed.say(`kvmlab: ${targetName(target)} is elsewhere now; this terminal goes along`);
    console.session.moveTo(this.parts.makeSession(target));
  }

  private type(key: string, text: string): void {
    for (const other of this.group.reach(key)) this.consoles.get(other)?.feed.type(text, other === key);
  }

  private nameOf({ key, target, terminals }: OpenConsole, pty: ConsoleTerminal): string {
    const number = [...terminals].indexOf(pty) + 1;
    const title = `${targetTitle(target)}${number > 1 ? ` (${number})` : ''}`;
    return this.group.has(key) ? `⇉ ${title}` : title;
  }

  private nameAll(): void {
    for (const one of this.open) for (const pty of one.terminals) pty.rename(this.nameOf(one, pty));
  }

  private forget(console: OpenConsole, pty: ConsoleTerminal): void {
    console.terminals.delete(pty);
    this.vscodeTerminals.delete(pty);
    if (console.terminals.size > 0 || this.consoles.get(console.key) !== console) return;
    this.consoles.delete(console.key);
    this.group.remove(console.key);
    console.feed.dispose();
    this.changed.fire();
  }

  private end(console: OpenConsole): void {
    const terminals = [...console.terminals].flatMap(pty => this.vscodeTerminals.get(pty) ?? []);
    for (const pty of [...console.terminals]) pty.close();
    for (const terminal of terminals) terminal.dispose();
  }
}

function ptyOf(terminal: vscode.Terminal | undefined): ConsoleTerminal | undefined {
  const options = terminal?.creationOptions;
  return options && 'pty' in options && options.pty instanceof ConsoleTerminal ? options.pty : undefined;
}
