import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildGuest, type GuestBuild } from '../../extension/host/guest-builder.ts';
import { macOf } from '../../extension/lab/networks/addressing.ts';
import type { Nic } from '../../extension/lab/model.ts';
import { type BootedGuest, GuestLab } from '../support/guest-lab.ts';
import { nic, vm } from '../support/lab-builder.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const guestNic = (id: number, number: number, name: string, parts: Partial<Nic>): Nic =>
  nic(number, name, { mac: macOf('52:54:00', id, number), port: id, ...parts });

const fw = vm('fw', 1, {
  isTinyGuest: true,
  forward: true,
  nics: [
    guestNic(1, 1, 'lan', {
      addresses: ['10.0.0.1/24', 'fd00:1::1/64'],
      tagged: [
        { vlan: 10, addresses: ['10.10.0.1/24', 'fd00:10::1/64'] },
        { vlan: 20, addresses: [] },
      ],
    }),
    guestNic(1, 2, 'dmz', { addresses: ['10.1.0.1/24'] }),
  ],
});

const web = vm('web', 2, {
  isTinyGuest: true,
  gateway: '10.0.0.1',
  append: 'panic=5',
  nics: [
    guestNic(2, 1, 'lan', {
      addresses: ['10.0.0.2/24', 'fd00:1::2/64'],
      tagged: [{ vlan: 10, addresses: ['10.10.0.2/24'] }],
    }),
    guestNic(2, 2, 'dmz', { addresses: ['dhcp'] }),
  ],
});

describe('two tiny guests on two switches', () => {
  const lab = new GuestLab();
  let router: BootedGuest;
  let server: BootedGuest;

  beforeAll(async () => {
    await tinyGuestDir();
    await Promise.all([lab.startSwitch('lan', [10]), lab.startSwitch('dmz')]);
    [router, server] = await Promise.all([lab.boot(fw), lab.boot(web, [])]);
    // web asks for a lease that nobody gives; it has to come up all the same.
    await Promise.all([router.console.waitFor(/^READY fw$/m), server.console.waitFor(/^READY web$/m)]);
  });

  afterAll(() => lab.stop());

  test('have their static addresses when they say READY', async () => {
    const addresses = await router.run("ip -o address show scope global | awk '{ print $2, $4 }'");

    expect(addresses.split('\n').sort()).toEqual([
      'eth0 10.0.0.1/24',
      'eth0 fd00:1::1/64',
      'eth0.10 10.10.0.1/24',
      'eth0.10 fd00:10::1/64',
      'eth1 10.1.0.1/24',
    ]);
  });

  test('have a VLAN interface for a tag without an address', async () => {
    // Reading it fails while the interface is down.
    expect(await router.run('cat /sys/class/net/eth0.20/carrier')).toBe('1');
  });

  test('number their interfaces as the lab numbers its NICs', async () => {
    expect(await router.run('cat /sys/class/net/eth0/address /sys/class/net/eth1/address')).toBe(
      '52:54:00:00:01:01\n52:54:00:00:01:02',
    );
  });

  test.each(['10.0.0.1', 'fd00:1::1', '10.10.0.1', '10.1.0.1'])('reach each other: %s', async address => {
    expect(await server.run(`ping -c 2 -W 5 ${address}`)).toContain(' 0% packet loss');
  });

  test('show a page with their name', async () => {
    expect(await router.run('wget -qO- http://10.0.0.2/')).toContain('<h1>web</h1>');
  });

  test('know their own names, and fail rather than crash for a name nobody knows', async () => {
    expect(await server.run('hostname; wget -qO- http://web/')).toContain('web');
    expect((await server.console.run('wget -qO- http://nobody.invalid/')).code).toBe(1);
  });

  test('forward only if told to', async () => {
    const forwarding = 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/eth0/forwarding';

    expect(await Promise.all([router.run(forwarding), server.run(forwarding)])).toEqual(['1\n1', '0\n0']);
  });

  test('take a lease as soon as there is a DHCP server', async () => {
    await router.run(
      "printf 'start 10.1.0.50\\nend 10.1.0.50\\ninterface eth1\\noption subnet 255.255.255.0\\noption router 10.1.0.9\\n' >/tmp/d" +
        ' && touch /tmp/leases && echo lease_file /tmp/leases >>/tmp/d && udhcpd /tmp/d',
    );

    await server.run(
      'for i in $(seq 60); do ip -4 address show eth1 | grep -q 10.1.0.50/24 && break; sleep 0.5; done; ip -4 address show eth1 | grep 10.1.0.50/24',
    );

    // The lab's gateway goes before the server's.
    expect(await server.run("ip route | awk '/default/ { print $3, $5, $7 }'")).toBe(
      '10.0.0.1 eth0 \n10.1.0.9 eth1 100',
    );
  });

  test('have job control: Ctrl-C ends a command and not the shell', async () => {
    server.console.type("echo go''ing; sleep 1000\r");
    await server.console.waitFor(/going/);
    server.console.type('\x03');

    expect(await server.run('echo back')).toBe('back');
  });

  test('take the size of the terminal that answers', async () => {
    server.console.type("echo ask''ing; sleep 1; resize\r");
    await server.console.waitFor(/asking/);
    server.console.type('\x1b[40;120R');

    await server.console.waitFor(/40 120\n/);
    expect(await server.run('stty rows 24 columns 80; stty size')).toBe('24 80');
  });

  test('complete what is half typed', async () => {
    server.console.type('cat /etc/hostn\t');
    await server.console.waitFor(/\/etc\/hostname/);
    server.console.type('\r');

    await server.console.waitFor(/^web$/m);
  });

  test('give another shell when one ends', async () => {
    server.console.type('exit\r');
    await server.console.waitFor(/exit\n[^]*web:~# /);

    expect(await server.run('tty; pwd')).toBe('/dev/ttyS0\n/root');
  });

  test('switch off when the power button is pressed', async () => {
    await router.pressPowerButton();

    expect(await router.exitCode()).toBe(0);
  });

  test('switch off at once when told to', async () => {
    server.console.type('poweroff\r');

    expect(await server.exitCode()).toBe(0);
  });
});

describe('the builder', () => {
  test('gives the same bytes, also to two at once, and does nothing if nothing would change', async () => {
    const kept = await tinyGuestDir();
    const dir = mkdtempSync(join(tmpdir(), 'kvg-'));
    try {
      const lines: string[] = [];
      const build = (): Promise<GuestBuild> => buildGuest(join(dir, 'new/guest'), { log: line => lines.push(line) });
      const [first] = await Promise.all([build(), build()]);
      const madeAt = statSync(first.initrd).mtimeMs;
      const second = await build();

      expect([first.isNew, second.isNew]).toEqual([true, false]);
      expect(statSync(first.initrd).mtimeMs).toBe(madeAt);
      expect(readFileSync(first.initrd).equals(readFileSync(join(kept, 'initrd')))).toBe(true);
      expect(lines.at(-1)).toMatch(/up to date/);
      expect(readdirSync(join(dir, 'new/guest')).sort()).toEqual(['initrd', 'made-from', 'vmlinuz']);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('leaves nothing behind when it is called off', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kvg-'));
    const controller = new AbortController();
    try {
      const building = buildGuest(dir, { log: () => controller.abort(), signal: controller.signal, force: true });

      await expect(building).rejects.toThrow(/called off/);
      expect(readdirSync(dir)).toEqual([]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
