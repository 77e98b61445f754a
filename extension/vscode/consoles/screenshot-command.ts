import * as vscode from 'vscode';
import { baseName, folderOf } from '../../runtime/paths.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { runningVms } from '../machines/vm-action-commands.ts';

/** Takes a picture of each VM's screen and opens it; it lies in the run-time folder until it is saved elsewhere. */
export async function takeScreenshots(services: Services, args: TargetArguments): Promise<void> {
  for (const thing of await runningVms(services, 'Screenshot of which VM?', args)) {
    const file = await services.machines.screens.screenshot(thing);
    services.log.info(`Screenshot of ${thing.name}: ${file}`);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), { preview: false });
    void offerToSave(file, folderOf(thing.lab)).catch(services.report);
  }
}

async function offerToSave(file: string, folder: string): Promise<void> {
  const save = 'Save As…';
  const told = `${baseName(file)} is kept until this host is restarted.`;
  if ((await vscode.window.showInformationMessage(told, save)) !== save) return;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(`${folder}/${baseName(file)}`),
    filters: { 'PNG pictures': ['png'] },
  });
  if (target) await vscode.workspace.fs.copy(vscode.Uri.file(file), target, { overwrite: true });
}
