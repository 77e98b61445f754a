import type { Vm } from '../../lab/model.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import type { LabSnapshot, ThingRef } from '../state.ts';
import { isActive } from './thing-list.ts';
import { count, stateWords } from './tree-node.ts';

/** One text above a line of a lab file. */
export interface Lens {
  readonly span: TextSpan;
  readonly title: string;
  /** Empty: it only tells something. */
  readonly command: 'kvmlab.start' | 'kvmlab.stop' | 'kvmlab.openConsole' | 'kvmlab.openPicture' | '';
  /** Several for a row of VMs. */
  readonly things: readonly [ThingRef, ...(readonly ThingRef[])];
}

/** State, Start or Stop, Console and Picture above each VM; state, Start, Stop and Picture of the whole lab at the top. */
export function lensesOf(snapshot: LabSnapshot): readonly Lens[] {
  const { lab, path, vms } = snapshot;
  if (!lab) return [];
  const states = [...vms.values()];
  const running = states.filter(({ kind }) => kind === 'running').length;
  const thing: ThingRef = { lab: path, kind: 'lab', name: lab.name };
  const top = { span: { start: 0, end: 0 }, things: [thing] } as const;
  const whole: readonly Lens[] = [
    ...(running > 0 ? [{ ...top, title: `${running} of ${states.length} running`, command: '' } as const] : []),
    ...(states.every(isActive) ? [] : [{ ...top, title: '$(play) Start Lab', command: 'kvmlab.start' } as const]),
    ...(states.some(isActive) ? [{ ...top, title: '$(debug-stop) Stop Lab', command: 'kvmlab.stop' } as const] : []),
    { ...top, ...picture },
  ];
  const own = lab.vms.filter(({ span, origin }) => span.file === undefined && (origin?.row?.number ?? 1) === 1);
  return [...whole, ...own.flatMap(vm => (vm.origin?.row ? rowLenses(snapshot, vm) : vmLenses(snapshot, vm)))];
}

const picture = { title: '$(type-hierarchy) Picture', command: 'kvmlab.openPicture' } as const;

function vmLenses({ path, vms }: LabSnapshot, { name, nameSpan }: Vm): readonly Lens[] {
  const state = vms.get(name) ?? { kind: 'stopped' };
  const place = { span: nameSpan, things: [{ lab: path, kind: 'vm', name }] } as const;
  const words: readonly Lens[] =
    state.kind === 'stopped' ? [] : [{ ...place, title: stateWords(state, name), command: '' }];
  const orders: readonly Lens[] = isActive(state)
    ? [
        { ...place, title: '$(debug-stop) Stop', command: 'kvmlab.stop' },
        { ...place, title: '$(terminal) Console', command: 'kvmlab.openConsole' },
      ]
    : [{ ...place, title: '$(play) Start', command: 'kvmlab.start' }];
  return [...words, ...orders, { ...place, ...picture }];
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
