import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { contains, formatCidr, networkOf, parseCidr, type Cidr } from '../../../extension/lab/networks/cidr.ts';
import { FreeNetworks } from '../../../extension/lab/networks/free-networks.ts';
import { drawNetworks, freeCount, hostsIn, isWayOut } from '../../../extension/lab/networks/private-networks.ts';
import { seededRandom } from '../../../extension/lab/networks/random.ts';

const cidr = (text: string): Cidr => parseCidr(text)!;
const meet = (a: Cidr, b: Cidr): boolean => contains(a, b) || contains(b, a);
const rfc1918 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(cidr);
const four = (prefix: number, count = 1) => ({ family: 4 as const, prefix, count });
const six = (prefix: number, count = 1) => ({ family: 6 as const, prefix, count });
const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return '';
};

/** Networks in and around 192.168.0.0/20, many of them, and of every size, some inside others. */
const takenLists = fc.array(
  fc.record({
    family: fc.constant(4 as const),
    value: fc.integer({ min: 0xc0a7ff00, max: 0xc0a811ff }).map(BigInt),
    prefix: fc.integer({ min: 21, max: 32 }),
  }),
  { maxLength: 40 },
);
const ranges = ['192.168.0.0/21', '192.168.8.0/22', '192.168.12.0/22'].map(cidr);

/** The same by looking at every candidate. */
function listFree(prefix: number, taken: readonly Cidr[]): readonly string[] {
  const size = 2 ** (32 - prefix);
  const first = 0xc0a80000;
  const all = Array.from({ length: 4096 / size }, (_, at) => ({
    family: 4 as const,
    value: BigInt(first + at * size),
    prefix,
  }));
  const fits = (one: Cidr): boolean => ranges.some(range => range.prefix <= prefix && contains(range, one));
  return all.filter(one => fits(one) && !taken.some(other => meet(one, other))).map(formatCidr);
}

describe('free networks', () => {
  test('are exactly those that touch nothing that is taken, each with a number of its own', () => {
    fc.assert(
      fc.property(takenLists, fc.integer({ min: 20, max: 30 }), (taken, prefix) => {
        const free = new FreeNetworks(ranges, prefix, taken);
        const all = Array.from({ length: Number(free.count) }, (_, index) => formatCidr(free.at(BigInt(index))));

        expect(all).toEqual(listFree(prefix, taken));
      }),
    );
  });

  test('are all drawn when all are wanted, in an order that is random', () => {
    fc.assert(
      fc.property(takenLists, fc.integer({ min: 22, max: 28 }), fc.maxSafeNat(), (taken, prefix, seed) => {
        const free = new FreeNetworks(ranges, prefix, taken);
        const drawn = free.draw(Number(free.count), seededRandom(seed)).map(formatCidr);

        expect(drawn.toSorted()).toEqual(listFree(prefix, taken).toSorted());
      }),
    );
    const free = new FreeNetworks(ranges, 24, []);
    const orders = [1, 2, 3].map(seed => free.draw(16, seededRandom(seed)).map(formatCidr).join());
    expect(new Set(orders).size).toBe(3);
  });

  test('in a million draws never touch what is taken, and all of them come about equally often', () => {
    // Some 60 % of the /28 of a /16 are taken, in lumps of all sizes.
    const random = seededRandom(5);
    const places = Array.from({ length: 1500 }, () => ({ at: random() & 0xffff, prefix: 25 + (random() % 8) }));
    const isTaken = new Uint8Array(4096);
    for (const { at, prefix } of places) {
      const size = 2 ** (32 - prefix);
      isTaken.fill(1, (at - (at % size)) >> 4, ((at - (at % size) + size - 1) >> 4) + 1);
    }
    const taken = places.map(({ at, prefix }) => ({ family: 4 as const, value: BigInt(0xc0a80000 + at), prefix }));
    const free = new FreeNetworks([cidr('192.168.0.0/16')], 28, taken);
    const drawn = new Uint32Array(4096);
    const draws = 1_000_000;
    for (let draw = 0; draw < draws; draw += 1) {
      for (const { value } of free.draw(1, random)) drawn[Number(value - 0xc0a80000n) >> 4]! += 1;
    }
    const [wanted, unwanted] = [0, 1].map(which => [...drawn].filter((_, at) => isTaken[at] === which));
    const share = draws / wanted!.length;

    expect(Number(free.count)).toBe(wanted!.length);
    expect(wanted!.length).toBeGreaterThan(100);
    expect(wanted!.length).toBeLessThan(2500);
    expect(unwanted!.filter(count => count > 0)).toEqual([]);
    expect(Math.min(...wanted!)).toBeGreaterThan(share - 6 * Math.sqrt(share));
    expect(Math.max(...wanted!)).toBeLessThan(share + 6 * Math.sqrt(share));
  });
});

