import type * as vscode from 'vscode';
import { dispatch, type FromDisplay, type Handlers, type PasteWay, type ToDisplay } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { DisplaySession } from '../../runtime/display/display-session.ts';
import { displayNews, type DisplayTarget } from '../../runtime/display/display-target.ts';
import type { RunState } from '../../runtime/state.ts';

/** What a display needs of the rest. */
export interface DisplayHost {
  readonly makeSession: (target: DisplayTarget) => DisplaySession;
  /** What the VM does; undefined if no lab of the workspace knows it. */
  readonly runState: (target: DisplayTarget) => RunState | undefined;
  /** Nothing is connected to in a workspace that is not trusted. */
  readonly isTrusted: () => boolean;
  readonly start: (target: DisplayTarget) => void;
  readonly clipboard: { readText(): PromiseLike<string>; writeText(text: string): PromiseLike<void> };
}

type Panel = Pick<vscode.WebviewPanel, 'webview' | 'visible' | 'onDidChangeViewState' | 'onDidDispose' | 'reveal'> &
  Disposable;

/**
 * Joins one view with one session, for as long as the view can be seen: VS Code takes hidden views out of memory, and
 * nobody has to draw for them. Knows nothing of sockets or VNC.
 */
export class DisplayPanel implements Disposable {
  readonly target: DisplayTarget;
  private readonly panel: Panel;
  private readonly host: DisplayHost;
  private readonly owned = new DisposableStore();
  private readonly closed = new Emitter<void>();
  readonly onClosed = this.closed.event;
  /** The session and its listeners; a view that is loaded anew gets a new one. */
  private shown: { readonly session: DisplaySession | undefined; readonly owned: DisposableStore } | undefined;
  private isReleased = false;

  constructor(target: DisplayTarget, panel: Panel, host: DisplayHost) {
    this.target = target;
    this.panel = panel;
    this.host = host;
    const messages = panel.webview.onDidReceiveMessage((message: FromDisplay) => dispatch(this.handlers, message));
    this.owned.add(messages);
    this.owned.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.disconnect();
      }),
    );
    this.owned.add(panel.onDidDispose(() => this.release()));
  }

  show(): void {
    this.panel.reveal();
  }

  /** To be called when the VM, or trust in the workspace, may have changed. */
  update(hasBegun: boolean): void {
    if (!this.shown) return;
    if (!this.shown.session && this.host.isTrusted()) this.connect();
    if (hasBegun) this.shown.session?.retryNow();
    this.tell();
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
    this.disconnect();
    this.owned.dispose();
    this.closed.fire();
    this.closed.dispose();
  }

  private readonly handlers: Handlers<FromDisplay> = {
    ready: () => this.connect(),
    bytes: message => this.shown?.session?.write(message),
    received: ({ connection, count }) => this.shown?.session?.acknowledge(connection, count),
    shown: ({ connection }) => this.shown?.session?.markShown(connection),
    failed: ({ connection, reason }) => this.shown?.session?.fail(connection, reason),
    pasteWanted: ({ way }) => void this.paste(way),
    copy: ({ text }) => void this.host.clipboard.writeText(text),
    start: () => this.host.start(this.target),
  };

  private connect(): void {
    this.disconnect();
    const owned = new DisposableStore();
    const session = this.host.isTrusted() ? owned.add(this.host.makeSession(this.target)) : undefined;
    this.shown = { session, owned };
    this.tell();
    if (!session) return;
    owned.add(session.onDidOpen(connection => this.post({ type: 'opened', connection })));
    owned.add(session.onDidClose(connection => this.post({ type: 'closed', connection })));
    owned.add(session.onDidChangeState(() => this.tell()));
    // A copy of a plain kind: Node's buffers share memory with others, and VS Code would send them as lists of numbers.
    owned.add(
      session.onData(({ connection, bytes }) => this.post({ type: 'bytes', connection, bytes: new Uint8Array(bytes) })),
    );
    session.open();
  }

  private disconnect(): void {
    const former = this.shown;
    this.shown = undefined;
    former?.owned.dispose();
  }

  private async paste(way: PasteWay): Promise<void> {
    const text = await this.host.clipboard.readText();
    this.post({ type: 'paste', way, text });
  }

  private tell(): void {
    const run = this.host.runState(this.target);
    const session = this.shown?.session;
    const news = session
      ? displayNews(this.target, session.state, run)
      : 'This workspace is not trusted, so KVM Lab opens no display of it.';
    const canStart = session !== undefined && (run?.kind === 'stopped' || run?.kind === 'failed');
    this.post({ type: 'picture', picture: { identity: this.target, news, canStart } });
  }

  private post(message: ToDisplay): void {
    // False: the view is gone or hidden; it says `ready` when it is back.
    if (!this.isReleased) void this.panel.webview.postMessage(message);
  }
}
