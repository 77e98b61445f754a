import * as vscode from 'vscode';
import { UserError } from '../base/user-error.ts';
import { vmFiles } from '../lab/layout.ts';
import { consoleOfRow, consoleOfVm } from '../runtime/console-lookup.ts';
import type { ConsoleKind, ConsoleTarget } from '../runtime/console-target.ts';
import type { ThingRef } from '../runtime/state.ts';
import { vmsOf } from '../runtime/thing-list.ts';
import type { TargetArguments } from './commands.ts';
import { thingsOrPick } from './pick.ts';
import type { Services } from './services.ts';
import { rowOf } from './targets.ts';

export async function openConsoles(services: Services, kind: ConsoleKind, args: TargetArguments): Promise<void> {
  for (const target of await consolesOf(services, kind, args)) services.consoles.open(target);
}

export async function copyConsoleAddress(services: Services, args: TargetArguments): Promise<void> {
  const port = rowOf(args)?.consolePort ?? (await consolesOf(services, 'serial', args))[0]?.port;
  if (port === undefined) return;
  await vscode.env.clipboard.writeText(`localhost:${port}`);
  vscode.window.setStatusBarMessage(`KVM Lab: localhost:${port} copied.`, 4000);
}

export async function openConsoleLog(services: Services, args: TargetArguments): Promise<void> {
  const [thing] = await vmsOrPick(services, args, 'Console log of which VM?', false);
  const lab = thing && services.store.lab(thing.lab)?.lab;
  if (!lab) return;
  const path = `${services.runDir(lab.name)}/${vmFiles(thing.name).consoleLog}`;
  if (!(await services.files.exists(path)))
    throw new UserError(`VM ${thing.name} has no console log yet: nothing was printed on its serial console.`);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
}

async function consolesOf(
  services: Services,
  kind: ConsoleKind,
  args: TargetArguments,
): Promise<readonly ConsoleTarget[]> {
  const row = rowOf(args);
  const foreign = row && !row.thing ? consoleOfRow(row, kind) : undefined;
  if (foreign) return [foreign];
  const things = await vmsOrPick(services, args, `Open the ${kind} of which VM?`, true);
  return things.map(thing => {
    const found = consoleOfVm(thing, kind, services.store.labs, services.runDir);
    if (found) return found;
    const open = { title: 'Open Lab File', command: 'kvmlab.openLabFile', args: [thing] };
    throw new UserError(`VM ${thing.name} has no ${kind}: its ID is missing, and the port follows from it.`, [open]);
  });
}

async function vmsOrPick(
  services: Services,
  args: TargetArguments,
  title: string,
  canPickMany: boolean,
): Promise<readonly ThingRef[]> {
  const list = () => vmsOf(services.store.labs);
  const things = await thingsOrPick(services, args, { title, list, canPickMany });
  return things.filter(thing => thing.kind === 'vm');
}
