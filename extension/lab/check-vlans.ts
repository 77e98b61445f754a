import type { Lab } from './model.ts';
import type { Report } from './report.ts';
import { valueSpan } from './spans.ts';

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

const refusal = (name: string): string =>
  `Switch ${name} cannot carry VLAN ${refusedVlan}: vde_switch makes only 1 to ${refusedVlan - 1}. Take a lower number.`;

const bothWays = (vlan: number): string =>
  `VLAN ${vlan} is here both with and without its tag. Remove it from "vlan:" or from "tagged:".`;
