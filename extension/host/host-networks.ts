import fs from 'node:fs/promises';
import path from 'node:path';
import { parseIp, type Cidr } from '../lab/networks/cidr.ts';
import type { HostNetworks } from '../runtime/host.ts';
import { codeOf, systemFailure } from './system-error.ts';

/**
 * The routes and addresses of this machine, from /proc/net: `route` and `ipv6_route` (proc(5)), and `fib_trie`, which
 * also has the machine's own IPv4 addresses and the routes of all other tables, where some VPNs put theirs.
 */
export class LinuxHostNetworks implements HostNetworks {
  private readonly root: string;

  constructor(root = '/proc/net') {
    this.root = root;
  }

  async list(): Promise<readonly Cidr[]> {
    const [route, trie, route6, addresses6] = await Promise.all([
      this.read('route'),
      this.read('fib_trie', true),
      this.read('ipv6_route', true),
      this.read('if_inet6', true),
    ]);
    return [...parseRoutes(route), ...parseTrie(trie), ...parseRoutes6(route6), ...parseAddresses6(addresses6)];
  }

  /** Kernels without IPv6 and some containers lack the `optional` ones; without the others nothing is known to be free. */
  private async read(name: string, optional = false): Promise<string> {
    const file = path.join(this.root, name);
    try {
      return await fs.readFile(file, 'utf8');
    } catch (error) {
      if (optional && codeOf(error) === 'ENOENT') return '';
      throw systemFailure(`The routes of this host cannot be read from ${file}`, error);
    }
  }
}

/** `eth0 000200C0 00000000 0001 0 0 0 00FFFFFF …`: destination and mask, as the machine's own bytes lie in memory. */
function parseRoutes(text: string): readonly Cidr[] {
  return rowsOf(text).flatMap(([, destination = '', , , , , , mask = '']) =>
    [destination, mask].every(word => /^[\dA-F]{8}$/i.test(word))
      ? [{ family: 4 as const, value: swapped(destination), prefix: onesIn(mask) }]
      : [],
  );
}

/** On the little-endian machines that Node runs Linux on, the last byte is written first. */
const swapped = (hex: string): bigint => BigInt(`0x${(hex.match(/../g) ?? []).toReversed().join('')}`);

const onesIn = (hex: string): number => BigInt(`0x${hex}`).toString(2).replaceAll('0', '').length;

/** `|-- 10.1.0.0` and, under it, `/24 link UNICAST` for each route to that address. Branches (`+--`) are no routes. */
function parseTrie(text: string): readonly Cidr[] {
  const found: Cidr[] = [];
  let leaf: Cidr | undefined;
  for (const line of text.split('\n')) {
    const [, address] = /^\s*\|-- (\S+)$/.exec(line) ?? [];
    if (address !== undefined) leaf = parseIp(address);
    const [, prefix] = /^\s*\/(\d{1,2}) /.exec(line) ?? [];
    if (prefix !== undefined && leaf) found.push({ ...leaf, prefix: Number(prefix) });
  }
  return found;
}

/** `fd000000000000000000000000000000 40 …`: destination and length of its prefix. */
const parseRoutes6 = (text: string): readonly Cidr[] =>
  rowsOf(text).flatMap(([destination = '', prefix = '']) => fromHex6(destination, prefix));

/** `fd000000000000000000000000000002 04 40 …`: address, number of the interface, length of the prefix. */
const parseAddresses6 = (text: string): readonly Cidr[] =>
  rowsOf(text).flatMap(([address = '', , prefix = '']) => fromHex6(address, prefix));

function fromHex6(address: string, prefix: string): readonly Cidr[] {
  if (!/^[\da-f]{32}$/i.test(address) || !/^[\da-f]{2}$/i.test(prefix)) return [];
  return [{ family: 6, value: BigInt(`0x${address}`), prefix: parseInt(prefix, 16) }];
}

const rowsOf = (text: string): readonly (readonly string[])[] => text.split('\n').map(line => line.trim().split(/\s+/));
