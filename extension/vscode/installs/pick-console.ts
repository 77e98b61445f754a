import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { consoleOfVm } from '../../runtime/console/console-lookup.ts';
import type { ConsoleTarget } from '../../runtime/console/console-target.ts';
import type { ThingRef } from '../../runtime/state.ts';
import type { TargetArguments } from '../commands.ts';
import { vmsOrPick } from '../consoles/console-commands.ts';
import type { Services } from '../services.ts';

/** The serial console of what a command was called on, of the active terminal, or of a VM that is chosen. */
export async function pickConsole(
  services: Services,
  args: TargetArguments,
  title: string,
): Promise<ConsoleTarget | undefined> {
  const active = services.consoles.find(vscode.window.activeTerminal)?.target;
  // Menus of terminals pass what is no target of ours; the palette passes nothing.
  const isOnTerminal = args[0] === undefined || !('node' in args[0] || 'kind' in args[0]);
  if (isOnTerminal && active?.kind === 'serial' && active.lab !== '') return active;
  const [thing] = await vmsOrPick(services, isOnTerminal ? [] : args, title, false);
  return thing && consoleOf(services, thing);
}

/** Throws if the VM has none. */
export function consoleOf({ store, runDir }: Services, thing: ThingRef): ConsoleTarget {
  const target = consoleOfVm(thing, 'serial', store.labs, runDir);
  if (target) return target;
  const open = { title: 'Open Lab File', command: 'kvmlab.openLabFile', args: [thing] };
  throw new UserError(`VM ${thing.name} has no serial console: its ID is missing, and the port follows from it.`, [
    open,
  ]);
}
