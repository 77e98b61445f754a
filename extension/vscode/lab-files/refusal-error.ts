import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { Refusal } from '../../lab/edits/lab-edit.ts';
import { baseName } from '../../runtime/paths.ts';
import { rangeOf } from '../open-commands.ts';
import type { FileWithIncluded } from './read-text.ts';

/** Why a lab file is not changed, with the place of what would have to be changed, and a way there. */
export function refusalError(
  { file, text, included = [] }: FileWithIncluded & { readonly text: string },
  { reason, place }: Refusal,
): UserError {
  const shown = place?.file ?? file;
  const other = included.find(one => one.path === place?.file);
  const where = other && 'text' in other ? other.text : place?.file === undefined ? text : undefined;
  if (!place || where === undefined) return new UserError(`${baseName(shown)}: ${reason}`);
  const selection = rangeOf(where, { start: place.start, end: place.start });
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === shown);
  const viewColumn = editor?.viewColumn ?? vscode.ViewColumn.One;
  const title = `Show in ${baseName(shown)}`;
  return new UserError(`${baseName(shown)}:${selection.start.line + 1}: ${reason}`, [
    { title, command: 'vscode.open', args: [vscode.Uri.file(shown), { selection, viewColumn }] },
  ]);
}
