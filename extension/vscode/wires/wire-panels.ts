import * as vscode from 'vscode';
import type { WireIdentity } from '../../../webview/protocol.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Clock } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import { wireOf, type WireTarget } from '../../runtime/wires/wire-picture.ts';
import { ViewTabs } from '../view-tabs.ts';
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
  private readonly tabs: ViewTabs<WireTarget, WirePanel>;
  private isReady = false;
  private next: Disposable | undefined;
  private readonly options: WirePanelsOptions;

  constructor(options: WirePanelsOptions) {
    const { store, host, extensionUri, nonce } = options;
    this.options = options;
    this.tabs = this.owned.add(
      new ViewTabs<WireTarget, WirePanel>({
        ...{ type: wireViewType, name: 'wires', extensionUri, nonce, keyOf, targetOf },
        titleOf: target => this.titleOf(target),
        show: (target, panel) => new WirePanel(target, panel, host),
        changed: () => void this.round(),
      }),
    );
    this.owned.add(store.onDidChange(() => void this.update()));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void this.update()));
    void options.ready().then(() => {
      this.isReady = true;
      this.tabs.nameAgain(({ target }) => this.titleOf(target));
      void this.round();
    });
  }

  open(target: WireTarget): void {
    this.tabs.open(target);
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.tabs.restore(panel, state);
  }

  dispose(): void {
    this.next?.dispose();
    this.owned.dispose();
  }

  /** Looks at all that are on the screen, and again a while later. */
  private async round(): Promise<void> {
    await this.update();
    this.next?.dispose();
    if (this.tabs.visible.length > 0) this.next = this.options.clock.after(lookMs, () => void this.round());
  }

  private async update(): Promise<void> {
    if (this.isReady) await Promise.all(this.tabs.visible.map(panel => panel.update()));
  }

  private titleOf(target: WireTarget): string {
    const { lab } = this.options.store.lab(target.lab) ?? {};
    return `${wireOf(lab, target)?.title ?? target.name} · Wire`;
  }
}

const keyOf = ({ lab, name, nic }: WireTarget): string => JSON.stringify([lab, name, nic]);

function targetOf(identity: Partial<WireIdentity>): WireTarget | undefined {
  const { lab, name, nic } = identity;
  const isWhole = typeof lab === 'string' && typeof name === 'string' && typeof nic === 'number';
  return isWhole ? { lab, name, nic } : undefined;
}
