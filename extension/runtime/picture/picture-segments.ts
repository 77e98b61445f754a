import { tapId, uplinkId } from '../../diagram/from-lab.ts';
import type { PictureSegment } from '../../diagram/live.ts';
import { linkId, thingId, type ThingId } from '../../diagram/thing-id.ts';
import type { Lab } from '../../lab/model.ts';
import { segmentsOf, type SegmentMember } from '../../lab/reach.ts';

export function pictureSegments(lab: Lab): readonly PictureSegment[] {
  return segmentsOf(lab).map(({ vlan, switches, members }) => {
    const spanned = new Set(switches);
    const wires = lab.wires.filter(
      ({ ends, vlan: untagged, tagged }) =>
        ends.every(end => spanned.has(end.switch)) && ((untagged ?? 0) === vlan || tagged.includes(vlan)),
    );
    const things = [
      ...switches.map(name => thingId('network', name)),
      ...wires.map(({ name }) => thingId('wire', name)),
      ...members.flatMap(memberThings),
    ];
    return { vlan, things: [...new Set(things)] };
  });
}

function memberThings({ kind, name, nic, switch: network }: SegmentMember): readonly ThingId[] {
  const node = { vm: name, uplink: uplinkId(name), host: tapId(name) }[kind];
  const link = { node, network, ...(nic === undefined ? {} : { nic }) };
  return [thingId('node', node), linkId(link)];
}
