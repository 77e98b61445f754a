import * as vscode from 'vscode';
import type { MatrixIdentity } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { SwitchWatcher } from '../../runtime/switches/switch-watcher.ts';
import type { MatrixTarget } from '../../runtime/switches/vlan-matrix.ts';
import { redrawPauseMs } from '../trees/labs-tree.ts';
import { ViewTabs } from '../view-tabs.ts';
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
  private readonly tabs: ViewTabs<MatrixTarget, VlanPanel>;
  private readonly visibility = this.owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeVisibility = this.visibility.event;
  private isReady = false;
  private readonly options: VlanPanelsOptions;

  constructor(options: VlanPanelsOptions) {
    const { store, switches, clock, host, extensionUri, nonce } = options;
    this.options = options;
    this.tabs = this.owned.add(
      new ViewTabs<MatrixTarget, VlanPanel>({
        ...{ type: viewType, name: 'vlans', extensionUri, nonce, titleOf, keyOf, targetOf },
        show: (target, panel) => new VlanPanel(target, panel, host),
        changed: () => {
          this.visibility.fire();
          this.update();
        },
      }),
    );
    const redraw = this.owned.add(new Coalescer(clock, redrawPauseMs, () => this.update()));
    this.owned.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
    this.owned.add(store.onDidChange(() => redraw.request()));
    this.owned.add(switches.onDidChange(() => redraw.request()));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => redraw.request()));
  }

  /** Whether one of them is on the screen. */
  get visible(): boolean {
    return this.tabs.visible.length > 0;
  }

  /** Opens the matrix of a switch, or shows the one that is open. */
  open(target: MatrixTarget): void {
    this.tabs.open(target);
    this.whenReady();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    this.tabs.restore(panel, state);
    this.whenReady();
    return Promise.resolve();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private whenReady(): void {
    void this.options.ready().then(() => {
      this.isReady = true;
      this.update();
    });
  }

  private update(): void {
    if (!this.isReady) return;
    const { switches, host } = this.options;
    const { visible } = this.tabs;
    const pids = host.isTrusted() ? visible.flatMap(({ target }) => host.find(target)?.pid ?? []) : [];
    switches.want(viewType, pids);
    for (const panel of visible) panel.update();
  }
}

const titleOf = ({ name }: MatrixTarget): string => `${name} · VLANs`;
const keyOf = ({ lab, name, socket }: MatrixTarget): string => JSON.stringify([lab, name, socket]);

function targetOf(identity: Partial<MatrixIdentity>): MatrixTarget | undefined {
  const { lab, name, socket } = identity;
  const isWhole = typeof lab === 'string' && typeof name === 'string' && typeof socket === 'string';
  return isWhole ? { lab, name, socket } : undefined;
}
