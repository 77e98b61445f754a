import type * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { ConsoleFeed, FeedView } from '../../runtime/console/console-feed.ts';

/** One VS Code terminal on a console. Knows nothing of sockets, telnet or QEMU, and not what else shows the console. */
export class ConsoleTerminal implements vscode.Pseudoterminal {
  private readonly owned = new DisposableStore();
  private readonly written = this.owned.add(new Emitter<string>());
  private readonly renamed = this.owned.add(new Emitter<string>());
  private readonly closed = new Emitter<void>();
  private readonly feed: ConsoleFeed;
  private readonly keys: (text: string) => void;
  private view: FeedView | undefined;
  private isClosed = false;
  /** What VS Code told last; the guest does not hear of it by itself: a serial line has no size. */
  size: vscode.TerminalDimensions | undefined;
  readonly onDidWrite = this.written.event;
  readonly onDidChangeName = this.renamed.event;
  /** When VS Code or we have closed it. Not `onDidClose`, by which a pseudoterminal asks VS Code to do so. */
  readonly onClosed = this.closed.event;

  /** `keys` takes what a person types here. */
  constructor(feed: ConsoleFeed, keys: (text: string) => void) {
    this.feed = feed;
    this.keys = keys;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    if (this.isClosed || this.view) return;
    this.size = size;
    this.view = this.owned.add(this.feed.attach(text => this.written.fire(text)));
  }

  handleInput(text: string): void {
    this.view?.input(text, this.keys);
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.size = size;
  }

  rename(name: string): void {
    this.renamed.fire(name);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.owned.dispose();
    this.closed.fire();
    this.closed.dispose();
  }
}
