import * as vscode from 'vscode';
import type { PictureEdit, PictureOrder } from '../../webview/protocol.ts';
import type { Disposable } from '../base/disposable.ts';
import type { LabEdit } from '../lab/lab-edit.ts';
import type { PictureTarget } from '../runtime/edit-targets.ts';
import { refusalOf, type CommandId } from './commands.ts';
import { editLabFile } from './edit-lab-file.ts';
import type { PicturePanel, PictureWish } from './picture-panel.ts';
import type { PicturePanels } from './picture-panels.ts';

/** Makes in lab files what users do in their pictures. */
export function followWishes(pictures: PicturePanels, report: (error: unknown) => void): Disposable {
  return pictures.onDidWish(({ panel, wish }) => void fulfil(panel, wish).catch(report));
}

async function fulfil(panel: PicturePanel, wish: PictureWish): Promise<void> {
  if (wish.kind === 'order') {
    await obey(panel, wish.order, { lab: panel.file, selection: wish.things });
    return;
  }
  const refusal = refusalOf('kvmlab.moveNic', vscode.workspace.isTrusted);
  if (refusal) throw refusal;
  await editLabFile(panel.file, labEdit(wish.edit));
}

const labEdit = (edit: PictureEdit): LabEdit =>
  edit.kind === 'pin' ? { kind: 'pin', pins: new Map([[edit.node, { column: edit.column, row: edit.row }]]) } : edit;

/** By the commands of the palette, which ask for trust, and tell of failures. */
async function obey(panel: PicturePanel, order: PictureOrder, target: PictureTarget): Promise<void> {
  if (order === 'undo' || order === 'redo') await takeBack(panel, order);
  else await vscode.commands.executeCommand(`kvmlab.${order}` satisfies CommandId, target);
}

/** VS Code takes changes back in the editor that has the focus, so the file gets it for a moment. */
async function takeBack(panel: PicturePanel, order: 'undo' | 'redo'): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(panel.file));
  const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document);
  await vscode.window.showTextDocument(document, { viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One });
  await vscode.commands.executeCommand(order);
  panel.focus();
}
