import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock, Files, ScriptFolder } from '../../runtime/host.ts';
import type { LabSnapshot, ThingRef } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';

const scheme = 'kvmlab-row';
/** Long enough to type on. */
const pauseMs = 1000;

/** What a row of the tree stands for, so that it can wear a mark. */
export const rowUri = ({ lab, kind, name }: ThingRef): vscode.Uri =>
  vscode.Uri.from({ scheme, path: lab, query: `${kind}/${name}` });

export interface ScriptMarkParts {
  readonly store: LabStore;
  readonly files: Files & ScriptFolder;
  readonly clock: Clock;
  /** Only while it is visible, scripts are looked at. */
  readonly view: Pick<vscode.TreeView<unknown>, 'visible' | 'onDidChangeVisibility'>;
}

/** Marks the rows of what has a script that was edited by hand, and says what was. */
export class ScriptMarks implements vscode.FileDecorationProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeFileDecorations = this.changed.event;
  private readonly parts: ScriptMarkParts;
  private readonly refresh: Coalescer;
  private readonly looked = new Map<
    string,
    { readonly reading: unknown; readonly marks: ReadonlyMap<string, string> }
  >();

  constructor(parts: ScriptMarkParts) {
    this.parts = parts;
    const { store, clock, view } = parts;
    this.refresh = this.owned.add(new Coalescer(clock, pauseMs, () => void this.look()));
    const watcher = this.owned.add(vscode.workspace.createFileSystemWatcher('**/*.sh'));
    const again = (): void => {
      this.looked.clear();
      this.refresh.request();
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.owned.add(event(again));
    this.owned.add(view.onDidChangeVisibility(() => this.refresh.request()));
    this.owned.add(store.onDidChange(({ labs }) => labs.length > 0 && this.refresh.request()));
    this.owned.add(vscode.window.registerFileDecorationProvider(this));
    this.refresh.request();
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== scheme) return undefined;
    const words = this.looked.get(uri.path)?.marks.get(uri.query);
    return words === undefined ? undefined : new vscode.FileDecoration('✎', `Script edited by hand: ${words}`);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async look(): Promise<void> {
    const { view, store } = this.parts;
    if (!view.visible) return;
    const due = store.labs.filter(({ path, reading }) => this.looked.get(path)?.reading !== reading);
    for (const snapshot of due) {
      const { path, reading } = snapshot;
      this.looked.set(path, { reading, marks: await this.marksOf(snapshot) });
    }
    if (due.length > 0) this.changed.fire(undefined);
  }

  /** None while the lab file has errors, or its scripts cannot be read. */
  private async marksOf({ path, reading: { lab, problems } }: LabSnapshot): Promise<ReadonlyMap<string, string>> {
    if (!lab || problems.some(({ severity }) => severity === 'error')) return new Map();
    try {
      const { handMarks } = await import('../../runtime/renew/hand-marks.ts');
      return await handMarks(this.parts.files, path, lab);
    } catch {
      // Who wants to write the scripts is told what is wrong with them.
      return new Map();
    }
  }
}
