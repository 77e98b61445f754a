import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { baseName } from '../../runtime/paths.ts';

/**
 * VS Code's own dialog compares only what stands behind the last dot, and would make `x.lab.yaml` into
 * `x.lab.yaml.lab.yaml` if `yaml` were not among the endings. The first one is added to names without any.
 */
const endings = ['lab.yaml', 'lab.yml', 'yaml', 'yml'];

/**
 * Asks where a new lab file goes; the dialog itself asks before a file is replaced. Undefined: nowhere. Rejects with a
 * UserError if by its name it would be no lab file.
 */
export async function askLabFile(title: string, defaultUri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const uri = await vscode.window.showSaveDialog({ title, defaultUri, filters: { 'Lab files': endings } });
  if (uri && !/\.lab\.ya?ml$/.test(uri.fsPath))
    throw new UserError(
      `${baseName(uri.fsPath)} would be no lab file, so nothing was written: end its name in .lab.yaml.`,
    );
  return uri;
}
