import type { Verb } from '../lab-control.ts';
import { folderOf } from '../paths.ts';
import type { LabSnapshot, RunState, ThingRef } from '../state.ts';
import { stateWords } from './tree-node.ts';

/** One line of a pick list. */
export interface ListedThing {
  readonly thing: ThingRef;
  readonly label: string;
  readonly description: string;
}

/** Everything to which the verb makes sense now: what does not run can be started, what runs can be stopped. */
export function thingsToRun(verb: Verb, labs: readonly LabSnapshot[]): readonly ListedThing[] {
  const wantsActive = verb !== 'start';
  const fits = (state: RunState): boolean => isActive(state) === wantsActive;
  return labs.flatMap(snapshot => {
    const single = singleThings(snapshot).filter(one => fits(one.state));
    const fitting = new Set(single.filter(one => one.thing.kind === 'vm').map(one => one.thing.name));
    const groups = snapshot.lab?.groups.filter(group => group.vms.some(vm => fitting.has(vm))) ?? [];
    return [
      ...(single.length > 0 ? [listed(snapshot, 'lab', snapshot.lab?.name ?? '', 'whole lab')] : []),
      ...groups.map(group => listed(snapshot, 'group', group.name, `group: ${group.vms.join(', ')}`)),
      ...single.map(({ thing, state }) =>
        listed(snapshot, thing.kind, thing.name, `${kindWord[thing.kind]} · ${stateWords(state, thing.name)}`),
      ),
    ];
  });
}

/** The VMs that fit a question such as "whose console?", running ones first. */
export function vmsOf(labs: readonly LabSnapshot[]): readonly ListedThing[] {
  const vms = labs.flatMap(snapshot =>
    singleThings(snapshot)
      .filter(one => one.thing.kind === 'vm')
      .map(one => ({
        ...listed(snapshot, 'vm', one.thing.name, stateWords(one.state, one.thing.name)),
        isActive: isActive(one.state),
      })),
  );
  return vms.sort((a, b) => Number(b.isActive) - Number(a.isActive));
}

/** The switches, running ones first. */
export function switchesOf(labs: readonly LabSnapshot[]): readonly ListedThing[] {
  const switches = labs.flatMap(snapshot => singleThings(snapshot).filter(one => one.thing.kind === 'switch'));
  const [running, others] = [switches.filter(one => isActive(one.state)), switches.filter(one => !isActive(one.state))];
  const snapshotOf = (path: string): LabSnapshot | undefined => labs.find(one => one.path === path);
  return [...running, ...others].flatMap(({ thing, state }) => {
    const snapshot = snapshotOf(thing.lab);
    return snapshot ? [listed(snapshot, 'switch', thing.name, stateWords(state, thing.name))] : [];
  });
}

/** Labs and their groups: what has several VMs. */
export const consoleLabs = (labs: readonly LabSnapshot[]): readonly ListedThing[] =>
  labs.flatMap(snapshot => [
    ...labsOf([snapshot]),
    ...(snapshot.lab?.groups ?? []).map(one => listed(snapshot, 'group', one.name, `group: ${one.vms.join(', ')}`)),
  ]);

/** The VMs of labs and groups: those that run, or all where none does. */
export function vmsIn(things: readonly ThingRef[], labs: readonly LabSnapshot[]): readonly ThingRef[] {
  return things.flatMap(thing => {
    const snapshot = labs.find(one => one.path === thing.lab);
    const group = snapshot?.lab?.groups.find(one => one.name === thing.name);
    const isMeant = (vm: string): boolean =>
      thing.kind === 'lab' || (thing.kind === 'group' ? group?.vms.includes(vm) === true : thing.name === vm);
    const all = [...(snapshot?.vms ?? [])].filter(([vm]) => isMeant(vm));
    const running = all.filter(([, state]) => isActive(state));
    return (running.length > 0 ? running : all).map(([name]) => ({ lab: thing.lab, kind: 'vm' as const, name }));
  });
}

/** Everything that has a script of its own. */
export const thingsWithScript = (labs: readonly LabSnapshot[]): readonly ListedThing[] => [
  ...labsOf(labs),
  ...labs.flatMap(snapshot =>
    singleThings(snapshot).map(({ thing }) => listed(snapshot, thing.kind, thing.name, kindWord[thing.kind])),
  ),
];

export const labsOf = (labs: readonly LabSnapshot[]): readonly ListedThing[] =>
  labs.flatMap(snapshot => (snapshot.lab ? [listed(snapshot, 'lab', snapshot.lab.name, snapshot.path)] : []));

/** Where two labs have one name, their things say in which folder they are. */
export function withFolders(items: readonly ListedThing[], labs: readonly LabSnapshot[]): readonly ListedThing[] {
  const counts = new Map<string, number>();
  for (const { lab } of labs) if (lab) counts.set(lab.name, (counts.get(lab.name) ?? 0) + 1);
  const ambiguous = new Set(labs.flatMap(({ path, lab }) => (lab && (counts.get(lab.name) ?? 0) > 1 ? [path] : [])));
  return items.map(item => {
    const { lab } = item.thing;
    if (!ambiguous.has(lab) || item.description.includes(lab)) return item;
    return { ...item, description: `${item.description} in ${folderOf(lab)}` };
  });
}

export const kindWord: Readonly<Record<ThingRef['kind'], string>> = {
  lab: 'lab',
  group: 'group',
  vm: 'VM',
  switch: 'switch',
  wire: 'wire',
};

export const isActive = ({ kind }: RunState): boolean => kind !== 'stopped' && kind !== 'failed' && kind !== 'unknown';

function listed(snapshot: LabSnapshot, kind: ThingRef['kind'], name: string, description: string): ListedThing {
  const lab = snapshot.lab?.name ?? '';
  return {
    thing: { lab: snapshot.path, kind, name },
    label: name,
    description: kind === 'lab' ? description : `${description} · lab ${lab}`,
  };
}

function singleThings(snapshot: LabSnapshot): readonly { readonly thing: ThingRef; readonly state: RunState }[] {
  const all = (kind: ThingRef['kind'], states: ReadonlyMap<string, RunState>) =>
    [...states].map(([name, state]) => ({ thing: { lab: snapshot.path, kind, name }, state }));
  return [...all('vm', snapshot.vms), ...all('switch', snapshot.switches), ...all('wire', snapshot.wires)];
}
