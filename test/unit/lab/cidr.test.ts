import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contains,
  formatCidr,
  formatIp,
  isNetworkOrBroadcast,
  networkOf,
  parseCidr,
  parseIp,
} from '../../../extension/lab/networks/cidr.ts';

describe('addresses', () => {
  test.each([
    '10.0.0.1',
    '10.0.0.1/',
    '10.0.0.1/33',
    '10.0.0/8',
    '256.0.0.1/8',
    '010.0.0.1/8',
    'fd00::1/129',
    'fd00:::1/64',
    '::1::/64',
    '1:2:3:4:5:6:7/64',
    '1:2:3:4:5:6:7:8:9/64',
    '1:2:3:4:5:6:7:8::/64',
    'fd00::g/64',
    '/24',
    '10.0.0.1/2 4',
    '1.2.3.4::/64',
  ])('%s is no address with a prefix length', text => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test.each([
    ['10.0.0.7/8', '10.0.0.0/8'],
    ['192.168.10.1/24', '192.168.10.0/24'],
    ['1.2.3.4/0', '0.0.0.0/0'],
    ['FD00:1::80/64', 'fd00:1::/64'],
    ['::1/128', '::1/128'],
    ['1:0:0:2:0:0:0:3/128', '1:0:0:2::3/128'],
    ['::ffff:10.0.0.1/128', '::ffff:a00:1/128'],
    ['::/0', '::/0'],
  ])('the network of %s is %s', (address, network) => {
    expect(formatCidr(networkOf(parseCidr(address)!))).toBe(network);
  });

  test('a network contains its own addresses of its own family', () => {
    const network = parseCidr('10.1.0.0/16')!;

    expect(['10.1.255.255/32', '10.2.0.0/16', 'fd00::1/64'].map(text => contains(network, parseCidr(text)!))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('only networks with more than two addresses have a broadcast address', () => {
    const isSpecial = (net: string, ip: string): boolean => isNetworkOrBroadcast(parseCidr(net)!, parseIp(ip)!);

    expect([
      isSpecial('10.0.0.0/30', '10.0.0.3'),
      isSpecial('10.0.0.0/30', '10.0.0.2'),
      isSpecial('10.0.0.0/31', '10.0.0.1'),
    ]).toEqual([true, false, false]);
    expect(isSpecial('fd00::/64', 'fd00::')).toBe(false);
  });

  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
        const ip = parseIp(text)!;

        expect(parseIp(formatIp(ip))).toEqual(ip);
      }),
    );
  });

  test('what is an address, the platform’s own reader also takes', () => {
    const nearly = fc.stringMatching(/^[0-9a-f:.]{1,20}$/);
    fc.assert(
      fc.property(nearly, text => {
        expect(parseIp(text) !== undefined).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });
});
