import type * as vscode from 'vscode';
import {
  dispatch,
  type ChangeWay,
  type FromVlans,
  type Handlers,
  type PortWish,
  type ToVlans,
} from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { UserError } from '../../base/user-error.ts';
import type { RunningSwitch } from '../../runtime/state.ts';
import type { VlanActions } from '../../runtime/switches/vlan-actions.ts';
import type { MatrixTarget, VlanMatrix } from '../../runtime/switches/vlan-matrix.ts';

/** What a matrix needs of the rest. */
export interface VlanHost {
  readonly draw: (target: MatrixTarget) => VlanMatrix;
  /** The process of the switch, if it runs. */
  readonly find: (target: MatrixTarget) => RunningSwitch | undefined;
  readonly actions: Pick<VlanActions, 'apply' | 'write' | 'applyFile' | 'adopt'>;
  /** Nothing is told or written in a workspace that is not trusted. */
  readonly isTrusted: () => boolean;
  /** Hears of failures that are no fault of the user's. */
  readonly report: (error: unknown) => void;
}

type Panel = Pick<vscode.WebviewPanel, 'webview' | 'visible' | 'onDidChangeViewState' | 'onDidDispose' | 'reveal'> &
  Disposable;

/** Shows one matrix in one tab, and does what is asked there. Knows nothing of switches or files. */
export class VlanPanel implements Disposable {
  readonly target: MatrixTarget;
  private readonly panel: Panel;
  private readonly host: VlanHost;
  private readonly owned = new DisposableStore();
  private readonly seen = this.owned.add(new Emitter<void>());
  /** It was hidden, is on the screen again, or its view was loaded. */
  readonly onDidChangeVisibility = this.seen.event;
  private readonly closed = new Emitter<void>();
  readonly onClosed = this.closed.event;
  /** What the view was told last; undefined: it is not there (yet). */
  private told: string | undefined;
  private isLoaded = false;
  private isReleased = false;

  constructor(target: MatrixTarget, panel: Panel, host: VlanHost) {
    this.target = target;
    this.panel = panel;
    this.host = host;
    this.owned.add(panel.webview.onDidReceiveMessage((message: FromVlans) => dispatch(this.handlers, message)));
    this.owned.add(panel.onDidDispose(() => this.release()));
    this.owned.add(
      panel.onDidChangeViewState(() => {
        // VS Code takes hidden views out of memory; they say `ready` when they are back.
        if (!panel.visible) this.isLoaded = false;
        this.seen.fire();
      }),
    );
  }

  get isVisible(): boolean {
    return this.panel.visible;
  }

  show(): void {
    this.panel.reveal();
  }

  /** To be called when the switch or the lab file may have changed, and when the view is there. */
  update(): void {
    if (!this.isLoaded) return;
    const matrix = this.host.draw(this.target);
    const text = JSON.stringify(matrix);
    if (text === this.told) return;
    this.told = text;
    this.post({ type: 'matrix', matrix });
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

  private readonly handlers: Handlers<FromVlans> = {
    ready: () => {
      this.isLoaded = true;
      this.told = undefined;
      this.seen.fire();
    },
    change: ({ way, wishes }) => void this.answer(() => this.change(way, wishes)),
    applyFile: () => void this.answer(() => this.host.actions.applyFile(this.target)),
    adopt: () => void this.answer(() => this.host.actions.adopt(this.target)),
  };

  /** First the switch, which may refuse; what it refuses is not written. */
  private async change(way: ChangeWay, wishes: readonly PortWish[]): Promise<string> {
    const { actions } = this.host;
    const applied = way === 'file' ? [] : [await actions.apply(this.target, wishes)];
    const written = way === 'live' ? [] : [await actions.write(this.target, wishes)];
    if (way === 'file') this.post({ type: 'written' });
    return [...applied, ...written].join(' ');
  }

  private async answer(work: () => Promise<string>): Promise<void> {
    try {
      if (!this.host.isTrusted()) throw new UserError('This workspace is not trusted, so nothing was changed.');
      this.post({ type: 'done', words: await work() });
    } catch (error) {
      this.post({ type: 'refused', reason: error instanceof Error ? error.message : String(error) });
      if (!(error instanceof UserError)) this.host.report(error);
    }
  }

  private post(message: ToVlans): void {
    if (!this.isReleased) void this.panel.webview.postMessage(message);
  }
}
