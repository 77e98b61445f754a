import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { vmFiles } from '../../lab/layout.ts';
import { consoleOfRow, consoleOfVm } from '../../runtime/console/console-lookup.ts';
import type { ConsoleKind } from '../../runtime/console/console-target.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { folderOfVm } from '../../runtime/vms/vm-places.ts';
import {
  consoleOfSwitch,
  consoleOfSwitchRow,
  targetTitle,
  type TerminalTarget,
} from '../../runtime/console/terminal-target.ts';
import { consoleLabs, switchesOf, vmsIn, vmsOf } from '../../runtime/views/thing-list.ts';
import { consoleProfile, type TargetArguments } from '../commands.ts';
import type { OpenConsole } from './console-terminals.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';
import { rowOf } from '../targets.ts';

export async function openConsoles(services: Services, kind: ConsoleKind, args: TargetArguments): Promise<void> {
  for (const target of await consolesOf(services, kind, args)) services.consoles.show(target);
}

/** One terminal for each VM of the lab or group that runs, or for each if none does. */
export async function openAllConsoles(services: Services, args: TargetArguments, isSplit: boolean): Promise<void> {
  const list = () => consoleLabs(services.store.labs);
  const title = 'Open all consoles of what?';
  const things = await thingsOrPick(services, args, { title, list, canPickMany: false });
  const vms = vmsIn(things, services.store.labs);
  if (things.length > 0 && vms.length === 0) throw new UserError('There is no VM with a console in what was chosen.');
  let beside: vscode.Terminal | undefined;
  for (const vm of vms) {
    const target = consoleOfVm(vm, 'serial', services.store.labs, services.runDir);
    if (!target) continue;
    const isFirst = beside === undefined;
    // The first shows the panel; the focus stays where the user is.
    const options = { preserveFocus: true, isHidden: !isFirst, isAnother: isSplit, beside };
    const terminal = services.consoles.show(target, options);
    if (isSplit || isFirst) beside = isSplit ? terminal : undefined;
  }
}

export async function openSwitchConsole(services: Services, args: TargetArguments): Promise<void> {
  const row = rowOf(args);
  const foreign = row && !row.thing ? consoleOfSwitchRow(row) : undefined;
  if (foreign) {
    services.consoles.show(foreign);
    return;
  }
  const list = () => switchesOf(services.store.labs);
  const title = 'Management console of which switch?';
  for (const thing of await thingsOrPick(services, args, { title, list, canPickMany: true })) {
    const target = consoleOfSwitch(thing, services.store.labs, services.runDir);
    if (target) services.consoles.show(target);
  }
}

/** Beside the terminal that is active, or for one that is chosen. */
export async function openAnotherTerminal(services: Services, args: TargetArguments): Promise<void> {
  const { consoles } = services;
  if (args[0] !== undefined) {
    for (const target of await consolesOf(services, 'serial', args)) consoles.show(target, { isAnother: true });
    return;
  }
  const one = await activeOrPick(services, 'Another terminal on which console?');
  if (one && consoles.find(vscode.window.activeTerminal) === one) await splitActive(services, one.target);
  else if (one) consoles.show(one.target, { isAnother: true });
}

/**
 * VS Code 1.139 takes `parentTerminal` only for a terminal that is not open yet (mainThreadTerminalService looks it up by
 * an id that it has given away by then). So its own command splits, and asks our profile for the terminal.
 */
async function splitActive({ consoles }: Services, target: TerminalTarget): Promise<void> {
  consoles.nextOfProfile.push(target);
  const config = {
    extensionIdentifier: 'kvmlab.kvmlab',
    id: consoleProfile,
    title: targetTitle(target),
    icon: 'terminal',
  };
  await vscode.commands.executeCommand('workbench.action.terminal.split', { config });
  if (consoles.nextOfProfile.pop()) consoles.show(target, { isAnother: true });
}

export async function copyConsoleAddress(services: Services, args: TargetArguments): Promise<void> {
  const port = rowOf(args)?.consolePort ?? portOf((await consolesOf(services, 'serial', args))[0]);
  if (port === undefined) return;
  await vscode.env.clipboard.writeText(`localhost:${port}`);
  vscode.window.setStatusBarMessage(`KVM Lab: localhost:${port} copied.`, 4000);
}

/** The log of one VM's serial console, in an editor. */
export async function openConsoleLog(services: Services, args: TargetArguments): Promise<void> {
  const [thing] = await vmsOrPick(services, args, 'Console log of which VM?', false);
  const lab = thing && services.store.lab(thing.lab)?.lab;
  if (!lab) return;
  const path = `${folderOfVm(services.store.stateOf(thing), services.runDir(lab.name))}/${vmFiles(thing.name).consoleLog}`;
  await services.logs.open(path, undefined, `The console log of ${thing.name}`);
}

/** The console of the active terminal, else one of those that are open. */
export async function activeOrPick({ consoles }: Services, title: string): Promise<OpenConsole | undefined> {
  const active = consoles.find(vscode.window.activeTerminal);
  if (active) return active;
  const items = consoles.open.map(one => ({ label: targetTitle(one.target), one }));
  if (items.length === 0)
    throw new UserError('No console is open.', [{ title: 'Open Console', command: 'kvmlab.openConsole' }]);
  return (await vscode.window.showQuickPick(items, { title }))?.one;
}

async function consolesOf(
  services: Services,
  kind: ConsoleKind,
  args: TargetArguments,
): Promise<readonly TerminalTarget[]> {
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

export async function vmsOrPick(
  services: Services,
  args: TargetArguments,
  title: string,
  canPickMany: boolean,
): Promise<readonly ThingRef[]> {
  const list = () => vmsOf(services.store.labs);
  const things = await thingsOrPick(services, args, { title, list, canPickMany });
  return things.filter(thing => thing.kind === 'vm');
}

const portOf = (target: TerminalTarget | undefined): number | undefined =>
  target === undefined || target.kind === 'switch' ? undefined : target.port;
