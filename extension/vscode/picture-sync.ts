import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { PictureThing } from '../runtime/picture-things.ts';
import { rangeOf } from './open-commands.ts';
import type { FileChoice, PicturePanels } from './picture-panels.ts';
import type { TreeProvider, TreeRow } from './tree-provider.ts';

export interface PictureSyncParts {
  readonly pictures: PicturePanels;
  readonly tree: vscode.TreeView<TreeRow>;
  readonly rows: TreeProvider;
}

/** Keeps the selection of pictures in step with that of the tree and of the editors, all ways. */
export function keepInStep({ pictures, tree, rows }: PictureSyncParts): Disposable {
  const owned = new DisposableStore();
  owned.add(
    pictures.onDidChoose(choice => {
      if (choice.kind === 'open') void openPlace(choice);
      else {
        selectInEditors(choice);
        selectInTree(choice.things, tree, rows);
      }
    }),
  );
  owned.add(
    tree.onDidChangeSelection(({ selection }) => {
      for (const panel of pictures.all) {
        const things = selection.flatMap(row => panel.find({ row: row.id }) ?? []);
        if (panel.isVisible && things.length > 0) panel.select(things.map(({ id }) => id));
      }
    }),
  );
  owned.add(
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections, kind }) => {
      // What we select there ourselves, and what an edit moves, comes without a kind.
      const [selection] = selections;
      if (kind === undefined || !selection || textEditor.document.uri.scheme !== 'file') return;
      const panel = pictures.all.find(({ file }) => file === textEditor.document.uri.fsPath);
      const thing = panel?.find({ offset: textEditor.document.offsetAt(selection.active) });
      if (thing) panel?.select([thing.id]);
    }),
  );
  return owned;
}

/** Where the file is on the screen already; the focus stays in the picture. */
function selectInEditors({ file, things }: FileChoice): void {
  for (const editor of vscode.window.visibleTextEditors) {
    const { document } = editor;
    if (document.uri.scheme !== 'file' || document.uri.fsPath !== file) continue;
    const text = document.getText();
    const ranges = things.flatMap(({ span }) => (span ? [rangeOf(text, span)] : []));
    const [first] = ranges;
    if (!first) continue;
    editor.selections = ranges.map(range => new vscode.Selection(range.start, range.start));
    editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

function selectInTree(things: readonly PictureThing[], tree: vscode.TreeView<TreeRow>, rows: TreeProvider): void {
  const [row] = things.flatMap(thing => (thing.row === undefined ? [] : (rows.row(thing.row) ?? [])));
  // Revealing would open a side bar that is closed.
  if (row && tree.visible) void tree.reveal(row, { select: true, focus: false });
}

async function openPlace({ file, things }: FileChoice): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const span = things[0]?.span;
  const selection = span && rangeOf(document.getText(), span);
  const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document);
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.window.showTextDocument(document, {
    viewColumn,
    ...(selection ? { selection: new vscode.Selection(selection.start, selection.start) } : {}),
  });
}
