import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { ThingId } from '../../diagram/thing-id.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Clock } from '../../runtime/host.ts';
import { baseName } from '../../runtime/paths.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { SwitchWatcher } from '../../runtime/switches/switch-watcher.ts';
import { redrawPauseMs } from '../trees/labs-tree.ts';
import { PicturePanel, type PictureChoice, type PictureHost, type PictureWish } from './picture-panel.ts';
import { fillPanel } from '../view-panel.ts';

const viewType = 'kvmlab.picture';

export interface PicturePanelsOptions {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly clock: Clock;
  readonly host: Omit<PictureHost, 'snapshot' | 'switches'>;
  readonly extensionUri: vscode.Uri;
  /** Gives something that nobody can guess. */
  readonly nonce: () => string;
}

/** What was chosen in the picture of which file. */
export interface FileChoice extends PictureChoice {
  readonly file: string;
}

/** Reading may take this share of the time while somebody types. */
const pausesForReading = 2;

/** The pictures that are open: one tab for each file. Those on the screen have their lab's switches watched. */
export class PicturePanels implements vscode.WebviewPanelSerializer, Disposable {
  private readonly owned = new DisposableStore();
  private readonly panels = new Map<string, PicturePanel>();
  private readonly options: PicturePanelsOptions;
  private readonly visibility = this.owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeVisibility = this.visibility.event;
  private readonly chosen = this.owned.add(new vscode.EventEmitter<FileChoice>());
  readonly onDidChoose = this.chosen.event;
  private readonly wished = this.owned.add(
    new vscode.EventEmitter<{ readonly panel: PicturePanel; readonly wish: PictureWish }>(),
  );
  readonly onDidWish = this.wished.event;
  private wanted = '';

  constructor(options: PicturePanelsOptions) {
    const { store, switches, clock } = options;
    this.options = options;
    const redraw = this.owned.add(new Coalescer(clock, redrawPauseMs, () => this.updateLive()));
    this.owned.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
    this.owned.add(store.onDidChange(() => redraw.request()));
    this.owned.add(switches.onDidChange(() => redraw.request()));
  }

  /** Whether one is on the screen. */
  get visible(): boolean {
    return this.all.some(panel => panel.tab.isVisible);
  }

  /** The one in front, if the active tab is a picture. */
  get active(): PicturePanel | undefined {
    return this.all.find(panel => panel.isActive);
  }

  get all(): readonly PicturePanel[] {
    return [...this.panels.values()];
  }

  /** Opens the picture of a file beside it, or shows the one that is open; selects things in it. */
  open(file: string, things?: readonly ThingId[]): void {
    const present = this.panels.get(file);
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    if (present) present.show();
    else this.adopt(vscode.window.createWebviewPanel(viewType, titleOf(file), column, {}), file);
    if (things) this.panels.get(file)?.select(things);
  }

  /** VS Code has opened a picture again, of the time before a reload of the window. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { file } = (state ?? {}) as { readonly file?: unknown };
    if (typeof file === 'string' && !this.panels.has(file)) this.adopt(panel, file);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    // The tabs stay: VS Code gives them back after a reload of the window.
    for (const panel of this.all) panel.tab.release();
    this.owned.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, file: string): void {
    const { extensionUri, nonce, host, store, switches, clock } = this.options;
    const shown = new PicturePanel(file, panel, {
      ...host,
      snapshot: path => store.lab(path),
      switches: ({ switches: runs }) =>
        [...runs.values()].flatMap(run => (run.kind === 'running' ? (switches.picture(run.pid) ?? []) : [])),
    });
    this.panels.set(file, shown);
    const following = this.follow(file, shown, clock);
    shown.tab.onDidChangeVisibility(() => this.watchSwitches());
    shown.onDidChoose(choice => this.chosen.fire({ file, ...choice }));
    shown.onDidWish(wish => this.wished.fire({ panel: shown, wish }));
    shown.tab.onClosed(() => {
      following.dispose();
      if (this.panels.get(file) === shown) this.panels.delete(file);
      this.watchSwitches();
    });
    fillPanel(panel, { name: 'topology', title: titleOf(file), extensionUri, nonce });
    this.watchSwitches();
  }

  /** Has the picture follow every change of its file, in an editor or on the disk. */
  private follow(file: string, panel: PicturePanel, clock: Clock): Disposable {
    const owned = new DisposableStore();
    let pauseMs = redrawPauseMs;
    const again = async (): Promise<void> => {
      const begin = clock.now();
      await panel.readAgain();
      pauseMs = Math.max(redrawPauseMs, (clock.now() - begin) * pausesForReading);
    };
    const soon = owned.add(
      new Coalescer(
        clock,
        () => pauseMs,
        () => void again(),
      ),
    );
    const isIt = (uri: vscode.Uri): boolean => uri.scheme === 'file' && uri.fsPath === file;
    owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => isIt(document.uri) && soon.request()));
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(vscode.Uri.file(file), '..'), baseName(file));
    const watcher = owned.add(vscode.workspace.createFileSystemWatcher(pattern));
    owned.add(watcher.onDidChange(() => soon.request()));
    owned.add(watcher.onDidCreate(() => soon.request()));
    let drawn = panel.included;
    owned.add(
      this.options.store.onDidChange(() => {
        const { included } = panel;
        if (included !== drawn && JSON.stringify(included) !== JSON.stringify(drawn)) soon.request();
        drawn = included;
      }),
    );
    return owned;
  }

  private updateLive(): void {
    this.watchSwitches();
    for (const panel of this.all) panel.updateLive();
  }

  /** A switch that was started again has another process. */
  private watchSwitches(): void {
    const { store, switches } = this.options;
    const runs = this.all
      .filter(panel => panel.tab.isVisible)
      .flatMap(({ file }) => [...(store.lab(file)?.switches.values() ?? [])]);
    const pids = runs.flatMap(run => (run.kind === 'running' ? [run.pid] : []));
    if (pids.join() !== this.wanted) {
      this.wanted = pids.join();
      switches.want(viewType, pids);
    }
    this.visibility.fire();
  }
}

const titleOf = (file: string): string => `${baseName(file).replace(/\.(lab\.ya?ml|diag|nwdiag)$/i, '')} · picture`;
