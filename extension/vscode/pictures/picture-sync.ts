import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Clock } from '../../runtime/host.ts';
import type { PictureThing } from '../../runtime/picture/picture-things.ts';
import { rangeOf } from '../open-commands.ts';
import type { FileChoice, PicturePanels } from './picture-panels.ts';
import type { TreeProvider, TreeRow } from '../trees/tree-provider.ts';

export interface PictureSyncParts {
  readonly pictures: PicturePanels;
  readonly tree: vscode.TreeView<TreeRow>;
  readonly rows: TreeProvider;
  readonly clock: Clock;
}

/** How often VS Code is asked once more what is selected, and how long after each time, in milliseconds. */
const [mostLooks, lookMs] = [30, 100];

/** Keeps the selection of pictures in step with that of the tree and of the editors, all ways. */
export function keepInStep({ pictures, tree, rows, clock }: PictureSyncParts): Disposable {
  const owned = new DisposableStore();
  /** Where we have put the cursor ourselves: that is no choice of the user's. */
  let ownPlace: string | undefined;
  /** The row that we have selected ourselves: it is only the first of what is selected in the picture. */
  let ownRow: string | undefined;
  owned.add(
    pictures.onDidChoose(choice => {
      if (choice.kind === 'open') void openPlace(choice);
      else {
        ownPlace = selectInEditors(choice);
        ownRow = selectInTree(choice.things, tree, rows);
      }
    }),
  );
  const follow = (selection: readonly TreeRow[]): void => {
    const isOwn = selection.length === 1 && selection[0]?.id === ownRow;
    ownRow = undefined;
    if (isOwn) return;
    for (const panel of pictures.all) {
      const things = selection.flatMap(row => panel.find({ row: row.id }) ?? []);
      if (panel.tab.isVisible && things.length > 0) panel.select(things.map(({ id }) => id));
    }
  };
  owned.add(followSelection(tree, clock, follow));
  owned.add(
    vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document }, selections }) => {
      const [selection] = selections;
      if (!selection || document.uri.scheme !== 'file' || placeOf(document, selections) === ownPlace) return;
      const panel = pictures.all.find(({ file }) => file === document.uri.fsPath);
      const thing = panel?.find({ offset: offsetOf(document, selection.active) });
      if (thing) panel?.select([thing.id]);
    }),
  );
  return owned;
}

/**
 * Tells what is selected in the tree. While VS Code draws the tree anew it tells of no rows, as it has not asked for them
 * yet, and does not tell later: then we look again.
 */
function followSelection(
  tree: vscode.TreeView<TreeRow>,
  clock: Clock,
  follow: (selection: readonly TreeRow[]) => void,
): Disposable {
  const owned = new DisposableStore();
  let pause: Disposable | undefined;
  const look = (left: number): void => {
    pause = undefined;
    if (tree.selection.length > 0) follow(tree.selection);
    else if (left > 0) pause = clock.after(lookMs, () => look(left - 1));
  };
  owned.add({ dispose: () => pause?.dispose() });
  owned.add(
    tree.onDidChangeSelection(() => {
      pause?.dispose();
      look(mostLooks);
    }),
  );
  return owned;
}

/** The cursor's offset; in the blanks before a line's text it is on that text. */
function offsetOf(document: vscode.TextDocument, { line, character }: vscode.Position): number {
  const { firstNonWhitespaceCharacterIndex: first } = document.lineAt(line);
  return document.offsetAt(new vscode.Position(line, Math.max(first, character)));
}

const placeOf = ({ uri }: vscode.TextDocument, selections: readonly vscode.Selection[]): string =>
  JSON.stringify([uri.fsPath, ...selections.map(({ active }) => active)]);

/** Where the file is on the screen already; the focus stays in the picture. Gives the place. */
function selectInEditors({ file, things }: FileChoice): string | undefined {
  let place: string | undefined;
  for (const editor of vscode.window.visibleTextEditors) {
    const { document } = editor;
    if (document.uri.scheme !== 'file') continue;
    const text = document.getText();
    const own = things.filter(({ span }) => (span?.file ?? file) === document.uri.fsPath);
    const ranges = own.flatMap(({ span }) => (span ? [rangeOf(text, span)] : []));
    const [first] = ranges;
    if (!first) continue;
    editor.selections = ranges.map(range => new vscode.Selection(range.start, range.start));
    place = placeOf(document, editor.selections);
    editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
  return place;
}

/** Gives the row that is selected then. */
function selectInTree(
  things: readonly PictureThing[],
  tree: vscode.TreeView<TreeRow>,
  rows: TreeProvider,
): string | undefined {
  const [row] = things.flatMap(thing => (thing.row === undefined ? [] : (rows.row(thing.row) ?? [])));
  // Revealing would open a side bar that is closed.
  if (!row || !tree.visible) return undefined;
  void revealRow(tree, rows, row);
  return row.id;
}

/** VS Code refuses to while it draws the tree anew, and may go on refusing until it does so the next time. */
async function revealRow(tree: vscode.TreeView<TreeRow>, rows: TreeProvider, row: TreeRow): Promise<void> {
  const reveal = () => tree.reveal(row, { select: true, focus: false });
  try {
    await reveal();
  } catch {
    rows.announceAll();
    // Nothing is lost: the row is only not selected.
    await Promise.resolve(reveal()).catch(() => undefined);
  }
}

async function openPlace({ file, things }: FileChoice): Promise<void> {
  const span = things[0]?.span;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(span?.file ?? file));
  const selection = span && rangeOf(document.getText(), span);
  const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document);
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.window.showTextDocument(document, {
    viewColumn,
    ...(selection ? { selection: new vscode.Selection(selection.start, selection.start) } : {}),
  });
}
