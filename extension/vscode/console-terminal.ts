import type * as vscode from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { Utf8Decoder, encodeUtf8 } from '../console/utf8.ts';
import type { ConsoleSession, ConsoleState } from '../runtime/console-session.ts';
import { consoleNews, type ConsoleTarget } from '../runtime/console-target.ts';

type History = { readonly text: string } | { readonly problem: string };

/** Shows one console session in a VS Code terminal. Knows nothing of sockets, telnet or QEMU. */
export class ConsoleTerminal implements vscode.Pseudoterminal {
  private readonly owned = new DisposableStore();
  private readonly written = this.owned.add(new Emitter<string>());
  private readonly closed = new Emitter<void>();
  private readonly target: ConsoleTarget;
  private readonly session: ConsoleSession;
  private readonly history: Promise<History>;
  private readonly decoder = new Utf8Decoder();
  private isAtLineStart = true;
  private isClosed = false;
  readonly onDidWrite = this.written.event;
  /** When VS Code or we have closed it. Not `onDidClose`, by which a pseudoterminal asks VS Code to do so. */
  readonly onClosed = this.closed.event;

  /** `history`: what is shown before anything that is new. The session is ours from here on. */
  constructor(target: ConsoleTarget, session: ConsoleSession, history: Promise<string> = Promise.resolve('')) {
    this.target = target;
    this.session = this.owned.add(session);
    // At once, not when VS Code opens the terminal: until then a rejection would be nobody's.
    this.history = history.then(
      text => ({ text }),
      (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
    );
  }

  open(): void {
    void this.history.then(history => this.begin(history));
  }

  handleInput(text: string): void {
    if (this.session.state.kind === 'connected') this.session.write(encodeUtf8(typed(text)));
    else if (text.includes('\r')) this.session.retryNow();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.owned.dispose();
    this.closed.fire();
    this.closed.dispose();
  }

  private begin(history: History): void {
    if (this.isClosed) return;
    if ('text' in history) this.write(history.text);
    else this.line(`kvmlab: the console log cannot be read: ${history.problem}`);
    this.owned.add(this.session.onDidChangeState(state => this.tell(state)));
    this.owned.add(this.session.onData(bytes => this.write(this.decoder.push(bytes))));
    this.session.open();
  }

  private tell(state: ConsoleState): void {
    this.write(this.decoder.end());
    const news = consoleNews(this.target, state);
    if (news !== undefined) this.line(news);
  }

  /** Our own words: dim, on a line of their own. */
  private line(text: string): void {
    this.write(`${this.isAtLineStart ? '' : '\r\n'}\u001b[0;2m${text}\u001b[0m\r\n`);
  }

  private write(text: string): void {
    if (text === '') return;
    this.isAtLineStart = text.endsWith('\n');
    this.written.fire(text);
  }
}

/**
 * As a keyboard would send it. VS Code gives Enter as CR; pasted lines may end otherwise. A single LF is Ctrl+J,
 * which is a key of its own.
 */
const typed = (text: string): string => (text === '\n' ? text : text.replaceAll(/\r?\n/g, '\r'));
