import { BroadcastDomains } from './broadcast-domains.ts';
import { withoutJoins } from './hosts/lab-part.ts';
import type { Lab } from './model.ts';

/** Who hears whom on layer 2, from the lab file alone. */
export interface Segment {
  /** 0: ports without a VLAN. */
  readonly vlan: number;
  /** The switches that the segment spans, in the order of the file. */
  readonly switches: readonly string[];
  readonly members: readonly SegmentMember[];
}

export interface SegmentMember {
  readonly kind: 'vm' | 'uplink' | 'host';
  /** The VM; for an uplink or the host's tap, the switch. */
  readonly name: string;
  readonly nic: number | undefined;
  readonly switch: string;
  /** Whether frames reach the NIC with the VLAN's tag. */
  readonly isTagged: boolean;
}

/** Segments with at least one member, by VLAN and then in the order of the file. */
export function segmentsOf(lab: Lab): readonly Segment[] {
  const domains = new BroadcastDomains(lab.wires);
  const segments = new Map<string, { vlan: number; switches: Set<string>; members: SegmentMember[] }>();
  const enter = (vlan: number, member: SegmentMember): void => {
    const key = domains.of(member.switch, vlan);
    const segment = segments.get(key) ?? { vlan, switches: new Set<string>(), members: [] };
    segment.members.push(member);
    segments.set(key, segment);
  };
  for (const { name, slirp, tap } of lab.switches) {
    const own = { name, nic: undefined, switch: name, isTagged: false };
    if (slirp) enter(0, { kind: 'uplink', ...own });
    if (tap) enter(0, { kind: 'host', ...own });
  }
  for (const vm of lab.vms) {
    for (const nic of vm.nics) {
      const member = { kind: 'vm', name: vm.name, nic: nic.number, switch: nic.switch } as const;
      // Without `vlan` the port is in none, and says so by VLAN 0; a port with tags only hears untagged frames, too.
      enter(nic.vlan ?? 0, { ...member, isTagged: false });
      for (const { vlan } of nic.tagged) enter(vlan, { ...member, isTagged: true });
    }
  }
  for (const [key, segment] of segments) {
    for (const { name } of lab.switches) if (domains.of(name, segment.vlan) === key) segment.switches.add(name);
  }
  return [...segments.values()]
    .map(({ vlan, switches, members }) => ({ vlan, switches: [...switches], members }))
    .sort((a, b) => a.vlan - b.vlan);
}

/** A VLAN that a wire carries to a switch on which nobody is in it, and from which it goes no further. */
export interface DeadEnd {
  readonly wire: string;
  readonly switch: string;
  readonly vlan: number;
}

export function deadEndsOf(lab: Lab): readonly DeadEnd[] {
  const count = portsByVlan(lab);
  return withoutJoins(lab).flatMap(({ name, ends, tagged }) =>
    tagged.flatMap(vlan =>
      ends
        // The wire itself counts once at each of its ends.
        .filter(end => !end.outside && count(end.switch, vlan) === 1)
        .map(end => ({ wire: name, switch: end.switch, vlan })),
    ),
  );
}

/** A VLAN that a NIC has with its tag, and no other port of its switch has at all. */
export interface LoneTag {
  readonly vm: string;
  readonly nic: number;
  readonly switch: string;
  readonly vlan: number;
}

export function loneTagsOf(lab: Lab): readonly LoneTag[] {
  const count = portsByVlan(lab);
  return lab.vms.flatMap(vm =>
    vm.nics.flatMap(nic =>
      nic.tagged
        .filter(({ vlan }) => vlan !== nic.vlan && count(nic.switch, vlan) === 1)
        .map(({ vlan }) => ({ vm: vm.name, nic: nic.number, switch: nic.switch, vlan })),
    ),
  );
}

/** How many ports of a switch are in a VLAN, with its tag or without. */
function portsByVlan(lab: Lab): (name: string, vlan: number) => number {
  const count = new Map<string, number>();
  const add = (name: string, untagged: number | undefined, tagged: readonly number[]): void => {
    for (const vlan of new Set([untagged ?? 0, ...tagged]))
      count.set(`${vlan} ${name}`, (count.get(`${vlan} ${name}`) ?? 0) + 1);
  };
  for (const nic of lab.vms.flatMap(({ nics }) => nics))
    add(
      nic.switch,
      nic.vlan,
      nic.tagged.map(tag => tag.vlan),
    );
  for (const { ends, vlan, tagged } of withoutJoins(lab)) for (const end of ends) add(end.switch, vlan, tagged);
  return (name, vlan) => count.get(`${vlan} ${name}`) ?? 0;
}
