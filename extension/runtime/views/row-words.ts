import { hostOf, hostWords, thisHost } from '../../lab/hosts/lab-part.ts';
import type { Nic, Vm, Wire } from '../../lab/model.ts';
import { folderOf } from '../paths.ts';
import type { RunState } from '../state.ts';
import { joined } from './tree-node.ts';

export function vlanWords(
  one: Pick<Nic, 'vlan'> & { readonly tagged: readonly (number | { readonly vlan: number })[] },
): string {
  const tags = one.tagged.map(tag => (typeof tag === 'number' ? tag : tag.vlan));
  return joined(
    one.vlan === undefined ? undefined : `VLAN ${one.vlan}`,
    tags.length > 0 ? `tagged ${tags.join(', ')}` : undefined,
  );
}

/** A wire's name is `lan-dmz`; rows show its ends, and the number if it is not the first between them; of a join its host. */
export function wireLabel(wire: Wire): string {
  if (wire.join !== undefined) return wire.name.replace('@', ' – ');
  const ends = wire.ends.map(end => end.switch);
  const number = wire.name.slice(ends.join('-').length);
  return ends.join(' – ') + number.replace(/^-(\d+)$/, ' ($1)');
}

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Undefined: it does not run. */
export function pidWords(state: RunState): string | undefined {
  if (state.kind !== 'running') return undefined;
  return state.far ? `pid ${state.far.pid} on ${state.far.host}` : `pid ${state.pid}`;
}

/** Where a VM runs, else where it is to run; undefined: both are here. */
export function vmPlaceWords(vm: Pick<Vm, 'host'>, state: RunState): string | undefined {
  if (state.kind === 'running' && state.folder !== undefined) return `moved to ${folderOf(state.folder)}`;
  if (state.kind === 'stopped' && state.moved !== undefined) return `moved to ${state.moved}`;
  const place = hostOf(vm);
  const now = state.kind === 'running' ? (state.far?.host ?? thisHost) : place;
  return now === thisHost && place !== thisHost ? `here, not on ${place}` : hostWords([now]);
}
