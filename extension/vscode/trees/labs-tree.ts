import * as vscode from 'vscode';
import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import { labPlaces } from '../../runtime/lab-identity.ts';
import { labTree, runningVmCount } from '../../runtime/views/lab-tree.ts';
import type { LabSnapshot } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';
import { count, type TreeNode } from '../../runtime/views/tree-node.ts';
import type { VmScreens } from '../../runtime/display/vm-screen.ts';
import { views, type CommandId } from '../commands.ts';
import { hasScreen, screenTooltip } from '../consoles/screen-tooltip.ts';
import { rowUri } from '../renew/script-marks.ts';
import { TreeProvider, type LateTooltip, type TreeRow } from './tree-provider.ts';

/** Too short to be seen. */
export const redrawPauseMs = 40;
/** How old a picture of a screen may get before the next look at it takes a new one. */
const pictureMs = 8_000;

interface Drawn {
  readonly snapshot: LabSnapshot;
  readonly place: string | undefined;
  readonly node: TreeNode;
}

/** The view "Labs": every lab of the workspace, with the state of everything in it. */
export class LabsTree implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly store: LabStore;
  readonly provider: TreeProvider;
  private readonly drawn = new Map<string, Drawn>();
  readonly view: vscode.TreeView<TreeRow>;

  constructor(store: LabStore, clock: Clock, ready: () => Promise<void>, screens: VmScreens) {
    this.store = store;
    const lateTooltip: LateTooltip = {
      isFor: node => vscode.workspace.isTrusted && hasScreen(node),
      make: node => {
        // VS Code keeps a tooltip for as long as the row is not drawn again.
        renewal.dispose();
        renewal = clock.after(pictureMs, () => this.provider.redraw(node.id));
        return screenTooltip(node, screens);
      },
    };
    let renewal: Disposable = disposable(() => undefined);
    this.owned.add(disposable(() => renewal.dispose()));
    const redrawAll = (): Promise<void> => ready().then(() => this.draw());
    this.provider = this.owned.add(
      new TreeProvider({ ready: redrawAll, onClick: clickCommand, resourceOf, lateTooltip }),
    );
    this.view = this.owned.add(
      vscode.window.createTreeView(views.labs, {
        treeDataProvider: this.provider,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
    const redraw = this.owned.add(new Coalescer(clock, redrawPauseMs, () => this.draw()));
    this.owned.add(
      store.onDidChange(change => {
        if (change.labs.length > 0) redraw.request();
      }),
    );
    this.draw();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private draw(): void {
    const labs = this.store.labs;
    const places = labPlaces(labs);
    this.provider.show(labs.map(snapshot => this.nodeOf(snapshot, places.get(snapshot.path))));
    const running = runningVmCount(labs);
    this.view.badge = running > 0 ? { value: running, tooltip: `${count(running, 'VM')} running` } : undefined;
  }

  private nodeOf(snapshot: LabSnapshot, place: string | undefined): TreeNode {
    const held = this.drawn.get(snapshot.path);
    if (held?.snapshot === snapshot && held.place === place) return held.node;
    const node = labTree(snapshot, place);
    this.drawn.set(snapshot.path, { snapshot, place, node });
    return node;
  }
}

/** A click on a console opens it; on a NIC, port or disk it shows the place in the lab file. */
export function clickCommand(node: TreeNode): vscode.Command | undefined {
  const command = (id: CommandId, title: string): vscode.Command => ({ command: id, title, arguments: [{ node }] });
  if (node.contextValue === 'serial.on') return command('kvmlab.openConsole', 'Open Console');
  if (node.contextValue === 'monitor.on') return command('kvmlab.openMonitor', 'Open Monitor');
  if (node.contextValue === 'display.on') return command('kvmlab.openDisplay', 'Open Display');
  if (node.span && /^(nic|port)\b/.test(node.contextValue)) return command('kvmlab.openLabFile', 'Open Lab File');
  return undefined;
}

/** Rows of labs wear the marks of their files, those of what has a script wear marks of their own. */
function resourceOf({ contextValue, thing }: TreeNode): vscode.Uri | undefined {
  if (!thing) return undefined;
  if (contextValue.startsWith('lab.')) return vscode.Uri.file(thing.lab);
  return /^(vm|switch|wire)\./.test(contextValue) ? rowUri(thing) : undefined;
}
