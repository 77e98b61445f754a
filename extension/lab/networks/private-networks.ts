import { UserError } from '../../base/user-error.ts';
import { contains, formatCidr, hostMask, networkOf, parseCidr, type Cidr } from './cidr.ts';
import { FreeNetworks } from './free-networks.ts';
import { randomBelow, type Random32 } from './random.ts';

const cidrs = (...texts: readonly string[]): readonly Cidr[] => texts.flatMap(text => parseCidr(text) ?? []);

/** For networks that are not on the Internet: RFC 1918, and the half of RFC 4193 that everyone may take numbers of. */
const ranges = { 4: cidrs('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'), 6: cidrs('fd00::/8') } as const;

/** The prefix of a site by RFC 4193: `fd` and 40 random bits. */
const sitePrefix = 48;

/** The sizes that can be asked for, as lengths of prefixes, and the usual one. */
export const networkSizes = {
  4: { largest: 8, smallest: 30, usual: 24 },
  6: { largest: sitePrefix, smallest: 64, usual: 64 },
} as const;

export interface NetworkWish {
  readonly family: 4 | 6;
  /** Length of the prefix, within `networkSizes`. */
  readonly prefix: number;
  /** How many; at least 1. */
  readonly count: number;
}

export interface NetworkDraw {
  /** As many as were wished for, all different. */
  readonly networks: readonly Cidr[];
  /** How many there were to choose from; IPv6: free sites (/48). */
  readonly free: bigint;
}

/**
 * Random private networks that share no address with what is taken nor with each other, all free ones equally likely.
 * Those of IPv6 are of one new site, as RFC 4193 wants it. A UserError if there are not so many.
 */
export function drawNetworks(wish: NetworkWish, taken: readonly Cidr[], random: Random32): NetworkDraw {
  const { family, prefix, count } = wish;
  const free = freeOf(wish, taken);
  if (family === 4) {
    if (free.count < count) throw tooFew(wish, free.count, taken);
    return { networks: free.draw(count, random), free: free.count };
  }
  if (free.count === 0n) throw tooFew(wish, 0n, taken);
  const subnets = new FreeNetworks([free.at(randomBelow(free.count, random))], prefix, []);
  if (subnets.count < count)
    throw new UserError(
      `A site (/${sitePrefix}) has room for ${subnets.count} of size /${prefix}, and ${count} were asked for. Ask for fewer.`,
    );
  return { networks: subnets.draw(count, random), free: free.count };
}

/** How many there are to choose from; IPv6: free sites. */
export const freeCount = (wish: Omit<NetworkWish, 'count'>, taken: readonly Cidr[]): bigint =>
  freeOf(wish, taken).count;

/**
 * Whether a route is wider than a private range that it holds: a way to everything else (a default route, or the halves
 * of it that VPNs set), which is not a network whose addresses are in use.
 */
export const isWayOut = (route: Cidr): boolean =>
  ranges[route.family].some(range => route.prefix < range.prefix && contains(networkOf(route), range));

function freeOf({ family, prefix }: Omit<NetworkWish, 'count'>, taken: readonly Cidr[]): FreeNetworks {
  return new FreeNetworks(ranges[family], family === 6 ? sitePrefix : prefix, taken);
}

function tooFew(wish: NetworkWish, left: bigint, taken: readonly Cidr[]): UserError {
  const { family, prefix, count } = wish;
  const size = `/${family === 6 ? sitePrefix : prefix}`;
  const what =
    left === 0n
      ? `No private network of size ${size} is free`
      : `Only ${left} private network${left === 1n ? '' : 's'} of size ${size} ${left === 1n ? 'is' : 'are'} free, and ${count} were asked for`;
  return new UserError(`${what}: labs and routes of this host take ${takers(family, taken)}. ${advice(wish, taken)}`);
}

/** The widest of those in the way. */
function takers(family: 4 | 6, taken: readonly Cidr[]): string {
  const inTheWay = taken.filter(one => ranges[family].some(range => contains(range, one) || contains(one, range)));
  const texts = new Set(inTheWay.toSorted((a, b) => a.prefix - b.prefix).map(one => formatCidr(networkOf(one))));
  const [shown, others] = [[...texts].slice(0, 3).join(', '), texts.size - 3];
  return others > 0 ? `${shown} and ${others} more` : shown;
}

function advice({ family, prefix, count }: NetworkWish, taken: readonly Cidr[]): string {
  if (family === 6) return 'Take one of them away.';
  for (let smaller = prefix + 1; smaller <= networkSizes[4].smallest; smaller += 1)
    if (freeCount({ family, prefix: smaller }, taken) >= count) return `There are enough of size /${smaller}.`;
  return 'Take one of them away, or ask for fewer.';
}

/** How many hosts fit: without the network's own and the broadcast address in IPv4. */
export const hostsIn = ({ family, prefix }: Pick<Cidr, 'family' | 'prefix'>): bigint =>
  hostMask({ family, value: 0n, prefix }) + (family === 4 ? -1n : 1n);
