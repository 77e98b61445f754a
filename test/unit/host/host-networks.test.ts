import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { LinuxHostNetworks } from '../../../extension/host/host-networks.ts';
import { formatCidr, parseCidr } from '../../../extension/lab/networks/cidr.ts';

let proc: string;

beforeEach(() => {
  proc = mkdtempSync(path.join(os.tmpdir(), 'kn-'));
});

afterEach(() => rmSync(proc, { recursive: true }));

const files = (texts: Readonly<Record<string, readonly string[]>>): void => {
  for (const [name, lines] of Object.entries(texts))
    writeFileSync(path.join(proc, name), lines.map(line => `${line}\n`).join(''));
};

const found = async (): Promise<readonly string[]> => (await new LinuxHostNetworks(proc).list()).map(formatCidr);

const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   ';

describe('the networks of the host', () => {
  test('are the destinations of its routes, with their masks', async () => {
    files({
      route: [
        header,
        'eth0\t00000000\t0102A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0  ',
        'eth0\t0002A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0  ',
        'tun0\t0000100A\t00000000\t0001\t0\t0\t0\t0000F0FF\t0\t0\t0  ',
        'tun0\t05FF100A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0  ',
      ],
    });

    expect(await found()).toEqual(['0.0.0.0/0', '192.168.2.0/24', '10.16.0.0/12', '10.16.255.5/32']);
  });

  test('are also those of other tables and its own addresses', async () => {
    files({
      route: [header],
      fib_trie: [
        'Id 200:',
        '  +-- 0.0.0.0/0 3 0 5',
        '     |-- 10.44.0.0',
        '        /16 universe UNICAST',
        '        /24 link BLACKHOLE tos=1',
        'Local:',
        '  +-- 10.0.0.0/8 2 0 2',
        '     |-- 10.1.2.3',
        '        /32 host LOCAL',
      ],
    });

    expect(await found()).toEqual(['10.44.0.0/16', '10.44.0.0/24', '10.1.2.3/32']);
  });

  test('of IPv6 are routes, and addresses with the networks that they lie in', async () => {
    files({
      route: [header],
      ipv6_route: [
        'fd000000000000010000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0',
      ],
      if_inet6: ['fd0000000000000200000000000000aa 04 38 00 82     eth0'],
    });

    expect(await found()).toEqual(['fd00:0:0:1::/64', 'fd00:0:0:2::aa/56']);
  });

  test('are an error where they cannot be read', async () => {
    await expect(found()).rejects.toThrow(UserError);
    await expect(found()).rejects.toThrow(/^The routes of this host cannot be read from .*\/route: no such file/);
  });

  test('of this machine hold every address that it has', async () => {
    const list = await new LinuxHostNetworks().list();
    const own = Object.values(os.networkInterfaces()).flatMap(all => all?.flatMap(one => one.cidr ?? []) ?? []);
    const values = new Set(list.map(({ family, value }) => `${family} ${value}`));

    expect(own.length).toBeGreaterThan(0);
    for (const text of own) {
      const address = parseCidr(text)!;
      expect(values).toContain(`${address.family} ${address.value}`);
    }
  });
});
