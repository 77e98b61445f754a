import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import { hostTree } from '../../runtime/views/host-tree.ts';
import type { LabStore } from '../../runtime/store.ts';
import { views } from '../commands.ts';
import { clickCommand, redrawPauseMs } from './labs-tree.ts';
import { TreeProvider, type TreeRow } from './tree-provider.ts';

/** The view "This host": every VM, switch and wire that runs here, of a lab or not. */
export class HostTree implements Disposable {
  private readonly owned = new DisposableStore();
  readonly provider: TreeProvider;
  private readonly store: LabStore;
  private drawn = '';
  readonly view: vscode.TreeView<TreeRow>;

  constructor(store: LabStore, clock: Clock, ready: () => Promise<void>) {
    this.store = store;
    this.provider = this.owned.add(
      new TreeProvider({
        ready: () => ready().then(() => this.draw()),
        onClick: clickCommand,
        resourceOf: () => undefined,
      }),
    );
    this.view = this.owned.add(
      vscode.window.createTreeView(views.host, { treeDataProvider: this.provider, canSelectMany: true }),
    );
    const redraw = this.owned.add(new Coalescer(clock, redrawPauseMs, () => this.draw()));
    this.owned.add(store.onDidChange(() => redraw.request()));
    this.draw();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Labs change more often than what they mean here: rows that are the same as before are not drawn again. */
  private draw(): void {
    const nodes = hostTree(this.store.host, this.store.labs, one => this.store.labOf(one));
    const drawn = JSON.stringify(nodes);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.provider.show(nodes);
  }
}
