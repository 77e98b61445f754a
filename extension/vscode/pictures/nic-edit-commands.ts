import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { parseCidr } from '../../lab/networks/cidr.ts';
import type { LabThing } from '../../lab/edits/lab-edit.ts';
import type { Lab } from '../../lab/model.ts';
import type { Plugged } from '../../lab/plugs.ts';
import { editVlans } from '../../lab/edits/vlan-edit.ts';
import { readTagged, readUntagged } from '../../runtime/switches/vlan-words.ts';
import type { TargetArguments } from '../commands.ts';
import { editLabFile } from '../lab-files/edit-lab-file.ts';
import { labToEdit, refuseElsewhere, thingsToEdit } from './edit-questions.ts';
import { labFileEditor } from '../lab-files/lab-file-editor.ts';
import type { Services } from '../services.ts';

/** Asks for the VLANs of a NIC or a wire and writes them into the lab file. */
export async function setFileVlans(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const [thing] = open ? await thingsToEdit(open, ['nic', 'wire'], 'VLANs of what?') : [];
  if (!open || !thing) return;
  await refuseElsewhere(open, thing);
  const { who, words, now } = plugOf(open.lab, thing);
  const untagged = await ask(`Untagged VLAN of ${words} (1 of 2)`, String(now.vlan ?? 'none'), readUntagged);
  if (untagged === undefined) return;
  const tagged = await ask(`Tagged VLANs of ${words} (2 of 2)`, now.tagged.join(', ') || 'none', readTags);
  if (tagged === undefined) return;
  await labFileEditor.edit(open.file, text => editVlans(text, [{ who, untagged, tagged }], undefined, open.included));
}

interface Plug {
  readonly who: Plugged;
  readonly words: string;
  readonly now: { readonly vlan: number | undefined; readonly tagged: readonly number[] };
}

function plugOf({ vms, wires }: Lab, thing: Extract<LabThing, { readonly kind: 'nic' | 'wire' }>): Plug {
  if (thing.kind === 'nic') {
    const nic = vms.find(({ name }) => name === thing.vm)?.nics[thing.nic - 1];
    const now = { vlan: nic?.vlan, tagged: nic?.tagged.map(({ vlan }) => vlan) ?? [] };
    return { who: thing, words: `NIC ${thing.nic} of ${thing.vm}`, now };
  }
  const wire = wires.find(({ name }) => name === thing.name);
  const now = { vlan: wire?.vlan, tagged: wire?.tagged ?? [] };
  return { who: { kind: 'wire', wire: thing.name }, words: `wire ${thing.name}`, now };
}

function readTags(text: string): readonly number[] {
  const change = readTagged(text.trim() === '' ? 'none' : text);
  if ('only' in change) return change.only;
  throw new UserError('Say all tagged VLANs: 10, 20, or none.');
}

/** Asks for the addresses of a NIC and writes them into the lab file. */
export async function setAddresses(services: Services, args: TargetArguments): Promise<void> {
  const open = await labToEdit(services, args);
  const [thing] = open ? await thingsToEdit(open, ['nic'], 'Address of which NIC?') : [];
  if (!open || !thing) return;
  await refuseElsewhere(open, thing);
  const { vm, nic } = thing;
  const now = open.lab.vms.find(({ name }) => name === vm)?.nics[nic - 1]?.addresses ?? [];
  const addresses = await ask(`Addresses of NIC ${nic} of ${vm}`, now.join(', '), readAddresses);
  if (addresses) await editLabFile(open, { kind: 'setAddresses', vm, nic, addresses });
}

function readAddresses(text: string): readonly string[] {
  const words = text.split(/[\s,]+/).filter(word => word !== '');
  const wrong = words.find(word => word !== 'dhcp' && parseCidr(word) === undefined);
  if (wrong === undefined) return words;
  throw new UserError(`"${wrong}" is no address. Write dhcp, 192.168.10.1/24 or fd00::1/64; nothing for none.`);
}

/** Undefined: the user thought better of it. */
async function ask<T>(title: string, value: string, read: (text: string) => T): Promise<T | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    value,
    // A picture that gets the focus back when its menu closes would close the question.
    ignoreFocusOut: true,
    validateInput: typed => {
      try {
        read(typed);
        return undefined;
      } catch (error) {
        if (error instanceof UserError) return error.message;
        throw error;
      }
    },
  });
  return text === undefined ? undefined : read(text);
}
