import * as vscode from 'vscode';
import type { WireIdentity } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Clock } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import { wireOf, type WireTarget } from '../../runtime/wires/wire-picture.ts';
import { fillPanel } from '../view-panel.ts';
import { WirePanel, type WireHost } from './wire-panel.ts';
import { wireViewType, type WireTabs } from './wire-views.ts';

/** How often a wire on the screen is asked: wirefilter has no event for what others tell it. */
const lookMs = 1000;

export interface WirePanelsOptions {
  readonly store: LabStore;
  readonly clock: Clock;
  readonly host: WireHost;
  readonly extensionUri: vscode.Uri;
  /** Resolves when the labs have been read, and what runs was looked at. */
  readonly ready: () => Promise<void>;
  /** Gives something that nobody can guess. */
  readonly nonce: () => string;
}

/** The panels of wires that are open: one tab for each wire. Those on the screen ask their wires. */
export class WirePanels implements WireTabs {
  private readonly owned = new DisposableStore();
  private readonly panels = new Map<string, WirePanel>();
  private isReady = false;
  private next: Disposable | undefined;
  private readonly options: WirePanelsOptions;

  constructor(options: WirePanelsOptions) {
    this.options = options;
    this.owned.add(options.store.onDidChange(() => void this.update()));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.update()));
  }

  open(target: WireTarget): void {
    const present = this.panels.get(keyOf(target));
    if (present) present.tab.show();
    else
      this.adopt(
        vscode.window.createWebviewPanel(wireViewType, this.titleOf(target), vscode.ViewColumn.Active, {}),
        target,
      );
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const target = targetOf(state);
    if (target && !this.panels.has(keyOf(target))) this.adopt(panel, target);
    else panel.dispose();
  }

  dispose(): void {
    // The tabs stay: VS Code gives them back after a reload of the window.
    const panels = [...this.panels.values()];
    this.panels.clear();
    for (const panel of panels) panel.tab.release();
    this.next?.dispose();
    this.owned.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, target: WireTarget): void {
    const { host, extensionUri, nonce, ready } = this.options;
    const shown = new WirePanel(target, panel, host);
    this.panels.set(keyOf(target), shown);
    shown.tab.onDidChangeVisibility(() => void this.round());
    shown.tab.onClosed(() => this.panels.delete(keyOf(target)));
    fillPanel(panel, { name: 'wires', title: this.titleOf(target), extensionUri, nonce });
    void ready().then(() => {
      this.isReady = true;
      panel.title = this.titleOf(target);
      void this.round();
    });
  }

  /** Looks at all that are on the screen, and again a while later. */
  private async round(): Promise<void> {
    await this.update();
    this.next?.dispose();
    if (this.visible.length > 0) this.next = this.options.clock.after(lookMs, () => void this.round());
  }

  private get visible(): readonly WirePanel[] {
    return [...this.panels.values()].filter(panel => panel.tab.isVisible);
  }

  private async update(): Promise<void> {
    if (this.isReady) await Promise.all(this.visible.map(panel => panel.update()));
  }

  private titleOf(target: WireTarget): string {
    const { lab } = this.options.store.lab(target.lab) ?? {};
    return `${wireOf(lab, target)?.title ?? target.name} · Wire`;
  }
}

const keyOf = ({ lab, name, nic }: WireTarget): string => JSON.stringify([lab, name, nic]);

/** What the view kept for itself; it may be of an older version. */
function targetOf(state: unknown): WireTarget | undefined {
  const { identity } = (state ?? {}) as { readonly identity?: Partial<WireIdentity> };
  const { lab, name, nic } = identity ?? {};
  const isWhole = typeof lab === 'string' && typeof name === 'string' && typeof nic === 'number';
  return isWhole ? { lab, name, nic } : undefined;
}
