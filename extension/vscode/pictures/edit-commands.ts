import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { nextIdOf } from '../../lab/free-id.ts';
import type { LabThing, PinPlace } from '../../lab/edits/lab-edit.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import type { TargetArguments } from '../commands.ts';
import { editLabFile, loadEditRoom } from '../lab-files/edit-lab-file.ts';
import { refusalError } from '../lab-files/refusal-error.ts';
import { askName, labToEdit, pickSwitch, refuseElsewhere, thingsToEdit, type OpenLab } from './edit-questions.ts';
import type { Services } from '../services.ts';

/** Adds a tiny guest with the lab's next ID, on the switches that were clicked or picked. */
export async function addVm(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const name = open && (await askName(open, { title: 'Name of the new VM', kind: 'vm' }));
  if (!open || name === undefined) return;
  const clicked = open.things.flatMap(thing => (thing.kind === 'switch' ? [thing.name] : []));
  const switches = clicked.length > 0 ? clicked : await pickSwitches(open.lab.switches);
  if (!switches) return;
  const id = nextIdOf(open.lab, usedIds(services.store));
  if (id === undefined)
    throw new UserError('No ID is free: the labs of this workspace and what runs have all of them.');
  await editLabFile(open, { kind: 'addVm', name, id, switches });
}

async function pickSwitches(all: readonly { readonly name: string; readonly network: string | undefined }[]) {
  if (all.length === 0) return [];
  const items = all.map(({ name, network }) => ({ label: name, description: network ?? '', picked: all.length === 1 }));
  const options = { title: 'A NIC on which switches?', placeHolder: 'Tick some or none', canPickMany: true } as const;
  return (await vscode.window.showQuickPick(items, options))?.map(({ label }) => label);
}

export async function addSwitch(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const name = open && (await askName(open, { title: 'Name of the new switch', kind: 'switch' }));
  if (open && name !== undefined) await editLabFile(open, { kind: 'addSwitch', name });
}

/** Gives a VM one more NIC. */
export async function connectNic(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const [vm] = open ? await thingsToEdit(open, ['vm'], 'Connect which VM?') : [];
  if (!open || !vm) return;
  // A further NIC would stand beside the first.
  await refuseElsewhere(open, { kind: 'nic', vm: vm.name, nic: 1 });
  const name = await pickSwitch(open, `Connect ${vm.name} to which switch?`);
  if (name !== undefined) await editLabFile(open, { kind: 'addNic', vm: vm.name, switch: name });
}

export async function moveNic(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const [plug] = open ? await thingsToEdit(open, ['nic'], 'Move which NIC?') : [];
  if (!open || !plug) return;
  await refuseElsewhere(open, plug);
  const { vm, nic } = plug;
  const now = open.lab.vms.find(one => one.name === vm)?.nics[nic - 1]?.switch;
  const name = await pickSwitch(open, `Move NIC ${nic} of ${vm} to which switch?`, now);
  if (name !== undefined) await editLabFile(open, { kind: 'moveNic', vm, nic, switch: name });
}

export async function addWire(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const [from, second] = open ? await thingsToEdit(open, ['switch'], 'A wire from which switch?') : [];
  if (!open || !from) return;
  const to = second?.name ?? (await pickSwitch(open, `A wire from ${from.name} to which switch?`, from.name));
  if (to !== undefined) await editLabFile(open, { kind: 'addWire', between: [from.name, to] });
}

export async function renameThing(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const [picked] = open ? await thingsToEdit(open, ['vm', 'switch', 'group'], 'Rename what?') : [];
  if (!open || !picked) return;
  const { thing, words, things } = await renamed(open, picked);
  await refuseElsewhere(open, thing);
  const { kind, name: from } = thing;
  const to = await askName(open, { title: `New name of ${words}`, kind, own: from });
  if (to === undefined || to === from) return;
  const { runningWords } = await loadEditRoom();
  const running = runningWords(things, services.store.lab(open.file));
  if (running !== '' && !(await agreed(`Rename ${running}, which runs?`, goesOn, 'Rename'))) return;
  const edit = { kind: 'rename', thing: kind, from, to } as const;
  if (running !== '') {
    await editLabFile(open, edit);
    return;
  }
  const { renameWithFiles } = await import('../lab-files/names-room.ts');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(open.file));
  if (!(await vscode.workspace.applyEdit(await renameWithFiles(services, document, edit))))
    throw new UserError(`${open.file} was changed meanwhile, so nothing was renamed. Try again.`);
}

