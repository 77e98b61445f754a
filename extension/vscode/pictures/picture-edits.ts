import * as vscode from 'vscode';
import type { PictureEdit, PictureOrder } from '../../../webview/protocol.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { LabEdit } from '../../lab/edits/lab-edit.ts';
import type { PictureTarget } from '../../runtime/picture/edit-targets.ts';
import type { Clock } from '../../runtime/host.ts';
import { refusalOf, type CommandId } from '../commands.ts';
import { editLabFile } from '../lab-files/edit-lab-file.ts';
import type { PicturePanel, PictureWish } from './picture-panel.ts';
import type { PicturePanels } from './picture-panels.ts';

/** Makes in lab files what users do in their pictures. */
export function followWishes(pictures: PicturePanels, clock: Clock, report: (error: unknown) => void): Disposable {
  return pictures.onDidWish(({ panel, wish }) => void fulfil(panel, wish, clock).catch(report));
}

async function fulfil(panel: PicturePanel, wish: PictureWish, clock: Clock): Promise<void> {
  if (wish.kind === 'order') {
    await obey(panel, wish.order, { lab: panel.file, selection: wish.things }, clock);
    return;
  }
  const refusal = refusalOf('kvmlab.moveNic', vscode.workspace.isTrusted);
  if (refusal) throw refusal;
  await editLabFile(panel, labEdit(wish.edit));
}

const labEdit = (edit: PictureEdit): LabEdit =>
  edit.kind === 'pin' ? { kind: 'pin', pins: new Map([[edit.node, { column: edit.column, row: edit.row }]]) } : edit;

/** By the commands of the palette, which ask for trust, and tell of failures. */
async function obey(panel: PicturePanel, order: PictureOrder, target: PictureTarget, clock: Clock): Promise<void> {
  if (order === 'undo' || order === 'redo') await takeBack(panel, order, clock);
  else await vscode.commands.executeCommand(`kvmlab.${order}` satisfies CommandId, target);
}

/** How often the file is tried, and how long is waited in between. */
const [mostTries, pauseMs] = [60, 25];

/**
 * VS Code takes changes back in the editor that has the focus, so the file gets it for a moment. The word that a view has
 * lost the focus comes late, and until then VS Code would take back what was typed in the view, which is nothing.
 */
async function takeBack(panel: PicturePanel, order: 'undo' | 'redo', clock: Clock): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(panel.file));
  const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document);
  await vscode.window.showTextDocument(document, { viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One });
  // What a command changed is told before the command is answered, so nothing is taken back twice.
  const { version } = document;
  for (let tries = 0; tries < mostTries && document.version === version; tries++) {
    if (tries > 0) await new Promise<void>(resolve => void clock.after(pauseMs, resolve));
    await vscode.commands.executeCommand(order);
  }
  panel.focus();
}
