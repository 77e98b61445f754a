import * as vscode from 'vscode';
import { offerGuest } from '../machines/guest-command.ts';
import { refuseExisting } from './new-lab.ts';
import { pickFolder } from '../pick-folder.ts';
import type { Services } from '../services.ts';

const descriptions: Readonly<Record<string, string>> = {
  firewall: 'a PC reaches a web server only through a firewall',
  vlans: 'two switches, a trunk wire, two VLANs that do not see each other',
  office: 'about ten VMs on four networks, one with a way out',
  campus: 'a row of equal VMs, from a template in a file that labs share',
};

/** Copies a sample into a folder of the user's choice and opens its lab file. Nothing is overwritten. */
export async function openSample(services: Services, wanted: string | undefined): Promise<void> {
  const sample = wanted ?? (await pickSample(services.samples));
  const folder = sample === undefined ? undefined : await pickFolder('Folder for the sample', 'Copy Sample Here');
  if (sample === undefined || !folder) return;
  const lab = await copySample(services, vscode.Uri.joinPath(services.samples, sample), folder);
  await vscode.window.showTextDocument(lab, { preview: false });
  void offerNextSteps(services, folder);
}

async function pickSample(samples: vscode.Uri): Promise<string | undefined> {
  const entries = await vscode.workspace.fs.readDirectory(samples);
  const names = entries.filter(([, type]) => type === vscode.FileType.Directory).map(([name]) => name);
  const items = names.map(name => ({ label: name, description: descriptions[name] ?? '' }));
  return (await vscode.window.showQuickPick(items, { title: 'Which sample lab?' }))?.label;
}

async function copySample(services: Services, sample: vscode.Uri, folder: vscode.Uri): Promise<vscode.Uri> {
  const files = (await vscode.workspace.fs.readDirectory(sample)).map(([name]) => name);
  const lab = files.find(name => /\.lab\.ya?ml$/.test(name));
  if (lab === undefined) throw new Error(`no lab file in ${sample.fsPath}`);
  const target = vscode.Uri.joinPath(folder, lab);
  await refuseExisting(services, target);
  for (const name of files) {
    const to = vscode.Uri.joinPath(folder, name);
    if (!(await services.files.exists(to.fsPath)))
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(sample, name), to, { overwrite: false });
  }
  return target;
}

/** Not awaited by the command: its work is done, and these may stand for as long as the user likes. */
async function offerNextSteps(services: Services, folder: vscode.Uri): Promise<void> {
  await offerGuest(services);
  if (vscode.workspace.getWorkspaceFolder(folder)) return;
  const open = 'Open Folder';
  const message = 'The sample lies outside this workspace. Its lab is in the view Labs while its file is open.';
  const chosen = await vscode.window.showInformationMessage(message, open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.openFolder', folder);
}
