import * as vscode from 'vscode';
import type { DisplayIdentity } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { displayTitle, type DisplayTarget } from '../../runtime/display/display-target.ts';
import { processKey } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';
import { DisplayPanel, type DisplayHost } from './display-panel.ts';
import { fillPanel } from '../view-panel.ts';

const viewType = 'kvmlab.display';

export interface DisplayPanelsOptions {
  readonly store: LabStore;
  readonly host: DisplayHost;
  readonly extensionUri: vscode.Uri;
  /** Gives something that nobody can guess. */
  readonly nonce: () => string;
}

/** The displays that are open: one tab for each lab and VM. */
export class DisplayPanels implements vscode.WebviewPanelSerializer, Disposable {
  private readonly owned = new DisposableStore();
  private readonly panels = new Map<string, DisplayPanel>();
  private readonly processes = new Map<string, string | undefined>();
  private readonly options: DisplayPanelsOptions;

  constructor(options: DisplayPanelsOptions) {
    this.options = options;
    this.owned.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
    this.owned.add(options.store.onDidChange(() => this.update()));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.update()));
  }

  /** Opens the VM's display, or shows the one that is open. */
  open(target: DisplayTarget): void {
    const present = this.panels.get(keyOf(target));
    if (present?.target.port === target.port) present.tab.show();
    else {
      present?.dispose();
      const panel = vscode.window.createWebviewPanel(viewType, displayTitle(target), vscode.ViewColumn.Active, {});
      this.adopt(panel, target);
    }
  }

  /** VS Code has opened a display again, of the time before a reload of the window. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const target = targetOf(state);
    if (target && !this.panels.has(keyOf(target))) this.adopt(panel, target);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    // The tabs stay: VS Code gives them back after a reload of the window.
    for (const panel of [...this.panels.values()]) panel.tab.release();
    this.owned.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, target: DisplayTarget): void {
    const shown = new DisplayPanel(target, panel, this.options.host);
    this.panels.set(keyOf(target), shown);
    shown.tab.onClosed(() => this.panels.get(keyOf(target)) === shown && this.panels.delete(keyOf(target)));
    const { extensionUri, nonce } = this.options;
    // noVNC draws mouse pointers and some rectangles as `data:` images.
    fillPanel(panel, { name: 'display', title: displayTitle(target), images: 'data:', extensionUri, nonce });
  }

  private update(): void {
    for (const [key, panel] of this.panels) {
      const process = processKey(this.options.host.runState(panel.target));
      panel.update(process !== undefined && process !== this.processes.get(key));
      this.processes.set(key, process);
    }
  }
}

const keyOf = ({ lab, vm, port }: DisplayTarget): string => JSON.stringify(lab === '' ? [port] : [lab, vm]);

/** What the view kept for itself; it may be of an older version. */
function targetOf(state: unknown): DisplayTarget | undefined {
  const { identity } = (state ?? {}) as { readonly identity?: Partial<DisplayIdentity> };
  const { lab, vm, port } = identity ?? {};
  const isWhole = typeof lab === 'string' && typeof vm === 'string' && Number.isInteger(port);
  return isWhole ? { lab, vm, port: Number(port) } : undefined;
}
