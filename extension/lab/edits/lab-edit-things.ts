import type { LabEdit, LabThing } from './lab-edit.ts';
import { withoutJoins } from '../hosts/lab-part.ts';
import type { Lab } from '../model.ts';
import { rowVms } from './rows.ts';

/** The first thing of an edit that the lab does not have, in words; undefined: it has all of them. */
export function missingThing(lab: Lab, edit: LabEdit): string | undefined {
  return thingsOf(edit).flatMap(thing => (hasThing(lab, thing) ? [] : [wordsOf(thing)]))[0];
}

/** What has to be there for an edit. */
function thingsOf(edit: LabEdit): readonly LabThing[] {
  switch (edit.kind) {
    case 'addVm':
      return edit.switches.map(named('switch'));
    case 'addNic':
      return [named('vm')(edit.vm), named('switch')(edit.switch)];
    case 'moveNic':
      return [nicOf(edit), named('switch')(edit.switch)];
    case 'setAddresses':
      return [nicOf(edit)];
    case 'setFaults':
      return [edit.thing];
    case 'setKeys':
      return edit.keys.map(({ thing }) => thing);
    case 'addWire':
      return edit.between.map(named('switch'));
    case 'rename':
      return [named(edit.thing)(edit.from)];
    case 'group':
      return edit.vms.map(named('vm'));
    case 'remove':
      return edit.things;
    case 'addSwitch':
    case 'importVm':
    case 'pin':
      return [];
  }
}

type NamedKind = Exclude<LabThing['kind'], 'nic'>;

const named =
  (kind: NamedKind) =>
  (name: string): LabThing => ({ kind, name });

const nicOf = ({ vm, nic }: { readonly vm: string; readonly nic: number }): LabThing => ({ kind: 'nic', vm, nic });

function hasThing(lab: Lab, thing: LabThing): boolean {
  const { vms, switches, groups } = lab;
  if (thing.kind === 'nic')
    return vms.some(({ name, nics }) => name === thing.vm && nics.some(({ number }) => number === thing.nic));
  const list = { vm: vms, switch: switches, wire: withoutJoins(lab), group: groups }[thing.kind];
  return list.some(({ name }) => name === thing.name) || (thing.kind === 'vm' && rowVms(lab, thing.name).length > 0);
}

/** `VM fw`, `NIC 2 of VM fw`. */
export function wordsOf(thing: LabThing): string {
  if (thing.kind === 'nic') return `NIC ${thing.nic} of VM ${thing.vm}`;
  return `${{ vm: 'VM', switch: 'switch', wire: 'wire', group: 'group' }[thing.kind]} ${thing.name}`;
}
