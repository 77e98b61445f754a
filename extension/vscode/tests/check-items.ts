import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { checkWords, type LabCheck } from '../../lab/expectations/lab-check.ts';
import { LineIndex } from '../../lab/text-span.ts';
import type { LabSnapshot } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';

/** One check of a lab, or, without a name, all of them. */
export interface CheckRef {
  /** Absolute path of the lab file. */
  readonly lab: string;
  readonly check: string | undefined;
}

/** The checks of all labs as items of the Test Explorer, with their places in the lab files. */
export class CheckItems implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly items: vscode.TestItemCollection;
  private readonly make: vscode.TestController['createTestItem'];
  private readonly textOf: (path: string) => string | undefined;
  private readonly refs = new WeakMap<vscode.TestItem, CheckRef>();

  /** `textOf`: the text that a lab was read from. */
  constructor(controller: vscode.TestController, store: LabStore, textOf: (path: string) => string | undefined) {
    this.items = controller.items;
    this.make = (id, label, uri) => controller.createTestItem(id, label, uri);
    this.textOf = textOf;
    const show = (path: string): void => this.show(path, store.lab(path));
    this.owned.add(store.onDidChange(({ labs }) => labs.forEach(show)));
    for (const { path } of store.labs) show(path);
  }

  refOf(item: vscode.TestItem): CheckRef | undefined {
    return this.refs.get(item);
  }

  lab(path: string): vscode.TestItem | undefined {
    return this.items.get(path);
  }

  check(path: string, name: string): vscode.TestItem | undefined {
    return this.items.get(path)?.children.get(name);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private show(path: string, snapshot: LabSnapshot | undefined): void {
    const checks = snapshot?.lab?.checks ?? [];
    if (!snapshot?.lab || checks.length === 0) {
      this.items.delete(path);
      return;
    }
    const item = this.items.get(path) ?? this.make(path, snapshot.lab.name, vscode.Uri.file(path));
    item.label = snapshot.lab.name;
    this.refs.set(item, { lab: path, check: undefined });
    if (!this.items.get(path)) this.items.add(item);
    this.showChecks(item, path, checks);
  }

  /** Items that stay keep what became of them. */
  private showChecks(parent: vscode.TestItem, path: string, checks: readonly LabCheck[]): void {
    const index = new LineIndex(this.textOf(path) ?? '');
    const names = new Set(checks.map(({ name }) => name));
    parent.children.forEach(({ id }) => {
      if (!names.has(id)) parent.children.delete(id);
    });
    for (const [at, check] of checks.entries()) {
      const known = parent.children.get(check.name);
      const item = known ?? this.make(check.name, check.name, vscode.Uri.file(path));
      item.description = checkWords(check);
      item.sortText = String(at).padStart(6, '0');
      const [start, end] = [index.position(check.nameSpan.start), index.position(check.span.end)];
      item.range = new vscode.Range(start.line, start.column, end.line, end.column);
      this.refs.set(item, { lab: path, check: check.name });
      if (!known) parent.children.add(item);
    }
  }
}
