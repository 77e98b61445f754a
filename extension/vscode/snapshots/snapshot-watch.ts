import * as vscode from 'vscode';
import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import { currentPoint, listPoints, pointsFolder, type SnapshotParts } from '../../runtime/snapshots/snapshot-parts.ts';
import { snapshotsId, withSnapshots, type KnownPoints } from '../../runtime/snapshots/snapshot-rows.ts';
import type { LabSnapshot } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { TreeNode } from '../../runtime/views/tree-node.ts';
import type { TreeProvider, TreeRow } from '../trees/tree-provider.ts';

export interface SnapshotWatchParts extends Pick<SnapshotParts, 'files' | 'folders'> {
  /** Of labs. */
  readonly tree: { readonly view: vscode.TreeView<TreeRow>; readonly provider: TreeProvider };
  readonly store: LabStore;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** A snapshot is several changes of its folder. */
const newsPauseMs = 300;
/** The unit in which ages are told. */
const ageMs = 60_000;
/** In the folder of a lab's scripts: a point comes or goes, or the lab comes from another one. */
const pattern = '**/snapshots/*';

/**
 * Shows the snapshots of labs in their tree. Of a lab only the names of its points are looked at, until its row "Snapshots" is
 * open; and nothing at all while the view is not on the screen.
 */
export class SnapshotWatch implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: SnapshotWatchParts;
  /** By the path of the lab file, of labs that have points; undefined: nobody has opened them. */
  private known: ReadonlyMap<string, KnownPoints | undefined> = new Map();
  /** Rows that are open, by their ids. */
  private readonly open = new Set<string>();
  private labs = '';
  private round = 0;
  private readonly reading: Coalescer;

  constructor(parts: SnapshotWatchParts) {
    this.parts = parts;
    const { store, clock, report } = parts;
    const { view, provider } = parts.tree;
    this.reading = this.owned.add(new Coalescer(clock, newsPauseMs, () => void this.read().catch(report)));
    provider.finishWith(root => this.finish(root));
    this.owned.add(provider.onDidOpen(row => this.note(row, true)));
    this.owned.add(view.onDidExpandElement(({ element }) => this.note(element, true)));
    this.owned.add(view.onDidCollapseElement(({ element }) => this.note(element, false)));
    this.owned.add(view.onDidChangeVisibility(() => this.changed()));
    this.owned.add(store.onDidChange(() => this.compareLabs()));
    const watcher = this.owned.add(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
      this.owned.add(event(() => this.changed()));
    this.growOlder();
    this.compareLabs();
  }

  /** The points of labs are others than before. */
  changed(): void {
    if (this.parts.tree.view.visible) this.reading.request();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private finish(root: TreeNode): TreeNode {
    // The row of a lab has the path of its file as its id.
    const known = this.known.get(root.id);
    return this.known.has(root.id) ? withSnapshots(root, known, this.parts.clock.now()) : root;
  }

  private note({ id, node }: TreeRow, isOpen: boolean): void {
    if (node.contextValue !== 'snapshots' || this.open.has(id) === isOpen) return;
    if (isOpen) this.open.add(id);
    else this.open.delete(id);
    if (isOpen) this.changed();
  }

  /** States of VMs change all the time; whose snapshots there may be does not. */
  private compareLabs(): void {
    const labs = JSON.stringify(this.parts.store.labs.map(({ path, lab }) => [path, lab?.name]));
    if (labs === this.labs) return;
    this.labs = labs;
    this.changed();
  }

  /** What was asked for last is shown last. */
  private async read(): Promise<void> {
    const round = (this.round += 1);
    const read = await Promise.all(this.parts.store.labs.map(lab => this.readLab(lab)));
    if (round !== this.round) return;
    this.known = new Map(read.flat());
    this.parts.tree.provider.refresh();
  }

  private async readLab({ path, lab }: LabSnapshot): Promise<readonly (readonly [string, KnownPoints | undefined])[]> {
    if (!lab) return [];
    const of = { path, lab };
    const names = (await this.parts.folders.folders(pointsFolder(of))).filter(name => !name.startsWith('.'));
    if (names.length === 0) return [];
    if (!this.open.has(snapshotsId(path))) return [[path, this.known.get(path)]];
    const [points, current] = [await listPoints(of, this.parts), await currentPoint(of, this.parts.files)];
    return points.length === 0 ? [] : [[path, { points, current }]];
  }

  private growOlder(): void {
    const { clock, tree } = this.parts;
    let next = clock.after(0, () => undefined);
    const wait = (): void => {
      next = clock.after(ageMs, () => {
        if (tree.view.visible && this.open.size > 0) tree.provider.refresh();
        wait();
      });
    };
    this.owned.add(disposable(() => next.dispose()));
    wait();
  }
}
