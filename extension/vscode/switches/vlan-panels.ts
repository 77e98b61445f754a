import * as vscode from 'vscode';
import type { MatrixIdentity } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { SwitchWatcher } from '../../runtime/switches/switch-watcher.ts';
import type { MatrixTarget } from '../../runtime/switches/vlan-matrix.ts';
import { redrawPauseMs } from '../trees/labs-tree.ts';
import { fillPanel } from '../view-panel.ts';
import { VlanPanel, type VlanHost } from './vlan-panel.ts';

const viewType = 'kvmlab.vlans';

export interface VlanPanelsOptions {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly clock: Clock;
  readonly host: VlanHost;
  readonly extensionUri: vscode.Uri;
  /** Resolves when the labs have been read, and what runs was looked at. Before that, nothing is known of any switch. */
  readonly ready: () => Promise<void>;
  /** Gives something that nobody can guess. */
  readonly nonce: () => string;
}

/** The VLAN matrices that are open: one tab for each switch. Those on the screen have their switches watched. */
export class VlanPanels implements vscode.WebviewPanelSerializer, Disposable {
  private readonly owned = new DisposableStore();
  private readonly panels = new Map<string, VlanPanel>();
  private readonly visibility = this.owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeVisibility = this.visibility.event;
  private isReady = false;
  private readonly options: VlanPanelsOptions;

  constructor(options: VlanPanelsOptions) {
    const { store, switches, clock } = options;
    this.options = options;
    const redraw = this.owned.add(new Coalescer(clock, redrawPauseMs, () => this.update()));
    this.owned.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
    this.owned.add(store.onDidChange(() => redraw.request()));
    this.owned.add(switches.onDidChange(() => redraw.request()));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => redraw.request()));
  }

  /** Whether one of them is on the screen. */
  get visible(): boolean {
    return [...this.panels.values()].some(panel => panel.tab.isVisible);
  }

  /** Opens the matrix of a switch, or shows the one that is open. */
  open(target: MatrixTarget): void {
    const present = this.panels.get(keyOf(target));
    if (present) present.tab.show();
    else this.adopt(vscode.window.createWebviewPanel(viewType, titleOf(target), vscode.ViewColumn.Active, {}), target);
  }

  /** VS Code has opened a matrix again, of the time before a reload of the window. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const target = targetOf(state);
    if (target && !this.panels.has(keyOf(target))) this.adopt(panel, target);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    // The tabs stay: VS Code gives them back after a reload of the window.
    const panels = [...this.panels.values()];
    this.panels.clear();
    for (const panel of panels) panel.tab.release();
    this.owned.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, target: MatrixTarget): void {
    const { host, extensionUri, nonce } = this.options;
    const shown = new VlanPanel(target, panel, host);
    this.panels.set(keyOf(target), shown);
    const changed = (): void => {
      this.visibility.fire();
      this.update();
    };
    shown.tab.onDidChangeVisibility(changed);
    shown.tab.onClosed(() => {
      this.panels.delete(keyOf(target));
      changed();
    });
    fillPanel(panel, { name: 'vlans', title: titleOf(target), extensionUri, nonce });
    changed();
    void this.options.ready().then(() => {
      this.isReady = true;
      this.update();
    });
  }

  private update(): void {
    if (!this.isReady) return;
    const { switches, host } = this.options;
    const visible = [...this.panels.values()].filter(panel => panel.tab.isVisible);
    const pids = host.isTrusted() ? visible.flatMap(({ target }) => host.find(target)?.pid ?? []) : [];
    switches.want(viewType, pids);
    for (const panel of visible) panel.update();
  }
}

const titleOf = ({ name }: MatrixTarget): string => `${name} · VLANs`;
const keyOf = ({ lab, name, socket }: MatrixTarget): string => JSON.stringify([lab, name, socket]);

/** What the view kept for itself; it may be of an older version. */
function targetOf(state: unknown): MatrixTarget | undefined {
  const { identity } = (state ?? {}) as { readonly identity?: Partial<MatrixIdentity> };
  const { lab, name, socket } = identity ?? {};
  const isWhole = typeof lab === 'string' && typeof name === 'string' && typeof socket === 'string';
  return isWhole ? { lab, name, socket } : undefined;
}
