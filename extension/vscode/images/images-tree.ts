import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import { views } from '../commands.ts';
import { TreeProvider, type TreeRow } from '../trees/tree-provider.ts';
import type { ImageHost } from './image-host.ts';

/** Headers are read from disk for each picture of the tree. */
const redrawPauseMs = 300;

/** The view "Images": the images of all labs of the workspace. Nothing is looked at while it is not on the screen. */
export class ImagesTree implements Disposable {
  private readonly owned = new DisposableStore();
  readonly provider: TreeProvider;
  readonly view: vscode.TreeView<TreeRow>;
  private readonly store: LabStore;
  private readonly host: ImageHost;
  private round = 0;

  constructor(
    { store, clock, host, ready }: { store: LabStore; clock: Clock; host: ImageHost; ready: () => Promise<void> },
    report: (error: unknown) => void,
  ) {
    this.store = store;
    this.host = host;
    this.provider = this.owned.add(
      new TreeProvider({
        ready: () => ready().then(() => this.draw()),
        onClick: () => undefined,
        resourceOf: () => undefined,
      }),
    );
    this.view = this.owned.add(vscode.window.createTreeView(views.images, { treeDataProvider: this.provider }));
    const redraw = this.owned.add(
      new Coalescer(clock, redrawPauseMs, () => {
        if (this.view.visible) this.draw().catch(report);
      }),
    );
    this.owned.add(store.onDidChange(() => redraw.request()));
    this.owned.add(host.onDidChange(() => redraw.request()));
    this.owned.add(this.view.onDidChangeVisibility(() => redraw.request()));
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** What was asked for last is shown last. */
  async draw(): Promise<void> {
    const round = (this.round += 1);
    const { imageTree, listImages } = await import('../../runtime/images/image-room.ts');
    const { files, places } = await this.host.ports();
    const labs = this.store.labs.flatMap(({ path, lab, vms }) =>
      lab ? [{ path, lab, isRunning: (vm: string) => vms.get(vm)?.kind === 'running' }] : [],
    );
    const nodes = imageTree(await listImages(labs, places, files));
    if (round === this.round) this.provider.show(nodes);
  }
}
