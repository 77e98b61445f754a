import type { Lab, Nic } from '../model.ts';
import { contains, isNetworkOrBroadcast, parseCidr, type Cidr } from '../networks/cidr.ts';
import { freeAddress } from '../networks/free-address.ts';

/** A NIC on its way to another switch. */
export interface NicMove {
  readonly vm: string;
  /** From 1. */
  readonly nic: number;
  readonly switch: string;
}

/**
 * The addresses of a NIC after its move, where it cannot keep them: each that lies outside of the new switch's network
 * gives way to the lowest free one there. Undefined: it keeps them, because they fit, or there is no network or none free.
 */
export function movedAddresses(lab: Lab, move: NicMove): readonly string[] | undefined {
  const nic = nicOf(lab, move);
  const network = parseCidr(lab.switches.find(({ name }) => name === move.switch)?.network ?? '');
  // The switch's network is that of its ports without a VLAN.
  if (!nic || !network || nic.vlan !== undefined || nic.switch === move.switch) return undefined;
  const after: string[] = [];
  for (const address of nic.addresses) {
    const own = isForeign(address, network) ? freeAddress(lab, move.switch, after) : address;
    if (own === undefined) return undefined;
    if (!after.includes(own)) after.push(own);
  }
  return nic.addresses.some(address => isForeign(address, network)) ? after : undefined;
}

/** What a move changes beside the switch, for people: one sentence or none. */
export function moveNews(lab: Lab, move: NicMove): readonly string[] {
  const after = movedAddresses(lab, move);
  if (!after) return [];
  const before = nicOf(lab, move)?.addresses ?? [];
  const [gone, come] = [before.filter(one => !after.includes(one)), after.filter(one => !before.includes(one))];
  const address = come.join(', ') || after.join(', ');
  return [
    `NIC ${move.nic} of ${move.vm} has ${address} now, as ${gone.join(', ')} is outside of ${move.switch}'s network.`,
  ];
}

const nicOf = ({ vms }: Lab, { vm, nic }: NicMove): Nic | undefined =>
  vms.find(({ name }) => name === vm)?.nics[nic - 1];

function isForeign(text: string, network: Cidr): boolean {
  const address = parseCidr(text);
  if (address?.family !== network.family) return false;
  return !contains(network, address) || isNetworkOrBroadcast(network, address);
}
