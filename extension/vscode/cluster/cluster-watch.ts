import type * as vscode from 'vscode';
import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { canBeInCluster, type AnsweringCluster, type ClusterLook } from '../../runtime/cluster/cluster-look.ts';
import { withCluster, type SeenCluster } from '../../runtime/cluster/cluster-rows.ts';
import type { Clock } from '../../runtime/host.ts';
import type { LabSnapshot } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { TreeNode } from '../../runtime/views/tree-node.ts';
import type { TreeProvider, TreeRow } from '../trees/tree-provider.ts';

export interface ClusterWatchParts {
  /** Of labs. */
  readonly tree: { readonly view: vscode.TreeView<TreeRow>; readonly provider: TreeProvider };
  readonly store: LabStore;
  readonly clock: Clock;
  readonly look: Pick<ClusterLook, 'find'>;
  /** Paths of labs whose rows are open. */
  readonly open: Set<string>;
  readonly report: (error: unknown) => void;
}

/** How long what was seen is good enough: of this host's own cluster, of one that is asked over ssh, and of none. */
const freshMs = { near: 10_000, far: 30_000, none: 120_000 };
const tickMs = 2_000;

/**
 * Shows the clusters of labs in their tree. Only labs are looked at whose row is open and whose VMs a cluster could run; and
 * nothing at all while the view is not on the screen.
 */
export class ClusterWatch implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: ClusterWatchParts;
  /** By the path of the lab file. */
  private readonly seen = new Map<string, SeenCluster>();
  /** When each lab is looked at again. Infinity: it is looked at now; absent: as soon as can be. */
  private readonly due = new Map<string, number>();
  private isBusy = false;

  constructor(parts: ClusterWatchParts) {
    this.parts = parts;
    const { view, provider } = parts.tree;
    provider.finishWith(root => this.finish(root));
    this.owned.add(provider.onDidOpen(row => this.note(row, true)));
    this.owned.add(view.onDidExpandElement(({ element }) => this.note(element, true)));
    this.owned.add(view.onDidCollapseElement(({ element }) => this.note(element, false)));
    this.owned.add(view.onDidChangeVisibility(() => this.round()));
    this.tick();
  }

  /** Something was ordered: what was seen of this lab is old. */
  changed(path: string): void {
    this.due.delete(path);
    this.round();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private finish(root: TreeNode): TreeNode {
    // The row of a lab has the path of its file as its id.
    const seen = this.seen.get(root.id);
    return seen ? withCluster(root, seen) : root;
  }

  private note({ id, node }: TreeRow, isOpen: boolean): void {
    if (!node.contextValue.startsWith('lab.')) return;
    if (isOpen) this.parts.open.add(id);
    else this.parts.open.delete(id);
    this.round();
  }

  private tick(): void {
    let next = this.parts.clock.after(tickMs, () => undefined);
    const wait = (): void => {
      next = this.parts.clock.after(tickMs, () => {
        this.round();
        wait();
      });
    };
    this.owned.add(disposable(() => next.dispose()));
    wait();
  }

  /** One look at a time: who does not answer may take long to say so. */
  private round(): void {
    if (this.isBusy || !this.parts.tree.view.visible) return;
    const { store, open, clock } = this.parts;
    const isDue = (path: string): boolean => open.has(path) && (this.due.get(path) ?? 0) <= clock.now();
    const labs = store.labs.filter(({ path }) => isDue(path));
    if (labs.length === 0) return;
    this.isBusy = true;
    void Promise.all(labs.map(lab => this.lookAt(lab)))
      .catch(this.parts.report)
      .finally(() => (this.isBusy = false));
  }

  private async lookAt({ path, lab }: LabSnapshot): Promise<void> {
    this.due.set(path, Infinity);
    let seen: SeenCluster | undefined;
    const isPossible = lab !== undefined && canBeInCluster(lab);
    try {
      if (isPossible) seen = this.after(path, await this.parts.look.find(path, lab));
    } finally {
      const span = seen === undefined ? 'none' : seen.at === undefined ? 'near' : 'far';
      // A lab file that is being written may soon have what it takes.
      const waitMs = freshMs[isPossible ? span : 'near'];
      if (this.due.has(path)) this.due.set(path, this.parts.clock.now() + waitMs);
    }
    if (seen) this.seen.set(path, seen);
    else if (!this.seen.delete(path)) return;
    this.parts.tree.provider.refresh();
  }

  /** A cluster that fell silent is shown as it was; one that has no VM of the lab is none of its own. */
  private after(path: string, found: AnsweringCluster | undefined): SeenCluster | undefined {
    const before = this.seen.get(path);
    if (!found) return before && { ...before, isSilent: true };
    return found.status.vms.length > 0 ? { ...found, isSilent: false } : undefined;
  }
}
