import * as vscode from 'vscode';
import { folderOf, relativeFolder } from '../../runtime/paths.ts';

const mostFiles = 200;

/** Files of a file's workspace folder, named from its own folder; those below it first. `but`: a pattern of others. */
export async function filesNear(of: vscode.Uri, pattern: string, but?: string): Promise<readonly string[]> {
  const folder = vscode.workspace.getWorkspaceFolder(of);
  if (!folder) return [];
  const exclude = but === undefined ? '**/node_modules/**' : `{**/node_modules/**,${but}}`;
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, pattern), exclude, mostFiles);
  const paths = found.map(({ fsPath }) => relativeFolder(folderOf(of.fsPath), fsPath)).sort();
  return [...paths.filter(path => !path.startsWith('../')), ...paths.filter(path => path.startsWith('../'))];
}
