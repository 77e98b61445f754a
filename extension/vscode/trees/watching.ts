import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { HostWatcher } from '../../runtime/watcher.ts';
import { setting } from '../settings.ts';

/** A tree, or a picture: what can be on the screen. */
export type SeenView = Pick<vscode.TreeView<unknown>, 'visible'> & {
  readonly onDidChangeVisibility: vscode.Event<unknown>;
};

/**
 * Decides how often the host is looked at: at the set interval while a view of ours is on the screen, slowly while
 * something of our labs runs, and else not at all.
 */
export class Watching implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly watcher: HostWatcher;
  private readonly store: LabStore;
  private readonly views: readonly SeenView[];
  private isWatching = false;

  constructor(watcher: HostWatcher, store: LabStore, views: readonly SeenView[]) {
    this.watcher = this.owned.add(watcher);
    this.store = store;
    this.views = views;
    for (const view of views) this.owned.add(view.onDidChangeVisibility(() => this.adapt()));
    this.owned.add(store.onDidChange(() => this.adapt()));
    const restart = (change: vscode.ConfigurationChangeEvent): void => {
      if (change.affectsConfiguration('kvmlab.watch')) this.restart();
    };
    this.owned.add(vscode.workspace.onDidChangeConfiguration(restart));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private restart(): void {
    this.watcher.dispose();
    this.isWatching = false;
    this.adapt();
  }

  private adapt(): void {
    const isVisible = this.views.some(view => view.visible);
    const isWanted = isVisible || this.hasRunningVm();
    this.watcher.setVisible(isVisible);
    if (isWanted === this.isWatching) return;
    // Before start: its first round tells the store, and the store's news come back here.
    this.isWatching = isWanted;
    if (isWanted) this.watcher.start(setting('watch.intervalSeconds') * 1000);
    else this.watcher.dispose();
  }

  private hasRunningVm(): boolean {
    return this.store.labs.some(({ vms, switches, wires }) =>
      [vms, switches, wires].some(states => [...states.values()].some(state => state.kind === 'running')),
    );
  }
}
