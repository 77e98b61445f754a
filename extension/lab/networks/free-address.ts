import { formatCidr, hostMask, networkOf, parseCidr, type Cidr } from './cidr.ts';
import type { Lab } from '../model.ts';
import { FreeNetworks } from './free-networks.ts';
import { networksOfLab } from './lab-networks.ts';

/** Of larger networks only so many addresses are looked at. */
const mostHosts = 65_534n;

/**
 * The lowest address of a switch's network that nobody of the lab has, nor `others`; `dhcp` on an uplink; undefined: there
 * is none.
 */
export function freeAddress(
  { switches, vms }: Lab,
  switchName: string,
  others: readonly string[] = [],
): string | undefined {
  const own = switches.find(({ name }) => name === switchName);
  const network = own?.network === undefined ? undefined : parseCidr(own.network);
  if (own?.slirp) return 'dhcp';
  if (!network) return undefined;
  const taken = new Set(
    [
      ...vms.flatMap(({ nics }) =>
        nics.flatMap(nic => [...nic.addresses, ...nic.tagged.flatMap(one => one.addresses)]),
      ),
      ...vms.flatMap(({ gateway }) => (gateway === undefined ? [] : [`${gateway}/0`])),
      ...switches.flatMap(({ tap }) => tap?.address ?? []),
      ...others,
    ].flatMap(address => parseCidr(address)?.value ?? []),
  );
  return lowestFree(network, taken);
}

/** The lowest address of a network that is not taken, with the network's prefix length; undefined: there is none. */
export function lowestFree(network: Cidr, taken: ReadonlySet<bigint>): string | undefined {
  const { value } = networkOf(network);
  const last = hostMask(network) - 1n < mostHosts ? hostMask(network) - 1n : mostHosts;
  for (let host = 1n; host <= last; host += 1n)
    if (!taken.has(value + host)) return formatCidr({ ...network, value: value + host });
  return undefined;
}

/** The lowest 192.168.x.0/24 that shares nothing with what the lab uses; undefined: there is none left. */
export const freeNetwork = (lab: Lab): string | undefined => lowestNetwork(networksOfLab(lab));

/** Private networks for small labs; the first and the last one are left to home routers and to broadcasts. */
const [home, ...unused] = ['192.168.0.0/16', '192.168.0.0/24', '192.168.255.0/24'].flatMap(
  text => parseCidr(text) ?? [],
);

/** The lowest 192.168.x.0/24 that shares nothing with what is taken. */
export function lowestNetwork(taken: readonly Cidr[]): string | undefined {
  const free = new FreeNetworks(home ? [home] : [], 24, [...unused, ...taken]);
  return free.count === 0n ? undefined : formatCidr(free.at(0n));
}
