import { wiresAndSpares } from './hosts/lab-part.ts';
import type { Lab, Switch } from './model.ts';

/** Who is to hang on a port of a switch, and with which VLANs. */
export interface Plug {
  readonly port: number;
  readonly who: Plugged;
  /** Undefined: VLAN 0, as VDE calls a port without one. */
  readonly vlan: number | undefined;
  readonly tagged: readonly number[];
}

export type Plugged =
  | { readonly kind: 'uplink' }
  | { readonly kind: 'nic'; readonly vm: string; readonly nic: number }
  /** `isOutside`: it leads out of the lab. */
  | { readonly kind: 'wire'; readonly wire: string; readonly isOutside?: true };

/** The ports that a switch has to have, in their order. Its tap makes its own port, always the first. */
export function plugsOf(lab: Lab, it: Switch): readonly Plug[] {
  const plugs: Plug[] = [];
  const add = (port: number | undefined, plug: Omit<Plug, 'port'>): void => {
    if (port !== undefined) plugs.push({ port, ...plug });
  };
  if (it.slirp) add(it.slirp.port, { who: { kind: 'uplink' }, vlan: undefined, tagged: [] });
  for (const vm of lab.vms) {
    for (const { number, port, vlan, tagged } of vm.nics.filter(one => one.switch === it.name)) {
      add(port, { who: { kind: 'nic', vm: vm.name, nic: number }, vlan, tagged: tagged.map(tag => tag.vlan) });
    }
  }
  for (const { name, ends, vlan, tagged } of wiresAndSpares(lab)) {
    for (const end of ends.filter(one => one.switch === it.name))
      add(end.port, { who: { kind: 'wire', wire: name, ...(ends[1].outside && { isOutside: true }) }, vlan, tagged });
  }
  return plugs.sort((a, b) => a.port - b.port);
}

/** `fw NIC 2`, `wire lan-dmz`, `uplink`. */
export function pluggedWords(who: Plugged): string {
  switch (who.kind) {
    case 'uplink':
      return 'uplink';
    case 'nic':
      return `${who.vm} NIC ${who.nic}`;
    case 'wire':
      return `wire ${who.wire}`;
  }
}
