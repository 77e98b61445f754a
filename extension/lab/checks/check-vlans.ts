import { withoutJoins } from '../hosts/lab-part.ts';
import type { Lab } from '../model.ts';
import { deadEndsOf, loneTagsOf } from '../reach.ts';
import type { Report } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';

/** A VLAN reaches a port with its tag or without it, not both ways. */
export function checkVlans(lab: Lab, report: Report): void {
  for (const vm of lab.vms) {
    for (const nic of vm.nics) {
      const isTagged = nic.tagged.some(tagged => tagged.vlan === nic.vlan);
      if (nic.vlan !== undefined && isTagged) report('vlan-and-tag', valueSpan(nic, 'vlan'), bothWays(nic.vlan));
    }
  }
  for (const wire of lab.wires) {
    const isTagged = wire.vlan !== undefined && wire.tagged.includes(wire.vlan);
    if (wire.vlan !== undefined && isTagged) report('vlan-and-tag', valueSpan(wire, 'vlan'), bothWays(wire.vlan));
  }
}

/** vde_switch 2.3.2 makes VLANs 1 to 4093 and answers EINVAL for 4094, which the standard (802.1Q) still allows. */
const refusedVlan = 4094;

export function checkRefusedVlan(lab: Lab, report: Report): void {
  for (const { name, vlans, nameSpan } of lab.switches) {
    if (vlans.includes(refusedVlan)) report('vlan-range', nameSpan, refusal(name), 'warning');
  }
}

/** Tags on one side only: what is sent with them arrives nowhere. While a port is the only one, its lab is being written. */
export function checkTrunks(lab: Lab, report: Report): void {
  const isShared = sharedSwitches(lab);
  const deadEnds = deadEndsOf(lab).filter(end => isShared(end.switch));
  for (const wire of lab.wires) {
    const ends = deadEnds.filter(end => end.wire === wire.name);
    for (const vlan of new Set(ends.map(end => end.vlan))) {
      const names = ends.filter(end => end.vlan === vlan).map(end => end.switch);
      report(
        'one-sided-tag',
        valueSpan(wire, 'tagged', wire.tagged.indexOf(vlan)),
        deadEnd(wire.name, vlan, names),
        'warning',
      );
    }
  }
  for (const { vm: name, nic: number, switch: on, vlan } of loneTagsOf(lab)) {
    const nic = lab.vms.find(one => one.name === name)?.nics[number - 1];
    if (nic && isShared(on))
      report('one-sided-tag', valueSpan(nic, `tagged.${vlan}`), loneTag(name, number, on, vlan), 'warning');
  }
}

/** Whether a switch has more than one port that somebody has. */
function sharedSwitches(lab: Lab): (name: string) => boolean {
  const counts = new Map(lab.switches.map(one => [one.name, (one.slirp ? 1 : 0) + (one.tap ? 1 : 0)]));
  const names = [
    ...lab.vms.flatMap(vm => vm.nics.map(nic => nic.switch)),
    ...withoutJoins(lab).flatMap(wire => wire.ends.map(end => end.switch)),
  ];
  for (const name of names) counts.set(name, (counts.get(name) ?? -Infinity) + 1);
  return name => (counts.get(name) ?? 0) > 1;
}

const deadEnd = (wire: string, vlan: number, switches: readonly string[]): string =>
  `Wire ${wire} carries VLAN ${vlan} to ${switches.join(' and ')}, where no other port is in it. Put a NIC there into the VLAN, or take it off the wire.`;

const loneTag = (vm: string, nic: number, on: string, vlan: number): string =>
  `NIC ${nic} of ${vm} is in VLAN ${vlan} with its tag, and no other port of switch ${on} is in it. Put one into the VLAN, or take the tag off.`;

const refusal = (name: string): string =>
  `Switch ${name} cannot carry VLAN ${refusedVlan}: vde_switch makes only 1 to ${refusedVlan - 1}. Take a lower number.`;

const bothWays = (vlan: number): string =>
  `VLAN ${vlan} is here both with and without its tag. Remove it from "vlan:" or from "tagged:".`;
