import * as vscode from 'vscode';
import { planStp, stpChangeOf, stpChoices, stpWords } from '../../runtime/switches/spanning-tree.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { clickedSwitch, pickSwitch } from './switch-commands.ts';

const shownMs = 6000;

/** Asks what the spanning tree of a running switch is to be, in one list, and makes it so, live. */
export async function setSpanningTree(services: Services, args: TargetArguments): Promise<void> {
  const of =
    (await clickedSwitch(services, args)) ?? (await pickSwitch(services, 'The spanning tree of which switch?'));
  if (!of) return;
  const picture = await services.switches.look(of);
  const ticked = await vscode.window.showQuickPick(stpChoices(picture), {
    title: `Spanning tree of switch ${of.name}`,
    placeHolder: 'Tick the tree to turn it on, and the ports where no switch hangs: these forward at once',
    canPickMany: true,
    matchOnDescription: true,
  });
  if (!ticked) return;
  await services.switches.tell(of, planStp(picture, stpChangeOf(picture, ticked)));
  const words = stpWords(await services.switches.look(of)) ?? 'spanning tree off';
  vscode.window.setStatusBarMessage(`KVM Lab: switch ${of.name}: ${words}`, shownMs);
}