type Renameable = Extract<LabThing, { readonly kind: 'vm' | 'switch' | 'group' }>;

/** A VM of a row has the row's name, so that is what gets another one. `things`: all that have another name then. */
async function renamed({ lab }: OpenLab, thing: Renameable) {
  const { wordsOf } = await loadEditRoom();
  const row = thing.kind === 'vm' ? lab.vms.find(({ name }) => name === thing.name)?.origin?.row : undefined;
  if (!row) return { thing, words: wordsOf(thing), things: [thing] };
  const members = lab.vms.filter(({ origin }) => origin?.row?.name === row.name);
  return {
    thing: { kind: 'vm', name: row.name } as const,
    words: `row ${row.name}, after which its ${row.count} VMs are named`,
    things: members.map(({ name }) => ({ kind: 'vm', name }) as const),
  };
}

/** Takes things out of the lab file, with all that refers to them. */
export async function deleteFromLab(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const kinds = ['vm', 'switch', 'wire', 'group', 'nic'] as const;
  const things: readonly LabThing[] = open ? await thingsToEdit(open, kinds, 'Delete what?') : [];
  if (!open || things.length === 0) return;
  const { removalRefusal, rowLossWords, wordsOf, runningWords } = await loadEditRoom();
  const refusal = removalRefusal(open.lab, things);
  if (refusal) throw refusalError(open, refusal);
  const running = runningWords(things, services.store.lab(open.file));
  const losses = rowLossWords(open.lab, new Set(things.flatMap(thing => (thing.kind === 'vm' ? [thing.name] : []))));
  const facts = [losses, running === '' ? '' : `${running} runs.`].filter(words => words !== '').join(' ');
  const question = `Delete ${things.map(wordsOf).join(', ')} from the lab file? ${facts}`;
  const isAgreed = facts === '' || (await agreed(question, running === '' ? undefined : goesOn, 'Delete'));
  if (isAgreed) await editLabFile(open, { kind: 'remove', things });
}

const goesOn =
  'What runs goes on under its old name until it is stopped. Saving the file offers to make what runs as the file says.';

async function agreed(question: string, detail: string | undefined, button: string): Promise<boolean> {
  const options = { modal: true, ...(detail === undefined ? {} : { detail }) };
  return (await vscode.window.showWarningMessage(question, options, button)) === button;
}

/** Puts VMs into a group, new or not. */
export async function groupVms(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const vms = open ? await thingsToEdit(open, ['vm'], 'Group which VM?') : [];
  if (!open || vms.length === 0) return;
  const names = vms.map(({ name }) => name);
  const allowed = open.lab.groups.map(({ name }) => name);
  const title = `Group of ${names.join(', ')}${allowed.length === 0 ? '' : ` (there are ${allowed.join(', ')})`}`;
  const group = await askName(open, { title, kind: 'group', allowed });
  if (group !== undefined) await editLabFile(open, { kind: 'group', vms: names, group });
}

/** Takes VMs out of their groups, or a group away from its VMs. */
export async function ungroup(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const things = open ? await thingsToEdit(open, ['group', 'vm'], 'Ungroup what?') : [];
  if (!open || things.length === 0) return;
  const groups = things.filter(({ kind }) => kind === 'group');
  const vms = things.flatMap(thing => (thing.kind === 'vm' ? [thing.name] : []));
  await editLabFile(
    open,
    groups.length > 0 ? { kind: 'remove', things: groups } : { kind: 'group', vms, group: undefined },
  );
}

/** Has VMs stay in the picture where they are, or lets them go again. */
export async function setPinned(services: Services, isPinned: boolean, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const vms = open ? await thingsToEdit(open, ['vm'], isPinned ? 'Pin which VM?' : 'Unpin which VM?') : [];
  if (!open || vms.length === 0) return;
  const picture = services.pictures.all.find(({ file }) => file === open.file);
  const pins = new Map<string, PinPlace | undefined>();
  for (const { name } of vms) {
    const place = isPinned ? picture?.cellOf(name) : undefined;
    if (isPinned && !place)
      throw new UserError(`${name} has no place yet. Open the picture in its clear layout, and pin it there.`, [
        { title: 'Open Picture', command: 'kvmlab.openPicture', args: [{ lab: open.file, kind: 'vm', name }] },
      ]);
    pins.set(name, place);
  }
  await editLabFile(open, { kind: 'pin', pins });
}
