import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { logTailBytes, replayable } from '../console/replay.ts';
import { encodeUtf8 } from '../console/utf8.ts';
import type { ConsoleSession } from '../runtime/console-session.ts';
import { consoleTitle, type ConsoleTarget } from '../runtime/console-target.ts';
import { ConsoleTerminal } from './console-terminal.ts';

interface OpenConsole {
  readonly target: ConsoleTarget;
  readonly session: ConsoleSession;
  readonly terminal: vscode.Terminal;
  readonly console: ConsoleTerminal;
}

type ReadLogTail = (path: string, bytes: number) => Promise<string | undefined>;

/** The terminals of all consoles: one for each lab, VM and kind, found again by these and never by its title. */
export class ConsoleTerminals implements Disposable {
  private readonly consoles = new Map<string, OpenConsole>();

  private readonly makeSession: (target: ConsoleTarget) => ConsoleSession;
  private readonly readLogTail: ReadLogTail;

  /** `readLogTail` gives the end of a console log, `undefined` if there is none. */
  constructor(makeSession: (target: ConsoleTarget) => ConsoleSession, readLogTail: ReadLogTail) {
    this.makeSession = makeSession;
    this.readLogTail = readLogTail;
  }

  /** Opens the console's terminal, or shows the one that is open. */
  open(target: ConsoleTarget): vscode.Terminal {
    const key = keyOf(target);
    const present = this.consoles.get(key);
    if (present && present.target.port !== target.port) this.end(present);
    const { terminal } = this.consoles.get(key) ?? this.create(key, target);
    terminal.show();
    return terminal;
  }

  /** To be called when a VM has begun to run: its consoles connect at once. */
  reconnect(lab: string, vm: string): void {
    for (const { target, session } of this.consoles.values()) {
      if (target.lab === lab && target.vm === vm) session.retryNow();
    }
  }

  dispose(): void {
    for (const one of [...this.consoles.values()]) this.end(one);
  }

  private create(key: string, target: ConsoleTarget): OpenConsole {
    const session = this.makeSession(target);
    const console = new ConsoleTerminal(target, session, this.history(target));
    const icon = target.kind === 'serial' ? 'terminal' : 'debug-console';
    const terminal = vscode.window.createTerminal({
      name: consoleTitle(target),
      pty: console,
      iconPath: new vscode.ThemeIcon(icon),
      // A terminal of ours cannot be revived without the extension that feeds it.
      isTransient: true,
    });
    const created = { target, session, terminal, console };
    this.consoles.set(key, created);
    console.onClosed(() => this.consoles.get(key) === created && this.consoles.delete(key));
    return created;
  }

  private async history({ logPath }: ConsoleTarget): Promise<string> {
    const record = logPath === undefined ? undefined : await this.readLogTail(logPath, logTailBytes);
    return record === undefined ? '' : replayable(record, encodeUtf8(record).length >= logTailBytes);
  }

  private end({ console, terminal }: OpenConsole): void {
    console.close();
    terminal.dispose();
  }
}

const keyOf = ({ lab, vm, kind }: ConsoleTarget): string => JSON.stringify([lab, vm, kind]);
