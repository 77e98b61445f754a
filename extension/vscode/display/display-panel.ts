import { dispatch, type FromDisplay, type Handlers, type PasteWay, type ToDisplay } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { DisplaySession } from '../../runtime/display/display-session.ts';
import { displayNews, type DisplayTarget } from '../../runtime/display/display-target.ts';
import type { RunState } from '../../runtime/state.ts';
import { ViewTab, type TabPanel } from '../view-tab.ts';

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

/**
 * Joins one view with one session, for as long as the view can be seen: VS Code takes hidden views out of memory, and
 * nobody has to draw for them. Knows nothing of sockets or VNC.
 */
export class DisplayPanel implements Disposable {
  readonly target: DisplayTarget;
  readonly tab: ViewTab<FromDisplay, ToDisplay>;
  private readonly host: DisplayHost;
  /** The session and its listeners; a view that is loaded anew gets a new one. */
  private shown: { readonly session: DisplaySession | undefined; readonly owned: DisposableStore } | undefined;

  constructor(target: DisplayTarget, panel: TabPanel, host: DisplayHost) {
    this.target = target;
    this.host = host;
    this.tab = new ViewTab(panel, message => dispatch(this.handlers, message));
    this.tab.onDidChangeVisibility(() => {
      if (!this.tab.isLoaded) this.disconnect();
    });
    this.tab.add({ dispose: () => this.disconnect() });
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
    this.tab.dispose();
  }

  private readonly handlers: Handlers<FromDisplay> = {
    ready: () => {
      this.tab.setLoaded();
      this.connect();
    },
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
    owned.add(session.onDidOpen(connection => this.tab.post({ type: 'opened', connection })));
    owned.add(session.onDidClose(connection => this.tab.post({ type: 'closed', connection })));
    owned.add(session.onDidChangeState(() => this.tell()));
    // A copy of a plain kind: Node's buffers share memory with others, and VS Code would send them as lists of numbers.
    owned.add(
      session.onData(({ connection, bytes }) =>
        this.tab.post({ type: 'bytes', connection, bytes: new Uint8Array(bytes) }),
      ),
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
    this.tab.post({ type: 'paste', way, text });
  }

  private tell(): void {
    const run = this.host.runState(this.target);
    const session = this.shown?.session;
    const news = session
      ? displayNews(this.target, session.state, run)
      : 'This workspace is not trusted, so KVM Lab opens no display of it.';
    const canStart = session !== undefined && (run?.kind === 'stopped' || run?.kind === 'failed');
    this.tab.post({ type: 'picture', picture: { identity: this.target, news, canStart } });
  }
}
