import * as vscode from 'vscode';
import { UserError } from '../base/user-error.ts';
import {
  freeIds,
  labNameProblem,
  labTemplates,
  mostNetworks,
  mostVmsPerNetwork,
  newLabText,
  vmCount,
  type LabPlan,
} from '../runtime/new-lab.ts';
import { usedIds } from '../runtime/used-ids.ts';
import { pickFolder } from './pick-folder.ts';
import type { Services } from './services.ts';

/** Asks a few questions, writes a lab file with IDs that are free, and opens it. */
export async function newLab(services: Services): Promise<void> {
  const shape = await askShape();
  const name = shape && (await askName());
  const folder = name === undefined ? undefined : await pickFolder('Folder for the lab', 'Create Lab Here');
  if (!shape || name === undefined || !folder) return;
  await services.whenRead();
  const plan: LabPlan = { ...shape, name };
  const uri = vscode.Uri.joinPath(folder, `${name}.lab.yaml`);
  await refuseExisting(services, uri);
  await services.files.write(uri.fsPath, newLabText(plan, await idsFor(services, plan)));
  await vscode.window.showTextDocument(uri, { preview: false });
}

export async function refuseExisting({ files }: Services, uri: vscode.Uri): Promise<void> {
  if (!(await files.exists(uri.fsPath))) return;
  const open = { title: 'Open It', command: 'kvmlab.openLabFile', args: [uri] };
  throw new UserError(`${uri.fsPath} is there already, and nothing was written. Choose another name or folder.`, [
    open,
  ]);
}

/** IDs are unique on the host: neither a lab of the workspace nor a VM that runs may have them. */
async function idsFor({ store, look }: Services, plan: LabPlan): Promise<readonly number[]> {
  await look();
  const used = usedIds(store);
  const ids = freeIds(used, vmCount(plan));
  if (ids.length < vmCount(plan)) throw new UserError('There are not enough free IDs left for this lab.');
  return ids;
}

async function askShape(): Promise<Omit<LabPlan, 'name'> | undefined> {
  const questions = { label: 'Answer a few questions', description: 'networks, VMs, router, way out', plan: undefined };
  const chosen = await vscode.window.showQuickPick([...labTemplates, questions], { title: 'New lab: begin with' });
  if (!chosen) return undefined;
  return chosen.plan ?? askPlan();
}

async function askPlan(): Promise<Omit<LabPlan, 'name'> | undefined> {
  const networks = await askNumber('How many networks?', mostNetworks);
  if (networks === undefined) return undefined;
  const vmsPerNetwork = await askNumber('How many VMs on each network?', mostVmsPerNetwork);
  if (vmsPerNetwork === undefined) return undefined;
  const hasRouter = networks > 1 ? await askYesNo('A router between the networks?') : false;
  if (hasRouter === undefined) return undefined;
  const hasUplink = await askYesNo('A way out to the internet (DHCP and NAT)?');
  return hasUplink === undefined ? undefined : { networks, vmsPerNetwork, hasRouter, hasUplink };
}

const askName = (): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: 'New lab: name',
    prompt: 'The lab file, its folder of scripts and its run-time folder get this name.',
    value: 'lab',
    validateInput: labNameProblem,
  });

async function askNumber(title: string, highest: number): Promise<number | undefined> {
  const isGood = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= highest;
  const text = await vscode.window.showInputBox({
    title: `New lab: ${title}`,
    value: '2',
    validateInput: value => (isGood(value) ? undefined : `A number from 1 to ${highest}.`),
  });
  return text === undefined ? undefined : Number(text);
}

async function askYesNo(title: string): Promise<boolean | undefined> {
  const answer = await vscode.window.showQuickPick(['Yes', 'No'], { title: `New lab: ${title}` });
  return answer === undefined ? undefined : answer === 'Yes';
}
