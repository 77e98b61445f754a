import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import { PortRows } from '../../runtime/views/port-rows.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { TreeNode } from '../../runtime/views/tree-node.ts';
import type { SwitchWatcher } from '../../runtime/switches/switch-watcher.ts';
import { redrawPauseMs } from '../trees/labs-tree.ts';
import type { TreeProvider, TreeRow } from '../trees/tree-provider.ts';

export interface LivePortsParts {
  readonly view: vscode.TreeView<TreeRow>;
  readonly provider: TreeProvider;
  readonly watcher: SwitchWatcher;
  readonly store: LabStore;
  readonly clock: Clock;
  /** Adds to every root what else is known of its rows. */
  readonly finish: (root: TreeNode) => TreeNode;
}

/**
 * Shows the real ports of running switches in a tree, and has those switches watched whose ports are on the screen:
 * the view is visible and the switch's row is open.
 */
export class LivePorts implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly open = new Set<string>();
  private readonly parts: LivePortsParts;
  private wanted = '';

  constructor(parts: LivePortsParts) {
    this.parts = parts;
    const { view, provider, watcher, store, clock, finish } = parts;
    const rows = new PortRows(pid => watcher.picture(pid));
    provider.finishWith(node => finish(rows.apply(node)));
    const redraw = this.owned.add(new Coalescer(clock, redrawPauseMs, () => provider.refresh()));
    this.owned.add(watcher.onDidChange(() => redraw.request()));
    // Rows that were open when the window was closed are opened without an event: only their rows are asked for.
    this.owned.add(provider.onDidOpen(row => this.note(row, true)));
    this.owned.add(view.onDidExpandElement(({ element }) => this.note(element, true)));
    this.owned.add(view.onDidCollapseElement(({ element }) => this.note(element, false)));
    this.owned.add(view.onDidChangeVisibility(() => this.adapt()));
    this.owned.add(store.onDidChange(() => this.adapt()));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private note({ id, node }: TreeRow, isOpen: boolean): void {
    // One that does not run yet counts too: it may be started while its row is open.
    const isSwitch = /^(host\.)?switch\b/.test(node.contextValue);
    if (isOpen && isSwitch) this.open.add(id);
    else this.open.delete(id);
    this.adapt();
  }

  /** A switch that was started again has another process, and the same row. */
  private adapt(): void {
    const { view, provider, watcher } = this.parts;
    const pids = [...this.open].flatMap(id => provider.row(id)?.node.switchPid ?? []);
    const now = view.visible ? pids : [];
    if (now.join() === this.wanted) return;
    this.wanted = now.join();
    watcher.want(view.title ?? '', now);
  }
}
