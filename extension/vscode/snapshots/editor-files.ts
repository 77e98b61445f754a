import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { Files } from '../../runtime/host.ts';

/** Writes files that are open in an editor through it: nobody goes on with an old text, and Ctrl+Z takes it back. */
export const editorFiles = (files: Files): Files => ({
  read: path => files.read(path),
  readTail: (path, bytes) => files.readTail(path, bytes),
  exists: path => files.exists(path),
  async write(path, content, mode) {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path);
    if (open && typeof content === 'string') await writeInto(open, content);
    // What is done at each save, such as the end of the last line, may have changed it.
    if (!open || (await files.read(path)) !== content) await files.write(path, content, mode);
  },
});

async function writeInto(document: vscode.TextDocument, content: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), content);
  if ((await vscode.workspace.applyEdit(edit)) && (await document.save())) return;
  throw new UserError(`${document.uri.fsPath} could not be written in its editor. Save or close it, then try again.`);
}
