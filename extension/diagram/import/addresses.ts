import {
  contains,
  formatCidr,
  hostMask,
  isNetworkOrBroadcast,
  networkOf,
  parseCidr,
  parseIp,
  type Cidr,
} from '../../lab/networks/cidr.ts';
import { isForUplink as hasRoom } from '../../lab/uplink.ts';

/** A NIC's address as a lab file has it, maybe inside a VLAN that comes with its tag. */
export interface NicAddress {
  readonly text: string;
  readonly vlan: number | undefined;
}

/** The first of these that is a network, `192.168.1.x/24` among them. */
export function readNetwork(addresses: readonly string[]): string | undefined {
  for (const text of addresses) {
    const cidr = parseCidr(withoutX(text));
    if (cidr) return formatCidr(networkOf(cidr));
  }
  return undefined;
}

/** Pictures write an x for what does not matter: `172.x.x.1`. */
const withoutX = (text: string): string => text.replace(/(?<=\.)x(?=[./]|$)/gi, '0');

/** What a diagram writes at a line, as an address for a NIC on this network; undefined if it is none there. */
export function readNicAddress(text: string, network: string | undefined): NicAddress | undefined {
  const [, inner = text, vlan] = /^(.*) \(VLAN (\d{1,4})\)$/.exec(text) ?? [];
  if (vlan !== undefined) return tagged(inner, Number(vlan));
  if (text === 'dhcp') return { text, vlan: undefined };
  const net = network === undefined ? undefined : parseCidr(network);
  // Behind an address may stand what it is for: `172.16.0.9 (WAN)`.
  const plain = withoutX(text.replace(/ \(.*\)$/, ''));
  const cidr = parseCidr(plain) ?? withPrefix(plain, net);
  if (!cidr || isNetworkOrBroadcast(cidr, cidr)) return undefined;
  const isOutside = net?.family === cidr.family && (!contains(net, cidr) || isNetworkOrBroadcast(net, cidr));
  if (isOutside) return undefined;
  return { text: formatCidr(cidr), vlan: undefined };
}

function tagged(text: string, vlan: number): NicAddress | undefined {
  return vlan >= 1 && vlan <= 4094 && parseCidr(text) ? { text, vlan } : undefined;
}

/** The network's prefix; without a network the usual one. `.20` is the end of an address of the network. */
function withPrefix(text: string, net: Cidr | undefined): Cidr | undefined {
  const ip = parseIp(text);
  if (ip) return { ...ip, prefix: net?.family === ip.family ? net.prefix : ip.family === 4 ? 24 : 64 };
  const [end] = /^(?:\.\d{1,3}){1,3}$/.exec(text) ?? [];
  if (end === undefined || net?.family !== 4) return undefined;
  const bytes = end.slice(1).split('.').map(Number);
  const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  if (bytes.some(byte => byte > 255) || value > hostMask(net)) return undefined;
  return { ...net, value: net.value | value };
}

/** DHCP and NAT need an IPv4 network with some room. */
export function isForUplink(network: string): boolean {
  const cidr = parseCidr(network);
  return cidr !== undefined && hasRoom(cidr);
}
