import { freeAddress, freeNetwork } from '../networks/free-address.ts';
import { withoutEmptiedKeys } from './emptied-keys.ts';
import { importChanges } from './import-vm.ts';
import { movedAddresses } from './moved-addresses.ts';
import { missingThing } from './lab-edit-things.ts';
import type { EditedLab, LabEdit, PinPlace } from './lab-edit.ts';
import type { Lab } from '../model.ts';
import { leaveGroups, nicPath, remove, removeChanges, unpinned } from './remove.ts';
import { renameChanges } from './rename.ts';
import { keysAt } from './references.ts';
import { faultChanges } from './set-faults.ts';
import { setKeyChanges } from './set-keys.ts';
import { newNameRefusal } from './new-name.ts';
import { isList, valueAt, type DataChange, type Plain, type PlainPath } from '../reading/plain-data.ts';

/** The changes, or why there are none, for people. */
type Plan = readonly DataChange[] | string;

/** What an edit changes in the content of the file. */
export function planEdit(edited: EditedLab, edit: LabEdit): Plan {
  const missing = missingThing(edited.lab, edit);
  if (missing !== undefined) return `The lab file has no ${missing} (any more), so nothing was written into it.`;
  const plan = changesOf(edited, edit);
  return typeof plan === 'string' ? plan : withoutEmptiedKeys(edited, plan);
}

function changesOf(edited: EditedLab, edit: LabEdit): Plan {
  switch (edit.kind) {
    case 'addVm':
    case 'addSwitch':
    case 'addNic':
    case 'addWire':
      return planAddition(edited, edit);
    case 'moveNic':
      return moveChanges(edited, edit);
    case 'setAddresses':
      return addressChanges(edited, edit);
    case 'importVm':
      return importChanges(edited.lab, edit);
    case 'setKeys':
      return setKeyChanges(edited.data, edit);
    case 'setFaults':
      return faultChanges(edited, edit);
    case 'rename':
      return renameChanges(edited, edit);
    case 'group':
      return groupChanges(edited, edit);
    case 'remove':
      return removeChanges(edited, edit.things);
    case 'pin':
      return pinChanges(edited.data, edit.pins);
  }
}

type Addition = Extract<LabEdit, { kind: 'addVm' | 'addSwitch' | 'addNic' | 'addWire' }>;

function planAddition(edited: EditedLab, edit: Addition): Plan {
  switch (edit.kind) {
    case 'addVm':
      return newNameRefusal(edited.lab, 'vm', edit.name) ?? [set(['vms', edit.name], newVm(edited.lab, edit))];
    case 'addSwitch':
      return newNameRefusal(edited.lab, 'switch', edit.name) ?? [set(['switches', edit.name], newSwitch(edited.lab))];
    case 'addNic':
      return [{ kind: 'append', path: ['vms', edit.vm, 'nics'], value: newNic(edited.lab, edit) }];
    case 'addWire':
      return wireChanges(edit.between);
  }
}

const set = (path: PlainPath, value: Plain): DataChange => ({ kind: 'set', path, value });

function newSwitch(lab: Lab): Plain {
  const network = freeNetwork(lab);
  return network === undefined ? {} : { network };
}

/** A tiny guest: it starts without an image, and configures itself. */
function newVm(lab: Lab, { id, switches }: Extract<LabEdit, { kind: 'addVm' }>): Plain {
  const nics = switches.map(name => nicOn(name, freeAddress(lab, name)));
  return { id, guest: 'tiny', ...(nics.length === 0 ? {} : { nics }) };
}

/** A guest that does not configure itself has its address from elsewhere. */
function newNic(lab: Lab, edit: Extract<LabEdit, { kind: 'addNic' }>): Plain {
  const isTiny = lab.vms.find(({ name }) => name === edit.vm)?.isTinyGuest === true;
  return nicOn(edit.switch, isTiny ? freeAddress(lab, edit.switch) : undefined);
}

const nicOn = (name: string, address: string | undefined): Plain => ({
  switch: name,
  ...(address === undefined ? {} : { address }),
});

/** An address that is wrong on the new switch would only be an error until somebody changes it. */
function moveChanges(edited: EditedLab, edit: Extract<LabEdit, { kind: 'moveNic' }>): Plan {
  const path = [...nicPath(edit), 'address'];
  const before = valueAt(edited.data, path);
  const after = movedAddresses(edited.lab, edit) ?? [];
  const [only] = after;
  const moved = set([...nicPath(edit), 'switch'], edit.switch);
  if (only === undefined) return [moved];
  // In a list those that fit stay as they are written.
  if (isList(before) && before.length === after.length)
    return [moved, ...after.flatMap((one, index) => (one === before[index] ? [] : [set([...path, index], one)]))];
  return [moved, set(path, after.length === 1 ? only : after)];
}

function addressChanges({ data }: EditedLab, edit: Extract<LabEdit, { kind: 'setAddresses' }>): Plan {
  const path = [...nicPath(edit), 'address'];
  const [first, ...others] = edit.addresses;
  if (first !== undefined) return [set(path, others.length === 0 ? first : edit.addresses)];
  return valueAt(data, path) === undefined ? [] : [remove(path)];
}

function wireChanges(between: readonly [string, string]): Plan {
  if (between[0] === between[1]) return 'A wire joins two switches. Choose another one for its end.';
  return [{ kind: 'append', path: ['wires'], value: { between } }];
}

function groupChanges({ data, lab }: EditedLab, { vms, group }: Extract<LabEdit, { kind: 'group' }>): Plan {
  const left = leaveGroups(data, new Set(vms), group);
  if (group === undefined) return left;
  const path = ['groups', group, 'vms'];
  const known = lab.groups.find(({ name }) => name === group);
  if (!known) return newNameRefusal(lab, 'group', group) ?? [...left, set(['groups', group], { vms })];
  const added = vms.filter(vm => !known.vms.includes(vm));
  const members = valueAt(data, path);
  // One VM may stand there without brackets.
  if (typeof members === 'string') return [...left, ...(added.length === 0 ? [] : [set(path, [members, ...added])])];
  return [...left, ...added.map((value): DataChange => ({ kind: 'append', path, value }))];
}

function pinChanges(data: Plain, pins: ReadonlyMap<string, PinPlace | undefined>): Plan {
  const path = ['picture', 'pins'];
  const known = keysAt(data, path);
  const placed = [...pins].flatMap(([name, place]) =>
    place ? [[name, { column: place.column, row: place.row }] as const] : [],
  );
  if (known.length === 0 && placed.length > 0) return [set(path, Object.fromEntries(placed))];
  const gone = placed.length > 0 ? known.filter(isGone).map(name => remove([...path, name])) : unpinned(data, isGone);
  return [...gone, ...placed.map(([name, place]) => set([...path, name], place))];

  function isGone(name: string | number): boolean {
    return pins.has(String(name)) && pins.get(String(name)) === undefined;
  }
}
