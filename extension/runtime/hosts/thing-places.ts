import type { LabHost } from '../../lab/hosts/lab-host.ts';
import { hostsOf } from '../../lab/hosts/lab-part.ts';
import type { Switch } from '../../lab/model.ts';
import type { LabSnapshot } from '../state.ts';

/** The other host on which a VM runs or, while it does not, is to run or has gone. Undefined: this one. */
export function farHostOf({ lab, vms }: Pick<LabSnapshot, 'lab' | 'vms'>, vm: string): LabHost | undefined {
  const state = vms.get(vm);
  const moved = state?.kind === 'stopped' ? state.moved : undefined;
  const planned = moved ?? lab?.vms.find(({ name }) => name === vm)?.host;
  const place = state?.kind === 'running' ? state.far?.host : planned;
  return place === undefined ? undefined : lab?.hosts?.find(({ name }) => name === place);
}

/** Names, each with the host where it belongs. */
export type Places = readonly (readonly [name: string, host: string | undefined])[];

export const placesOf = <One extends { readonly name: string }>(
  list: readonly One[] | undefined,
  place: (one: One) => string | undefined,
): Places => (list ?? []).map(one => [one.name, place(one)]);

/** The host of the copy that says whether the switch runs. */
export const middleOf = (one: Pick<Switch, 'copies'>): string | undefined => hostsOf(one)[0];
