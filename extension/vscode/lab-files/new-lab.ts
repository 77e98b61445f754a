import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { labTemplates, type LabTemplate } from '../../lab/templates.ts';
import {
  freeIds,
  labNameProblem,
  mostNetworks,
  mostVmsPerNetwork,
  newLabText,
  vmCount,
  type LabPlan,
} from '../../runtime/new-lab.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import { pickFolder } from '../pick-folder.ts';
import type { Services } from '../services.ts';

/** Asks a few questions, writes a lab file with IDs that are free, and opens it. */
export async function newLab(services: Services): Promise<void> {
  const shape = await askShape();
  const name = shape && (await askName());
  const folder = name === undefined ? undefined : await pickFolder('Folder for the lab', 'Create Lab Here');
  if (!shape || name === undefined || !folder) return;
  await services.whenRead();
  const uri = vscode.Uri.joinPath(folder, `${name}.lab.yaml`);
  await refuseExisting(services, uri);
  await services.files.write(uri.fsPath, shape.text(name, await idsFor(services, shape.ids)));
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
async function idsFor({ store, look }: Services, count: number): Promise<readonly number[]> {
  await look();
  const ids = freeIds(usedIds(store), count);
  if (ids.length < count) throw new UserError('There are not enough free IDs left for this lab.');
  return ids;
}

/** What a lab begins with, and how many IDs that needs. */
type Shape = Pick<LabTemplate, 'ids' | 'text'>;

async function askShape(): Promise<Shape | undefined> {
  const questions = {
    label: 'Answer a few questions',
    description: 'networks, VMs, router, way out',
    template: undefined,
  };
  const templates = labTemplates.map(template => ({ ...template, template }));
  const chosen = await vscode.window.showQuickPick([...templates, questions], { title: 'New lab: begin with' });
  if (!chosen) return undefined;
  if (chosen.template) return chosen.template;
  const plan = await askPlan();
  return plan && { ids: vmCount(plan), text: (name, ids) => newLabText({ ...plan, name }, ids) };
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
