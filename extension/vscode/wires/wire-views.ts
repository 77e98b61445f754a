import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { WireTarget } from '../../runtime/wires/wire-picture.ts';

/** Of a tab that shows a wire. */
export const wireViewType = 'kvmlab.wires';

/** The tabs themselves. */
export interface WireTabs extends Disposable {
  /** Opens the panel of a wire, or shows the one that is open. */
  open(target: WireTarget): void;
  /** VS Code has opened a panel again, of the time before a reload of the window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
}

/** The panels of wires; what they are made of is loaded with the first one. */
export class WireViews implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly load: () => Promise<WireTabs>;
  private panels: Promise<WireTabs> | undefined;

  constructor(load: () => Promise<WireTabs>) {
    this.load = load;
    this.owned.add(
      vscode.window.registerWebviewPanelSerializer(wireViewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => (await this.loaded()).restore(panel, state),
      }),
    );
  }

  async open(target: WireTarget): Promise<void> {
    (await this.loaded()).open(target);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async loaded(): Promise<WireTabs> {
    this.panels ??= this.load().then(panels => this.owned.add(panels));
    return this.panels;
  }
}
