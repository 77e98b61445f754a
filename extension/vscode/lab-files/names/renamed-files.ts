import * as vscode from 'vscode';
import type { Lab } from '../../../lab/model.ts';
import { renamedOverlays, renamedScripts, type RenamedFile } from '../../../language/rename.ts';
import { scriptOrigin } from '../../../language/script-names.ts';
import { scriptFolder } from '../../../runtime/lab-identity.ts';
import { folderOf } from '../../../runtime/paths.ts';
import type { NameParts } from './name-parts.ts';

/**
 * Adds the files of a lab that go by its things' names: scripts, and disks that VMs write over their images. Of scripts only
 * those that were generated; all only in a workspace in which something may be written.
 */
export async function addRenamedFiles(
  { files }: Pick<NameParts, 'files'>,
  { path, before, after }: { readonly path: string; readonly before: Lab | undefined; readonly after: Lab | undefined },
  edit: vscode.WorkspaceEdit,
): Promise<void> {
  if (!vscode.workspace.isTrusted || !before || !after) return;
  const rename = async (folder: string, { from, to }: RenamedFile): Promise<void> => {
    const [own, next] = [`${folder}/${from}`, `${folder}/${to}`];
    const isThere = (await files.exists(own)) && !(await files.exists(next));
    if (isThere) edit.renameFile(vscode.Uri.file(own), vscode.Uri.file(next));
  };
  const scripts = scriptFolder(path, before);
  for (const file of renamedScripts(before, after))
    if (scriptOrigin((await files.read(`${scripts}/${file.from}`)) ?? '')) await rename(scripts, file);
  for (const file of renamedOverlays(before, after)) await rename(folderOf(path), file);
}
