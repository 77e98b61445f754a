import type { Vm } from '../../lab/model.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import type { LabSnapshot, ThingRef } from '../state.ts';
import { isActive } from './thing-list.ts';
import { count } from './tree-node.ts';

/** One clickable text above a line of a lab file. */
export interface Lens {
  readonly span: TextSpan;
  readonly title: string;
  readonly command: 'kvmlab.start' | 'kvmlab.stop' | 'kvmlab.openConsole';
  /** Several for a row of VMs. */
  readonly things: readonly [ThingRef, ...(readonly ThingRef[])];
}

/** Start or Stop, and Console, above each VM; Start and Stop of the whole lab at the top. */
export function lensesOf(snapshot: LabSnapshot): readonly Lens[] {
  const { lab, path, vms } = snapshot;
  if (!lab) return [];
  const states = [...vms.values()];
  const thing: ThingRef = { lab: path, kind: 'lab', name: lab.name };
  const top = { span: { start: 0, end: 0 }, things: [thing] } as const;
  const whole: readonly Lens[] = [
    ...(states.every(isActive) ? [] : [{ ...top, title: '$(play) Start Lab', command: 'kvmlab.start' } as const]),
    ...(states.some(isActive) ? [{ ...top, title: '$(debug-stop) Stop Lab', command: 'kvmlab.stop' } as const] : []),
  ];
  const own = lab.vms.filter(({ span, origin }) => span.file === undefined && (origin?.row?.number ?? 1) === 1);
  return [...whole, ...own.flatMap(vm => (vm.origin?.row ? rowLenses(snapshot, vm) : vmLenses(snapshot, vm)))];
}

function vmLenses({ path, vms }: LabSnapshot, { name, nameSpan }: Vm): readonly Lens[] {
  const state = vms.get(name) ?? { kind: 'stopped' };
  const place = { span: nameSpan, things: [{ lab: path, kind: 'vm', name }] } as const;
  if (!isActive(state)) return [{ ...place, title: '$(play) Start', command: 'kvmlab.start' }];
  return [
    { ...place, title: '$(debug-stop) Stop', command: 'kvmlab.stop' },
    { ...place, title: '$(terminal) Console', command: 'kvmlab.openConsole' },
  ];
}

/** All VMs of a row have one entry: what is there to be started, and to be stopped. */
function rowLenses({ path, lab, vms }: LabSnapshot, { nameSpan, origin }: Vm): readonly Lens[] {
  const members = (lab?.vms ?? []).filter(vm => vm.origin?.row?.name === origin?.row?.name);
  const [up, down] = [true, false].map(wanted =>
    members
      .filter(({ name }) => isActive(vms.get(name) ?? { kind: 'stopped' }) === wanted)
      .map(({ name }): ThingRef => ({ lab: path, kind: 'vm', name })),
  );
  const lens = (things: readonly ThingRef[] | undefined, words: string, command: Lens['command']): readonly Lens[] => {
    const [first, ...others] = things ?? [];
    if (!first) return [];
    return [
      { span: nameSpan, title: `${words} ${count(others.length + 1, 'VM')}`, command, things: [first, ...others] },
    ];
  };
  return [...lens(down, '$(play) Start', 'kvmlab.start'), ...lens(up, '$(debug-stop) Stop', 'kvmlab.stop')];
}