describe('private networks of IPv4', () => {
  test('lie in RFC 1918, are whole, and touch neither what is taken nor each other', () => {
    const sizes = fc.integer({ min: 8, max: 30 });
    fc.assert(
      fc.property(takenLists, sizes, fc.integer({ min: 1, max: 20 }), fc.maxSafeNat(), (taken, prefix, count, seed) => {
        if (freeCount(four(prefix), taken) < count) return;
        const { networks } = drawNetworks(four(prefix, count), taken, seededRandom(seed));

        expect(networks).toHaveLength(count);
        networks.forEach((one, at) => {
          expect([one.prefix, networkOf(one)]).toEqual([prefix, one]);
          expect(rfc1918.some(range => contains(range, one))).toBe(true);
          expect([...taken, ...networks.slice(0, at)].filter(other => meet(one, other))).toEqual([]);
        });
      }),
    );
  });

  test.each([
    [8, 1n],
    [9, 2n],
    [12, 17n],
    [16, 256n + 16n + 1n],
    [24, 65_536n + 4096n + 256n],
  ])('of size /%i are so many', (prefix, count) => {
    expect(freeCount(four(prefix), [])).toBe(count);
  });

  test('come from the last gap when little is left, and then there is an error', () => {
    const taken = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/17', '192.168.128.1/32', '192.168.130.0/23'].map(cidr);
    const rest = cidr('192.168.132.0/22');
    const others = ['192.168.136.0/21', '192.168.144.0/20', '192.168.160.0/19', '192.168.192.0/18'].map(cidr);
    const { networks, free } = drawNetworks(four(23), [...taken, rest, ...others.slice(1)], seededRandom(1));

    expect(free).toBe(4n);
    expect(contains(others[0]!, networks[0]!)).toBe(true);
    const left = [...taken, rest, ...others];
    expect(drawNetworks(four(24), left, seededRandom(1)).networks.map(formatCidr)).toEqual(['192.168.129.0/24']);
    expect(failure(() => drawNetworks(four(24, 2), left, seededRandom(1)))).toBe(
      'Only 1 private network of size /24 is free, and 2 were asked for: labs and routes of this host take 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/17 and 7 more. There are enough of size /25.',
    );
    expect(failure(() => drawNetworks(four(23), left, seededRandom(1)))).toMatch(
      /^No private network of size \/23 is free: .* There are enough of size \/24\.$/,
    );
    expect(failure(() => drawNetworks(four(30), rfc1918, seededRandom(1)))).toMatch(
      / take 10\.0\.0\.0\/8, 172\.16\.0\.0\/12, 192\.168\.0\.0\/16\. Take one of them away, or ask for fewer\.$/,
    );
  });
});

describe('unique local networks of IPv6', () => {
  test('are of one site that touches nothing', () => {
    const taken = [cidr('fd00::/9')];
    const { networks, free } = drawNetworks(six(64, 300), taken, seededRandom(2));
    const sites = new Set(networks.map(one => one.value >> 80n));

    expect(free).toBe(2n ** 39n);
    expect([sites.size, new Set(networks.map(formatCidr)).size]).toEqual([1, 300]);
    for (const one of networks) {
      expect([one.prefix, networkOf(one)]).toEqual([64, one]);
      expect([contains(cidr('fd80::/9'), one), meet(taken[0]!, one)]).toEqual([true, false]);
    }
  });

  test('use all 40 bits of the site and all 16 of the subnet', () => {
    const random = seededRandom(9);
    const seen = Array.from({ length: 200 }, () => drawNetworks(six(64), [], random).networks[0]!.value);
    const ones = seen.reduce((all, value) => all | value, 0n);
    const zeros = seen.reduce((all, value) => all & value, seen[0]!);

    expect([ones, zeros]).toEqual([0xfdffffffffffffffn << 64n, 0xfdn << 120n]);
  });

  test('of a whole site are given too; more than a site has, or none left, is an error', () => {
    expect(drawNetworks(six(48), [], seededRandom(1)).networks[0]?.prefix).toBe(48);
    expect(failure(() => drawNetworks(six(48, 2), [], seededRandom(1)))).toContain(
      'has room for 1 of size /48, and 2 were asked for',
    );
    expect(failure(() => drawNetworks(six(64), [cidr('fc00::/7')], seededRandom(1)))).toBe(
      'No private network of size /48 is free: labs and routes of this host take fc00::/7. Take one of them away.',
    );
  });
});

test.each([
  ['0.0.0.0/0', true],
  ['128.0.0.0/1', true],
  ['8.0.0.0/5', true],
  ['10.0.0.0/8', false],
  ['172.16.0.0/12', false],
  ['192.168.0.0/16', false],
  ['192.0.0.0/17', false],
  ['::/0', true],
  ['8000::/1', true],
  ['fd00::/8', false],
  ['2000::/3', false],
])('the route %s leads to everything else: %s', (route, isOut) => {
  expect(isWayOut(cidr(route))).toBe(isOut);
});

test('the room in a network', () => {
  expect([hostsIn(cidr('10.0.0.0/24')), hostsIn(cidr('10.0.0.0/30')), hostsIn(cidr('fd00::/64'))]).toEqual([
    254n,
    2n,
    2n ** 64n,
  ]);
});
