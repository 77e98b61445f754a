import * as vscode from 'vscode';
import type { LabEdit } from '../../lab/edits/lab-edit.ts';
import { baseName } from '../../runtime/paths.ts';
import { labFileEditor } from './lab-file-editor.ts';
import type { FileWithIncluded } from './read-text.ts';
import { refusalError } from './refusal-error.ts';

/** What is loaded with the first edit. */
export const loadEditRoom = () => import('../../runtime/picture/edit-room.ts');

/**
 * Makes one change of a lab, in one step that Ctrl+Z takes back. Gives whether there was anything to change. Rejects with a
 * UserError if it cannot be made.
 */
export async function editLabFile(edited: FileWithIncluded, edit: LabEdit): Promise<boolean> {
  const { file } = edited;
  const [room, { parseForEdit }, { readerOf }] = await Promise.all([
    loadEditRoom(),
    import('../../lab/edits/yaml-edit.ts'),
    import('./read-text.ts'),
  ]);
  const news: string[] = [];
  const isChanged = await labFileEditor.edit(file, text => {
    const result = room.editLab(text, edit, { readLab: readerOf(edited), parse: parseForEdit });
    if (result.kind === 'refused') throw refusalError({ ...edited, text }, result);
    news.push(...result.news);
    return result.edits;
  });
  for (const one of news) void vscode.window.showInformationMessage(`${baseName(file)}: ${one}`);
  return isChanged;
}
