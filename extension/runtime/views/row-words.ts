import type { Nic, Wire } from '../../lab/model.ts';
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

/** A wire's name is `lan-dmz`; rows show its ends, and the number if it is not the first between them. */
export function wireLabel(wire: Wire): string {
  const ends = wire.ends.map(end => end.switch);
  const number = wire.name.slice(ends.join('-').length);
  return ends.join(' – ') + number.replace(/^-(\d+)$/, ' ($1)');
}

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
