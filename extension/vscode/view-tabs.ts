import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Emitter } from '../base/emitter.ts';
import { fillPanel, type ViewParts } from './view-panel.ts';

/** What shows one thing in a tab. */
interface ShownThing {
  readonly tab: {
    readonly isVisible: boolean;
    readonly onDidChangeVisibility: Emitter<void>['event'];
    readonly onClosed: Emitter<void>['event'];
    show(): void;
    release(): void;
  };
}

export interface ViewTabsOptions<Target, Shown extends ShownThing> extends Omit<ViewParts, 'title'> {
  /** As VS Code knows it after a reload of the window. */
  readonly type: string;
  /** The same for the same thing. */
  readonly keyOf: (target: Target) => string;
  readonly titleOf: (target: Target) => string;
  /** What the view kept for itself of its thing, if it is whole: it may be of an older version. */
  readonly targetOf: (identity: object) => Target | undefined;
  readonly show: (target: Target, panel: vscode.WebviewPanel) => Shown;
  /** Called when one of them came on the screen, left it, or was closed. */
  readonly changed: () => void;
}

/** The tabs of one kind of view that are open: one for each thing. */
export class ViewTabs<Target, Shown extends ShownThing> implements Disposable {
  private readonly shown = new Map<string, { readonly thing: Shown; readonly panel: vscode.WebviewPanel }>();
  private readonly options: ViewTabsOptions<Target, Shown>;

  constructor(options: ViewTabsOptions<Target, Shown>) {
    this.options = options;
  }

  /** Those that are on the screen. */
  get visible(): readonly Shown[] {
    return [...this.shown.values()].flatMap(({ thing }) => (thing.tab.isVisible ? [thing] : []));
  }

  /** Opens the tab of a thing, or shows the one that is open. */
  open(target: Target): void {
    const { type, keyOf, titleOf } = this.options;
    const present = this.shown.get(keyOf(target));
    if (present) present.thing.tab.show();
    else this.adopt(vscode.window.createWebviewPanel(type, titleOf(target), vscode.ViewColumn.Active, {}), target);
  }

  /** VS Code has opened a tab again, of the time before a reload of the window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const { targetOf, keyOf } = this.options;
    const { identity } = (state ?? {}) as { readonly identity?: object };
    const target = targetOf(identity ?? {});
    if (target !== undefined && !this.shown.has(keyOf(target))) this.adopt(panel, target);
    else panel.dispose();
  }

  /** When more is known of the things than at first. */
  nameAgain(nameOf: (thing: Shown) => string): void {
    for (const { thing, panel } of this.shown.values()) panel.title = nameOf(thing);
  }

  dispose(): void {
    // The tabs stay: VS Code gives them back after a reload of the window.
    const all = [...this.shown.values()];
    this.shown.clear();
    for (const { thing } of all) thing.tab.release();
  }

  private adopt(panel: vscode.WebviewPanel, target: Target): void {
    const { keyOf, titleOf, show, changed } = this.options;
    const thing = show(target, panel);
    this.shown.set(keyOf(target), { thing, panel });
    thing.tab.onDidChangeVisibility(changed);
    thing.tab.onClosed(() => {
      this.shown.delete(keyOf(target));
      changed();
    });
    fillPanel(panel, { ...this.options, title: titleOf(target) });
    changed();
  }
}
