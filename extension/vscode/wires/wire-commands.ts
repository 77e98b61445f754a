import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import { listWires } from '../../runtime/wires/wire-list.ts';
import type { WireTarget } from '../../runtime/wires/wire-picture.ts';
import type { TargetArguments } from '../commands.ts';
import { loadEditRoom } from '../lab-files/edit-lab-file.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';

/** Opens the panels of the wires and NICs that were clicked; else of one that is picked. */
export async function openWires(services: Services, args: TargetArguments): Promise<void> {
  await services.whenRead();
  const { editTarget } = await loadEditRoom();
  const [clicked, selected] = args;
  const target = editTarget(clicked, Array.isArray(selected) ? selected : []);
  const own = (target?.things ?? []).flatMap((thing): WireTarget[] => {
    if (!target) return [];
    if (thing.kind === 'nic') return [{ lab: target.lab, name: thing.vm, nic: thing.nic }];
    return thing.kind === 'wire' ? [{ lab: target.lab, name: thing.name, nic: 0 }] : [];
  });
  const vm = target?.things.find(thing => thing.kind === 'vm');
  const chosen = own.length > 0 ? own : await pickWire(services, target?.lab, vm?.name);
  for (const one of chosen) await services.wires.open(one);
}

async function pickWire(
  services: Services,
  lab: string | undefined,
  vm: string | undefined,
): Promise<readonly WireTarget[]> {
  const title = 'Faults of which wire?';
  const path = lab ?? (await pickLab(services, title));
  if (path === undefined) return [];
  const items = listWires(services.store.lab(path)?.lab, path, vm);
  if (items.length === 0) throw new UserError(`${title} The lab has neither wires nor NICs.`);
  const placeHolder = 'Choose a wire or the NIC at its end';
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  return picked ? [picked.target] : [];
}

async function pickLab(services: Services, title: string): Promise<string | undefined> {
  const { labs } = services.store;
  if (labs.length === 1) return labs[0]?.path;
  const [thing] = await thingsOrPick(services, [], { title, list: () => labsOf(labs), canPickMany: false });
  return thing?.lab;
}
