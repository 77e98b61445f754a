import { isMap, isNode, isSeq } from 'yaml';
import type { EditedLab, LabThing } from './lab-edit.ts';
import { endsOf, keysAt, plugsOf, stepsOf, textAt, wireSteps } from './references.ts';
import { rowLosses } from './rows.ts';
import { pairOf } from './yaml-edit.ts';
import { isList, valueAt, type DataChange, type Plain, type PlainPath } from '../reading/plain-data.ts';

export const remove = (path: PlainPath): DataChange => ({ kind: 'remove', path });

export const nicPath = ({ vm, nic }: { readonly vm: string; readonly nic: number }): PlainPath => [
  'vms',
  vm,
  'nics',
  nic - 1,
];

/** Without these things, and without all that refers to them. */
export function removeChanges(edited: EditedLab, things: readonly LabThing[]): readonly DataChange[] {
  const { data } = edited;
  const named = (kind: LabThing['kind']): ReadonlySet<string> =>
    new Set(things.flatMap(thing => (thing.kind === kind && 'name' in thing ? [thing.name] : [])));
  const [vms, switches, groups] = [named('vm'), named('switch'), named('group')];
  const entries = vmEntries(edited, vms);
  const gone = new Set([...vms, ...entries.flatMap(({ kind, path }) => (kind === 'remove' ? [String(path[1])] : []))]);
  const nics = things.flatMap(thing => (thing.kind === 'nic' ? [nicPath(thing)] : []));
  const cut = plugsOf(data).filter(path => isNamed(valueAt(data, path), switches));
  const allNics = unique([...nics, ...cut.map(path => path.slice(0, -1))]);
  const wires = endsOf(data).filter(path =>
    keysAt(data, path).some(end => isNamed(valueAt(data, [...path, end]), switches)),
  );
  return [
    ...entries,
    ...[...switches].map(name => remove(['switches', name])),
    ...[...groups].map(name => remove(['groups', name])),
    // What is inside of something that goes, goes with it.
    ...allNics.filter(([section, vm]) => section !== 'vms' || !gone.has(String(vm))).map(remove),
    ...unique([...wires.map(path => path.slice(0, -1)), ...wirePaths(edited, named('wire'))]).map(remove),
    ...leaveGroups(data, new Set([...gone].flatMap(name => [name, `${name}-*`]))).filter(
      ({ path }) => !groups.has(String(path[1])),
    ),
    ...withoutSteps(edited, { vms, switches, wires: named('wire'), nics: allNics }),
    ...unpinned(data, name => vms.has(name) || switches.has(name.split('/')[0] ?? '')),
  ];
}

const isNamed = (value: Plain | undefined, names: ReadonlySet<string>): boolean =>
  typeof value === 'string' && names.has(value);

const unique = (paths: readonly PlainPath[]): readonly PlainPath[] => [
  ...new Map(paths.map(path => [JSON.stringify(path), path])).values(),
];

/** Wires have no names in the file: they are found by their places. */
export function wirePaths({ lab, document }: EditedLab, names: ReadonlySet<string>): readonly PlainPath[] {
  const wires = isMap(document.contents) ? pairOf(document.contents, 'wires')?.value : undefined;
  const starts = new Set(lab.wires.filter(({ name }) => names.has(name)).map(({ span }) => span.start));
  return (isSeq(wires) ? wires.items : []).flatMap((item, index) =>
    isNode(item) && starts.has(item.range?.[0] ?? -1) ? [['wires', index]] : [],
  );
}

interface Gone {
  readonly vms: ReadonlySet<string>;
  readonly switches: ReadonlySet<string>;
  readonly wires: ReadonlySet<string>;
  readonly nics: readonly PlainPath[];
}

/** The steps of scenarios that name what goes. */
function withoutSteps({ data, lab }: EditedLab, { vms, switches, wires, nics }: Gone): readonly DataChange[] {
  const cut = lab.wires.flatMap(({ name, ends }) => (ends.some(end => switches.has(end.switch)) ? [name] : []));
  const plugs = nics.map(([, vm, , index]) => `${String(vm)}/${Number(index) + 1}`);
  const lost = new Set([...wires, ...cut, ...plugs]);
  const isGone = (wire: string): boolean => lost.has(wire) || vms.has(wire.replace(/\/\d+$/, ''));
  const paths = [
    ...stepsOf(data, 'pause').filter(path => isNamed(valueAt(data, path), vms)),
    ...stepsOf(data, 'kill').filter(path => isNamed(valueAt(data, path), switches)),
    ...wireSteps(data).filter(path => isGone(textAt(data, path))),
  ];
  return unique(paths.map(path => path.slice(0, -1))).map(remove);
}

/** The entries of VMs; a row counts fewer, or goes. */
function vmEntries({ lab }: EditedLab, vms: ReadonlySet<string>): readonly DataChange[] {
  const inRows = new Set(lab.vms.flatMap(({ name, origin }) => (origin?.row ? [name] : [])));
  return [
    ...[...vms].filter(name => !inRows.has(name)).map(name => remove(['vms', name])),
    ...rowLosses(lab, vms).map(({ row, after }) =>
      after === 0 ? remove(['vms', row]) : ({ kind: 'set', path: ['vms', row, 'count'], value: after } as const),
    ),
  ];
}

/** Takes VMs out of all groups but one; a group that has no other members goes. */
export function leaveGroups(data: Plain, vms: ReadonlySet<string>, but?: string): readonly DataChange[] {
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

/** With the last pin goes the key that only holds pins. */
export function unpinned(data: Plain, isGone: (name: string) => boolean): readonly DataChange[] {
  const pins = keysAt(data, ['picture', 'pins']).map(String);
  const gone = pins.filter(isGone);
  if (gone.length === 0) return [];
  if (gone.length < pins.length) return gone.map(name => remove(['picture', 'pins', name]));
  return [remove(keysAt(data, ['picture']).length > 1 ? ['picture', 'pins'] : ['picture'])];
}
