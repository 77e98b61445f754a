import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { HandedRows } from '../../runtime/views/handed-rows.ts';
import { changedNodes } from '../../runtime/views/tree-change.ts';
import { spokenLabel, type TreeNode } from '../../runtime/views/tree-node.ts';

/** A row as VS Code holds it: one object per id for as long as the row exists, so that it can be refreshed alone. */
export interface TreeRow {
  readonly id: string;
  node: TreeNode;
  parent: TreeRow | undefined;
}

export interface TreeOptions {
  /** Until then the view shows its progress bar rather than "nothing here". */
  readonly ready: () => Promise<void>;
  readonly onClick: (node: TreeNode) => vscode.Command | undefined;
  /** File whose decorations (problems, git) the row wears. */
  readonly resourceOf: (node: TreeNode) => vscode.Uri | undefined;
  /** Tooltips that are made only when somebody asks for them. */
  readonly lateTooltip?: LateTooltip;
}

export interface LateTooltip {
  readonly isFor: (node: TreeNode) => boolean;
  readonly make: (node: TreeNode) => Promise<vscode.MarkdownString>;
}

/** Shows rows that are given to it as data. Knows nothing of labs. */
export class TreeProvider implements vscode.TreeDataProvider<TreeRow>, Disposable {
  private readonly rows = new Map<string, TreeRow>();
  private readonly handed = new HandedRows();
  private roots: readonly TreeRow[] = [];
  private given: readonly TreeNode[] = [];
  private finish: (root: TreeNode) => TreeNode = root => root;
  private isReady = false;
  private readonly opened = new vscode.EventEmitter<TreeRow>();
  /** VS Code asked for the rows inside this one: it is open. */
  readonly onDidOpen = this.opened.event;
  private readonly changed = new vscode.EventEmitter<TreeRow | TreeRow[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;

  private readonly options: TreeOptions;

  constructor(options: TreeOptions) {
    this.options = options;
  }

  /** Has every root pass through `finish` before it is shown, from now on; behind those that came before. */
  finishWith(finish: (root: TreeNode) => TreeNode): void {
    const { finish: before } = this;
    this.finish = root => finish(before(root));
  }

  /** Shows the same rows again, finished anew. */
  refresh(): void {
    this.show(this.given);
  }

  /** Shows these rows; only what is not the same as before is drawn again. */
  show(given: readonly TreeNode[]): void {
    this.given = given;
    const nodes = given.map(this.finish);
    const before = this.roots;
    const changed = nodes.flatMap(node => {
      const held = this.rows.get(node.id)?.node;
      return held ? changedNodes(held, node) : [node];
    });
    this.roots = nodes.map(node => this.adopt(node, undefined));
    this.forgetOthers();
    const isSameList = before.length === this.roots.length && before.every((row, index) => row === this.roots[index]);
    if (isSameList) this.announce(changed.map(node => node.id));
    else this.announceAll();
  }

  row(id: string): TreeRow | undefined {
    return this.rows.get(id);
  }

  /** At once when everything has been read: each wait would show the view's progress bar. */
  getChildren(row?: TreeRow): TreeRow[] | Promise<TreeRow[]> {
    if (row) this.opened.fire(row);
    if (this.isReady) return this.childrenOf(row);
    return this.options.ready().then(() => {
      this.isReady = true;
      return this.childrenOf(row);
    });
  }

  getParent(row: TreeRow): TreeRow | undefined {
    return row.parent;
  }

  getTreeItem({ node }: TreeRow): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(
      node.label,
      node.children.length === 0 && !node.isExpandable ? None : node.isOpen ? Expanded : Collapsed,
    );
    item.id = node.id;
    item.description = node.description;
    // VS Code asks for a tooltip later only where there is none yet.
    const isLate = this.options.lateTooltip?.isFor(node) ?? false;
    item.tooltip = node.tooltip === '' || isLate ? undefined : node.tooltip;
    item.contextValue = node.contextValue;
    item.iconPath = new vscode.ThemeIcon(
      node.icon.name,
      node.icon.colour ? new vscode.ThemeColor(node.icon.colour) : undefined,
    );
    item.accessibilityInformation = { label: spokenLabel(node) };
    const [command, resource] = [this.options.onClick(node), this.options.resourceOf(node)];
    if (command) item.command = command;
    if (resource) item.resourceUri = resource;
    return item;
  }

  async resolveTreeItem(item: vscode.TreeItem, { node }: TreeRow): Promise<vscode.TreeItem> {
    const { lateTooltip } = this.options;
    if (lateTooltip?.isFor(node)) item.tooltip = await lateTooltip.make(node);
    return item;
  }

  /** Has the row drawn again, and its tooltip made again when somebody asks for it. */
  redraw(id: string): void {
    this.announce([id]);
  }

  dispose(): void {
    this.changed.dispose();
    this.opened.dispose();
  }

  private childrenOf(row: TreeRow | undefined): TreeRow[] {
    const rows = row ? row.node.children.flatMap(child => this.rows.get(child.id) ?? []) : this.roots;
    // VS Code refuses a list with one id twice, and a half-typed file may well have one VM twice.
    const unique = [...new Set(rows)];
    this.handed.hand(
      row?.id,
      unique.map(one => one.id),
    );
    return unique;
  }

  /** Of rows that VS Code does not hold it would only log that they are unknown. */
  private announce(ids: readonly string[]): void {
    const rows = ids.filter(id => this.handed.has(id)).flatMap(id => this.rows.get(id) ?? []);
    for (const { id } of rows) this.handed.redraw(id);
    if (rows.length > 0) this.changed.fire(rows);
  }

  /** Has everything drawn again. */
  announceAll(): void {
    this.handed.redraw(undefined);
    this.changed.fire(undefined);
  }

  private adopt(node: TreeNode, parent: TreeRow | undefined): TreeRow {
    const held = this.rows.get(node.id);
    if (held?.node === node) return held;
    const row = held ?? { id: node.id, node, parent };
    Object.assign(row, { node, parent });
    this.rows.set(node.id, row);
    for (const child of node.children) this.adopt(child, row);
    return row;
  }

  private forgetOthers(): void {
    const kept = new Set<string>();
    const keep = (node: TreeNode): void => {
      kept.add(node.id);
      node.children.forEach(keep);
    };
    for (const { node } of this.roots) keep(node);
    for (const id of this.rows.keys()) if (!kept.has(id)) this.rows.delete(id);
  }
}
