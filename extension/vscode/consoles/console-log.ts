import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import {
  logWindow,
  marksFile,
  parseMarks,
  showLog,
  type LogWords,
  type ShownLog,
} from '../../runtime/console/console-marks.ts';
import type { Clock, Files } from '../../runtime/host.ts';
import type { ConsoleLog, LogReader } from '../../runtime/console-ports.ts';
import { baseName } from '../../runtime/paths.ts';

const scheme = 'kvmlab-log';
/** Often enough to follow a boot, seldom enough for a guest that prints without pause. */
const followPauseMs = 400;

export interface ConsoleLogsParts {
  readonly reader: LogReader;
  readonly files: Files;
  readonly clock: Clock;
  /** Tells when a log has grown. */
  readonly watchLog: (path: string) => ConsoleLog;
}

/** Console logs as read-only documents: without control sequences, with the times of VM starts, growing as the log does. */
export class ConsoleLogs implements vscode.TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly parts: ConsoleLogsParts;
  private readonly followed = new Map<string, Disposable>();

  constructor(parts: ConsoleLogsParts) {
    this.parts = parts;
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.owned.add(vscode.workspace.onDidOpenTextDocument(({ uri }) => this.follow(uri)));
    this.owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.leave(uri)));
    this.owned.add({ dispose: () => [...this.followed.values()].forEach(one => one.dispose()) });
  }

  /** Opens the log, at the byte `offset` if one is given, else at its end. */
  async open(path: string, offset?: number, title = baseName(path)): Promise<void> {
    const size = await this.parts.reader.size(path);
    if (size === undefined)
      throw new UserError(
        `${title} is not there: nothing was printed yet, or it has been removed. Start the VM first.`,
      );
    const uri = uriOf(path, logWindow(size, offset).isAtEnd ? undefined : offset);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    const line = offset === undefined ? document.lineCount - 1 : (await this.render(uri)).lineOf(offset);
    const place = new vscode.Position(line, 0);
    editor.selection = new vscode.Selection(place, offset === undefined ? place : document.lineAt(line).range.end);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return (await this.render(uri)).text;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async render(uri: vscode.Uri): Promise<ShownLog> {
    const { path, offset } = placeOf(uri);
    const { reader, files } = this.parts;
    const size = (await reader.size(path)) ?? 0;
    const { start, bytes } = logWindow(size, offset);
    const part = { bytes: (await reader.read(path, start, bytes)) ?? new Uint8Array(0), start, size };
    return showLog(part, parseMarks((await files.read(marksFile(path))) ?? ''), wordsFor(path));
  }

  private follow(uri: vscode.Uri): void {
    if (uri.scheme !== scheme || this.followed.has(uri.toString())) return;
    const owned = new DisposableStore();
    const log = owned.add(this.parts.watchLog(placeOf(uri).path));
    let next: Disposable | undefined;
    const listen = (): void => {
      next?.dispose();
      next = log.onceChanged(() => redraw.request());
    };
    const redraw = owned.add(
      new Coalescer(this.parts.clock, followPauseMs, () => {
        // First listen, then read: what comes in between is told.
        listen();
        this.changed.fire(uri);
      }),
    );
    owned.add({ dispose: () => next?.dispose() });
    owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => stayAtEnd(document, uri)));
    this.followed.set(uri.toString(), owned);
    redraw.request();
  }

  private leave(uri: vscode.Uri): void {
    this.followed.get(uri.toString())?.dispose();
    this.followed.delete(uri.toString());
  }
}

/** Where somebody reads the end, they go on reading the end. */
function stayAtEnd(document: vscode.TextDocument, uri: vscode.Uri): void {
  if (document.uri.toString() !== uri.toString()) return;
  for (const editor of vscode.window.visibleTextEditors) {
    if (editor.document !== document || !wasAtEnd(editor)) continue;
    const end = new vscode.Position(document.lineCount - 1, 0);
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(editor.selection);
  }
}

/** VS Code moves a cursor that stood at the end along with it when text is put behind; a little more is tolerated. */
const wasAtEnd = ({ selection, visibleRanges, document }: vscode.TextEditor): boolean =>
  selection.isEmpty && selection.active.line >= (visibleRanges.at(-1)?.end.line ?? document.lineCount) - 2;

const uriOf = (path: string, offset: number | undefined): vscode.Uri =>
  vscode.Uri.from({ scheme, path, query: offset === undefined ? '' : `at=${offset}` });

function placeOf(uri: vscode.Uri): { readonly path: string; readonly offset: number | undefined } {
  const [, digits] = /^at=(\d+)$/.exec(uri.query) ?? [];
  return { path: uri.path, offset: digits === undefined ? undefined : Number(digits) };
}

const wordsFor = (path: string): LogWords => ({
  started: ({ at, pid }) =>
    `──── VM start, ${new Date(at).toLocaleString()}${pid === undefined ? '' : `, process ${pid}`} ────`,
  leftOut: bytes => `──── ${(bytes / 1_000_000).toFixed(1)} MB of the log are not shown here: ${path} ────`,
});
