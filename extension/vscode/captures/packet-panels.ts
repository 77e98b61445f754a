import * as vscode from 'vscode';
import type { CaptureIdentity } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { PacketPanel, type PacketHost } from './packet-panel.ts';
import { fillPanel } from '../view-panel.ts';

const viewType = 'kvmlab.packets';

export interface PacketPanelsOptions {
  readonly host: PacketHost;
  readonly extensionUri: vscode.Uri;
  /** Gives something that nobody can guess. */
  readonly nonce: () => string;
}

/** The live captures that are open: one tab for each thing that is captured. */
export class PacketPanels implements vscode.WebviewPanelSerializer, Disposable {
  private readonly owned = new DisposableStore();
  private readonly panels = new Map<string, PacketPanel>();
  private readonly options: PacketPanelsOptions;

  constructor(options: PacketPanelsOptions) {
    this.options = options;
    this.owned.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  /** Begins a live capture, or shows the one that is open. */
  open(identity: CaptureIdentity): void {
    const present = this.panels.get(identity.operand);
    if (present) present.tab.show();
    else {
      const panel = vscode.window.createWebviewPanel(viewType, titleOf(identity), vscode.ViewColumn.Active, {});
      this.adopt(panel, identity);
    }
  }

  /** VS Code has opened a capture again, of the time before a reload of the window: it begins anew. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const identity = identityOf(state);
    if (identity && !this.panels.has(identity.operand)) this.adopt(panel, identity);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    // The tabs stay: VS Code gives them back after a reload of the window.
    for (const panel of [...this.panels.values()]) panel.tab.release();
    this.owned.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, identity: CaptureIdentity): void {
    const { host, extensionUri, nonce } = this.options;
    const shown = new PacketPanel(identity, panel, host);
    this.panels.set(identity.operand, shown);
    shown.tab.onClosed(() => this.panels.delete(identity.operand));
    fillPanel(panel, { name: 'packets', title: titleOf(identity), extensionUri, nonce });
  }
}

const titleOf = ({ title }: CaptureIdentity): string => `${title} · Packets`;

/** What the view kept for itself; it may be of an older version. */
function identityOf(state: unknown): CaptureIdentity | undefined {
  const { identity } = (state ?? {}) as { readonly identity?: Partial<CaptureIdentity> };
  const { operand, title, filter } = identity ?? {};
  const isWhole = typeof operand === 'string' && typeof title === 'string' && typeof filter === 'string';
  return isWhole ? { operand, title, filter } : undefined;
}
