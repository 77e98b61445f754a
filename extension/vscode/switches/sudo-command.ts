import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { switchScript } from '../../lab/layout.ts';
import { folderOf } from '../../runtime/paths.ts';
import { scriptFolder } from '../../runtime/lab-identity.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';

/**
 * Starts the switches of a lab that have a tap, each in a terminal that the user sees: sudo asks there for the password.
 * The script makes the tap as root and runs the switch as the user. We never see the password.
 */
export async function startWithSudo(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs);
  const [thing] = await thingsOrPick(services, args, { title: 'Switches of which lab?', list, canPickMany: false });
  const snapshot = thing && services.store.lab(thing.lab);
  if (!thing || !snapshot?.lab) return;
  const taps = snapshot.lab.switches.filter(one => one.tap && snapshot.switches.get(one.name)?.kind !== 'running');
  if (taps.length === 0) {
    throw new UserError(`Lab ${snapshot.lab.name} has no switch with a tap that is stopped. Only those need root.`);
  }
  await services.control.generate(thing.lab);
  const folder = scriptFolder(thing.lab, snapshot.lab);
  const runRoot = folderOf(services.runDir(snapshot.lab.name));
  for (const { name } of taps) {
    const shellArgs = ['--', `${folder}/${switchScript(name)}`, 'start', `RUN_ROOT=${runRoot}`];
    vscode.window
      .createTerminal({ name: `sudo: switch ${name}`, shellPath: 'sudo', shellArgs, isTransient: true })
      .show();
  }
}
