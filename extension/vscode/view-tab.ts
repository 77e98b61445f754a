import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';

/** What a tab needs of VS Code's panel. */
export type TabPanel = Pick<
  vscode.WebviewPanel,
  'webview' | 'visible' | 'onDidChangeViewState' | 'onDidDispose' | 'reveal'
> &
  Disposable;

/** The tab of a view: whether its script is there to hear, whether it can be seen, and its end. */
export class ViewTab<FromView, ToView> implements Disposable {
  private readonly panel: TabPanel;
  private readonly owned = new DisposableStore();
  private readonly seen = this.owned.add(new Emitter<void>());
  /** It was hidden, is on the screen again, or its script was loaded. */
  readonly onDidChangeVisibility = this.seen.event;
  private readonly closed = new Emitter<void>();
  readonly onClosed = this.closed.event;
  private isReady = false;
  private isReleased = false;

  constructor(panel: TabPanel, receive: (message: FromView) => void) {
    this.panel = panel;
    this.owned.add(panel.webview.onDidReceiveMessage(receive));
    this.owned.add(panel.onDidDispose(() => this.release()));
    this.owned.add(
      panel.onDidChangeViewState(() => {
        // VS Code takes hidden views out of memory; they say `ready` when they are back.
        if (!panel.visible) this.isReady = false;
        this.seen.fire();
      }),
    );
  }

  get isVisible(): boolean {
    return this.panel.visible;
  }

  /** Whether what is posted is heard. */
  get isLoaded(): boolean {
    return this.isReady && !this.isReleased;
  }

  get isClosed(): boolean {
    return this.isReleased;
  }

  /** The script of the view has said that it is there. */
  setLoaded(): void {
    this.isReady = true;
    this.seen.fire();
  }

  /** What ends with the tab. */
  add<T extends Disposable>(part: T): T {
    return this.owned.add(part);
  }

  show(): void {
    this.panel.reveal();
  }

  /** Nothing is posted to a view that is not loaded: it asks for everything when it is. */
  post(message: ToView): void {
    if (this.isLoaded) void this.panel.webview.postMessage(message);
  }

  /** Closes the tab. */
  dispose(): void {
    this.panel.dispose();
    this.release();
  }

  /** Lets go of the tab and leaves it open. */
  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.owned.dispose();
    this.closed.fire();
    this.closed.dispose();
  }
}
