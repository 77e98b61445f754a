import { isMap, isNode, isSeq } from 'yaml';
import { freeAddress, freeNetwork } from '../networks/free-address.ts';
import { elsewhereRefusal } from './elsewhere.ts';
import { withoutEmptiedKeys } from './emptied-keys.ts';
import { importChanges } from './import-vm.ts';
import { movedAddresses } from './moved-addresses.ts';
import { missingThing } from './lab-edit-things.ts';
import type { EditedLab, LabEdit, LabThing, PinPlace } from './lab-edit.ts';
import type { Lab } from '../model.ts';
import { setKeyChanges } from './set-keys.ts';
import { newNameRefusal } from './new-name.ts';
import { isList, isRecord, valueAt, type DataChange, type Plain, type PlainPath } from '../reading/plain-data.ts';
import { pairOf } from './yaml-edit.ts';

/** The changes, or why there are none, for people. */
type Plan = readonly DataChange[] | string;

/** What an edit changes in the content of the file. */
export function planEdit(edited: EditedLab, edit: LabEdit): Plan {
  const plan = refusalOf(edited, edit) ?? changesOf(edited, edit);
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
    case 'rename':
      return newNameRefusal(edited.lab, edit.thing, edit.to, edit.from) ?? renameChanges(edited, edit);
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

/** Why an edit cannot be planned at all: something of it is not there, or stands elsewhere. */
function refusalOf(edited: EditedLab, edit: LabEdit): string | undefined {
  const missing = missingThing(edited.lab, edit);
  if (missing === undefined) return elsewhereRefusal(edited, edit);
  return `The lab file has no ${missing} (any more), so nothing was written into it.`;
}

const set = (path: PlainPath, value: Plain): DataChange => ({ kind: 'set', path, value });
const remove = (path: PlainPath): DataChange => ({ kind: 'remove', path });
const nicPath = ({ vm, nic }: { readonly vm: string; readonly nic: number }): PlainPath => ['vms', vm, 'nics', nic - 1];

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

function renameChanges({ data }: EditedLab, { thing, from, to }: Extract<LabEdit, { kind: 'rename' }>): Plan {
  if (from === to) return [];
  const key = { vm: 'vms', switch: 'switches', group: 'groups' }[thing];
  const own: DataChange = { kind: 'rename', path: [key, from], to };
  if (thing === 'group') return [own];
  const references = thing === 'vm' ? membersOf(data) : [...plugsOf(data), ...endsOf(data)];
  return [own, ...namesAt(data, references, from).map(path => set(path, to)), ...renamedPins(data, from, to)];
}

function renamedPins(data: Plain, from: string, to: string): readonly DataChange[] {
  const pins = valueAt(data, ['picture', 'pins']);
  return Object.keys(isRecord(pins) ? pins : {}).flatMap(name => {
    const [own, ...rest] = name.split('/');
    const isIt = own === from;
    return isIt ? [{ kind: 'rename', path: ['picture', 'pins', name], to: [to, ...rest].join('/') } as const] : [];
  });
}

/** Those of the paths where this name stands; a list is looked into. */
function namesAt(data: Plain, paths: readonly PlainPath[], name: string): readonly PlainPath[] {
  return paths.flatMap(path => {
    const value = valueAt(data, path);
    if (isList(value)) return value.flatMap((item, index) => (item === name ? [[...path, index]] : []));
    return value === name ? [path] : [];
  });
}

const keysAt = (data: Plain, path: PlainPath): readonly (string | number)[] => {
  const value = valueAt(data, path);
  return isList(value) ? [...value.keys()] : isRecord(value) ? Object.keys(value) : [];
};

const membersOf = (data: Plain): readonly PlainPath[] =>
  keysAt(data, ['groups']).map(group => ['groups', group, 'vms']);

/** Of VMs and of templates. */
const plugsOf = (data: Plain): readonly PlainPath[] =>
  ['vms', 'templates'].flatMap(section =>
    keysAt(data, [section]).flatMap(owner =>
      keysAt(data, [section, owner, 'nics']).map((nic): PlainPath => [section, owner, 'nics', nic, 'switch']),
    ),
  );

const endsOf = (data: Plain): readonly PlainPath[] =>
  keysAt(data, ['wires']).map((wire): PlainPath => ['wires', wire, 'between']);

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

/** Takes VMs out of all groups but one; a group that has no other members goes. */
function leaveGroups(data: Plain, vms: ReadonlySet<string>, but?: string): readonly DataChange[] {
  return keysAt(data, ['groups']).flatMap(group => {
    const path = ['groups', group, 'vms'];
    const members = valueAt(data, path);
    const all = isList(members) ? members : [members ?? null];
    const isLeaving = (member: Plain): boolean => typeof member === 'string' && vms.has(member);
    if (group === but || !all.some(isLeaving)) return [];
    if (all.every(isLeaving)) return [remove(['groups', group])];
    return all.flatMap((member, index) => (isLeaving(member) ? [remove([...path, index])] : []));
  });
}

function removeChanges(edited: EditedLab, things: readonly LabThing[]): Plan {
  const { data } = edited;
  const named = (kind: LabThing['kind']): ReadonlySet<string> =>
    new Set(things.flatMap(thing => (thing.kind === kind && 'name' in thing ? [thing.name] : [])));
  const [vms, switches, groups] = [named('vm'), named('switch'), named('group')];
  const nics = things.flatMap(thing => (thing.kind === 'nic' ? [nicPath(thing)] : []));
  const cut = plugsOf(data).filter(path => isNamed(valueAt(data, path), switches));
  const allNics = unique([...nics, ...cut.map(path => path.slice(0, -1))]);
  const wires = endsOf(data).filter(path =>
    keysAt(data, path).some(end => isNamed(valueAt(data, [...path, end]), switches)),
  );
  return [
    ...[...vms].map(name => remove(['vms', name])),
    ...[...switches].map(name => remove(['switches', name])),
    ...[...groups].map(name => remove(['groups', name])),
    // What is inside of something that goes, goes with it.
    ...allNics.filter(([section, vm]) => section !== 'vms' || !vms.has(String(vm))).map(remove),
    ...unique([...wires.map(path => path.slice(0, -1)), ...wirePaths(edited, named('wire'))]).map(remove),
    ...leaveGroups(data, vms).filter(({ path }) => !groups.has(String(path[1]))),
    ...unpinned(data, name => vms.has(name) || switches.has(name.split('/')[0] ?? '')),
  ];
}

const isNamed = (value: Plain | undefined, names: ReadonlySet<string>): boolean =>
  typeof value === 'string' && names.has(value);

const unique = (paths: readonly PlainPath[]): readonly PlainPath[] => [
  ...new Map(paths.map(path => [JSON.stringify(path), path])).values(),
];

/** Wires have no names in the file: they are found by their places. */
function wirePaths({ lab, document }: EditedLab, names: ReadonlySet<string>): readonly PlainPath[] {
  const wires = isMap(document.contents) ? pairOf(document.contents, 'wires')?.value : undefined;
  const starts = new Set(lab.wires.filter(({ name }) => names.has(name)).map(({ span }) => span.start));
  return (isSeq(wires) ? wires.items : []).flatMap((item, index) =>
    isNode(item) && starts.has(item.range?.[0] ?? -1) ? [['wires', index]] : [],
  );
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

/** With the last pin goes the key that only holds pins. */
function unpinned(data: Plain, isGone: (name: string) => boolean): readonly DataChange[] {
  const pins = keysAt(data, ['picture', 'pins']).map(String);
  const gone = pins.filter(isGone);
  if (gone.length === 0) return [];
  if (gone.length < pins.length) return gone.map(name => remove(['picture', 'pins', name]));
  return [remove(keysAt(data, ['picture']).length > 1 ? ['picture', 'pins'] : ['picture'])];
}
