import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { LabFileEditor } from '../../runtime/switches/vlan-actions.ts';
import { rangeOf } from '../open-commands.ts';

/** Edits lab files in VS Code, in one step that Ctrl+Z takes back. */
export const labFileEditor: LabFileEditor = {
  async edit(path, make) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    const text = document.getText();
    const edits = make(text);
    if (edits.length === 0) return false;
    const change = new vscode.WorkspaceEdit();
    for (const edit of edits) change.replace(document.uri, rangeOf(text, edit.span), edit.text);
    if (await vscode.workspace.applyEdit(change)) return true;
    throw new UserError(`${path} was changed meanwhile, so nothing was written into it. Try again.`);
  },
};
