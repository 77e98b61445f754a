import type { EditedLab, LabEdit } from './lab-edit.ts';
import { newNameRefusal } from './new-name.ts';
import { renamedSentence } from '../expectations/sentence-names.ts';
import { aftersOf, commandsOf, endsOf, keysAt, membersOf, plugsOf, sentencesOf, stepsOf } from './references.ts';
import { textAt, wireSteps } from './references.ts';
import { rowVms } from './rows.ts';
import type { Lab } from '../model.ts';
import { isList, valueAt, type DataChange, type Plain, type PlainPath } from '../reading/plain-data.ts';

type Rename = Extract<LabEdit, { kind: 'rename' }>;

interface NewName {
  readonly from: string;
  readonly to: string;
}

/** Another name for a thing or a row of VMs, at all places that name it; or why it cannot have it, for people. */
export function renameChanges({ data, lab }: EditedLab, edit: Rename): readonly DataChange[] | string {
  const { thing, from, to } = edit;
  const members = thing === 'vm' ? memberNames(lab, edit) : [];
  const refusal = [edit, ...members].map(one => newNameRefusal(lab, thing, one.to, one.from)).find(isGiven);
  if (refusal !== undefined || from === to) return refusal ?? [];
  const key = { vm: 'vms', switch: 'switches', group: 'groups' }[thing];
  const own: DataChange = { kind: 'rename', path: [key, from], to };
  if (thing === 'group') return [own, ...renamedSentences(data, [edit])];
  const places =
    thing === 'vm'
      ? [...membersOf(data), ...aftersOf(data), ...stepsOf(data, 'pause'), ...commandsOf(data)]
      : [...plugsOf(data), ...endsOf(data), ...stepsOf(data, 'kill')];
  const names = members.length === 0 ? [edit] : [...members, { from: `${from}-*`, to: `${to}-*` }];
  const wires = thing === 'vm' ? nicWires(data, names) : renamedWires(lab, edit);
  return [
    own,
    ...wires.flatMap(one => renamedReferences(data, wireSteps(data), one)),
    ...renamedSentences(data, names),
    ...names.flatMap(one => [...renamedReferences(data, places, one), ...renamedPins(data, one)]),
  ];
}

const isGiven = (refusal: string | undefined): boolean => refusal !== undefined;

/** A sentence speaks of several things, so it is changed once for all names. */
function renamedSentences(data: Plain, names: readonly NewName[]): readonly DataChange[] {
  return sentencesOf(data).flatMap(path => {
    const text = textAt(data, path);
    const value = names.reduce((now, { from, to }) => renamedSentence(now, from, to), text);
    return value === text ? [] : [{ kind: 'set', path, value } as const];
  });
}

/** The wires of NICs (`web/1`) that scenarios name. */
function nicWires(data: Plain, vms: readonly NewName[]): readonly NewName[] {
  const named = new Set(wireSteps(data).map(path => textAt(data, path)));
  return [...named].flatMap(wire => {
    const vm = vms.find(({ from }) => wire.startsWith(`${from}/`));
    return vm ? [{ from: wire, to: `${vm.to}${wire.slice(vm.from.length)}` }] : [];
  });
}

/** Wires go by the names of the switches at their ends. */
function renamedWires({ wires }: Lab, { from, to }: NewName): readonly NewName[] {
  return wires.flatMap(({ name, ends: [first, second] }) => {
    const behind = second.outside ? '' : `-${second.switch}`;
    const rest = name.slice(first.switch.length + behind.length);
    const now = [first.switch === from ? to : first.switch, behind === `-${from}` ? `-${to}` : behind, rest].join('');
    return now === name ? [] : [{ from: name, to: now }];
  });
}

/** The VMs of a row are named after it. */
const memberNames = (lab: Lab, { from, to }: NewName): readonly NewName[] =>
  rowVms(lab, from).map(({ name }) => ({ from: name, to: `${to}${name.slice(from.length)}` }));

function renamedReferences(data: Plain, paths: readonly PlainPath[], { from, to }: NewName): readonly DataChange[] {
  return namesAt(data, paths, from).map(path => ({ kind: 'set', path, value: to }));
}

function renamedPins(data: Plain, { from, to }: NewName): readonly DataChange[] {
  return keysAt(data, ['picture', 'pins']).flatMap(key => {
    const [own, ...rest] = String(key).split('/');
    const path = ['picture', 'pins', key];
    return own === from ? [{ kind: 'rename', path, to: [to, ...rest].join('/') } as const] : [];
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
