import * as vscode from 'vscode';

/** A folder of the workspace, or any other. Undefined: the user thought better of it. */
export async function pickFolder(title: string, openLabel: string): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return browse(title, openLabel);
  const items = folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, uri }));
  const other = { label: 'Other Folder…', description: '', uri: undefined };
  const chosen = await vscode.window.showQuickPick([...items, other], { title });
  return chosen && (chosen.uri ?? browse(title, openLabel));
}

async function browse(title: string, openLabel: string): Promise<vscode.Uri | undefined> {
  const options = { title, openLabel, canSelectFiles: false, canSelectFolders: true, canSelectMany: false };
  return (await vscode.window.showOpenDialog(options))?.[0];
}
