import { isMap, isNode, isSeq } from 'yaml';
import { wireOfStep } from '../scenario.ts';
import type { EditedLab, LabThing } from './lab-edit.ts';
import { wordsOfSentence } from '../expectations/sentence-names.ts';
import {
  aftersOf,
  commandsOf,
  endsOf,
  keysAt,
  plugsOf,
  sentencesOf,
  stepsOf,
  textAt,
  wireSteps,
} from './references.ts';
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
    ...leaveGroups(data, withRowNames(gone)).filter(({ path }) => !groups.has(String(path[1]))),
    ...withoutAfter(data, gone),
    ...withoutSteps(edited, { vms, switches, wires: named('wire'), nics: allNics }),
    ...movedNicSteps(data, allNics),
    ...withoutChecks(data, withRowNames(new Set([...gone, ...switches, ...groups]))),
    ...unpinned(data, name => vms.has(name) || switches.has(name.split('/')[0] ?? '')),
  ];
}

/** Of a row also what stands for all of it. */
const withRowNames = (names: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...names].flatMap(name => [name, `${name}-*`]));

/** Nobody comes after what is gone. */
function withoutAfter(data: Plain, gone: ReadonlySet<string>): readonly DataChange[] {
  const names = withRowNames(gone);
  return aftersOf(data)
    .filter(([section, owner]) => section !== 'vms' || !gone.has(String(owner)))
    .flatMap(path => withoutNames(data, path, names, path));
}

/** The checks that speak of what goes. */
function withoutChecks(data: Plain, gone: ReadonlySet<string>): readonly DataChange[] {
  const isGone = (word: string): boolean => gone.has(word) || gone.has(word.replace(/\/\d+$/, ''));
  const paths = [
    ...sentencesOf(data).filter(path => wordsOfSentence(textAt(data, path)).some(isGone)),
    ...commandsOf(data).filter(path => isNamed(valueAt(data, path), gone)),
  ];
  return unique(paths.map(path => path.slice(0, 2))).map(remove);
}

/** Takes names out of a list, or out of a single text that stands for one; `emptied` goes when none would be left. */
function withoutNames(
  data: Plain,
  path: PlainPath,
  names: ReadonlySet<string>,
  emptied: PlainPath,
): readonly DataChange[] {
  const members = valueAt(data, path);
  const all = isList(members) ? members : [members ?? null];
  if (!all.some(member => isNamed(member, names))) return [];
  if (all.every(member => isNamed(member, names))) return [remove(emptied)];
  return all.flatMap((member, index) => (isNamed(member, names) ? [remove([...path, index])] : []));
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

/** A NIC behind one that goes gets a lower number, and steps of scenarios follow it. */
function movedNicSteps(data: Plain, nics: readonly PlainPath[]): readonly DataChange[] {
  return wireSteps(data).flatMap((path): readonly DataChange[] => {
    const { name, nic } = wireOfStep(textAt(data, path));
    const gone = nics.filter(([section, vm]) => section === 'vms' && vm === name).map(([, , , at]) => Number(at) + 1);
    const before = gone.filter(one => one < nic).length;
    return before === 0 || gone.includes(nic) ? [] : [{ kind: 'set', path, value: `${name}/${nic - before}` }];
  });
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
    return group === but ? [] : withoutNames(data, path, vms, ['groups', group]);
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
