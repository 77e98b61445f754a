import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { queryNics } from '../../qemu/live-nics.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { setCable, type VmLine } from '../../runtime/change/vm-nics.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { rowOf } from '../targets.ts';
import { runningVms } from '../machines/vm-action-commands.ts';

const shownMs = 6000;

interface Cable {
  readonly thing: ThingRef;
  readonly nic: number;
}

/** Pulls the cables of the NICs that were clicked or picked, or plugs them in again. */
export async function setCables(services: Services, isPulled: boolean, args: TargetArguments): Promise<void> {
  const clicked = cablesOf(args);
  const cables = clicked.length > 0 ? clicked : await pickCables(services, isPulled, args);
  const done: string[] = [];
  try {
    for (const { thing, nic } of cables) {
      await setCable(lineTo(services, thing), nic, isPulled);
      done.push(`NIC ${nic} of ${thing.name}`);
    }
  } finally {
    await services.machines.cables.look();
  }
  if (done.length === 0) return;
  const words = `${done.join(', ')}: cable ${isPulled ? 'pulled' : 'plugged in'}.`;
  services.log.info(words);
  vscode.window.setStatusBarMessage(`KVM Lab: ${words}`, shownMs);
}

const lineTo = ({ machines }: Services, thing: ThingRef): VmLine => ({
  name: thing.name,
  ask: query => machines.actions.ask(thing, query),
});

/** All selected NICs, if a NIC was clicked. */
function cablesOf(args: TargetArguments): readonly Cable[] {
  const [, selected] = args;
  const clicked = rowOf(args);
  const rows = (Array.isArray(selected) ? selected : []).flatMap(target => rowOf([target]) ?? []);
  const all = clicked && rows.some(row => row.id === clicked.id) ? rows : clicked ? [clicked] : [];
  return all.flatMap(({ thing, nic }) => (thing && nic !== undefined ? [{ thing, nic }] : []));
}

async function pickCables(services: Services, isPulled: boolean, args: TargetArguments): Promise<readonly Cable[]> {
  const title = isPulled ? 'Pull cables of which VM?' : 'Plug in cables of which VM?';
  const [thing] = await runningVms(services, title, args, false);
  if (!thing) return [];
  const nics = await lineTo(services, thing).ask(queryNics);
  const items = nics
    .filter(nic => nic.model !== undefined && nic.isPulled !== isPulled)
    .map(nic => ({ label: `NIC ${nic.number}`, description: nic.model ?? '', nic: nic.number }));
  if (items.length === 0)
    throw new UserError(`${thing.name} has no NIC whose cable is ${isPulled ? 'plugged in' : 'pulled'}.`);
  const placeHolder = 'Tick one or more';
  const options = { title: `${isPulled ? 'Pull' : 'Plug in'} which cables of ${thing.name}?`, placeHolder };
  const picked = await vscode.window.showQuickPick(items, { ...options, canPickMany: true });
  return (picked ?? []).map(({ nic }) => ({ thing, nic }));
}
