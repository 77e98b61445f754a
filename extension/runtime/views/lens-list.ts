import type { TextSpan } from '../../lab/text-span.ts';
import type { LabSnapshot, ThingRef } from '../state.ts';
import { isActive } from './thing-list.ts';

/** One clickable text above a line of a lab file. */
export interface Lens {
  readonly span: TextSpan;
  readonly title: string;
  readonly command: 'kvmlab.start' | 'kvmlab.stop' | 'kvmlab.openConsole';
  readonly thing: ThingRef;
}

/** Start or Stop, and Console, above each VM; Start and Stop of the whole lab at the top. */
export function lensesOf(snapshot: LabSnapshot): readonly Lens[] {
  const { lab, path, vms } = snapshot;
  if (!lab) return [];
  const states = [...vms.values()];
  const thing: ThingRef = { lab: path, kind: 'lab', name: lab.name };
  const top = { span: { start: 0, end: 0 }, thing };
  const whole: readonly Lens[] = [
    ...(states.every(isActive) ? [] : [{ ...top, title: '$(play) Start Lab', command: 'kvmlab.start' } as const]),
    ...(states.some(isActive) ? [{ ...top, title: '$(debug-stop) Stop Lab', command: 'kvmlab.stop' } as const] : []),
  ];
  return [...whole, ...lab.vms.flatMap(vm => vmLenses(snapshot, vm.name, vm.nameSpan))];
}

function vmLenses({ path, vms }: LabSnapshot, name: string, span: TextSpan): readonly Lens[] {
  const state = vms.get(name) ?? { kind: 'stopped' };
  const place = { span, thing: { lab: path, kind: 'vm', name } } as const;
  if (!isActive(state)) return [{ ...place, title: '$(play) Start', command: 'kvmlab.start' }];
  return [
    { ...place, title: '$(debug-stop) Stop', command: 'kvmlab.stop' },
    { ...place, title: '$(terminal) Console', command: 'kvmlab.openConsole' },
  ];
}
