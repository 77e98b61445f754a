import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownerWords, portWords, byteWords } from '../../../extension/runtime/views/port-words.ts';
import type { ProcessEntry } from '../../../extension/runtime/host.ts';
import type { SwitchPicture } from '../../../extension/runtime/switches/port-picture.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry, wireProcess } from '../../support/fake-processes.ts';
import { lab, networkSwitch, nic, vm } from '../../support/lab-builder.ts';
import { pictureOf, readerOf, runRoot } from '../../support/switch-pictures.ts';

const run = `${runRoot}/dmz`;
const lan = `${run}/switch-lan`;
const mac = (last: number): string => `52:54:00:00:00:0${last}`;

/** A VM with a NIC for each of these words after `-netdev vde,`. */
function qemu(pid: number, name: string, ...nets: readonly string[]): ProcessEntry {
  const nics = nets.flatMap((net, at) => {
    return ['-netdev', `vde,id=n${at},${net}`, '-device', `e1000,netdev=n${at},mac=${mac(at + 1)}`];
  });
  return processEntry(pid, ['qemu-system-x86_64', '-name', name, ...nics, '-pidfile', `${run}/${name}.pid`]);
}

const owners = ({ ports }: SwitchPicture): readonly string[] =>
  ports.map(port => `${port.number}: ${port.owners.map(ownerWords).join(' and ')}`);

const plugged = (pid: number) => ({ endpoints: [`QEMU user=u pid=${pid}`] });

describe('who hangs on a port', () => {
  test('is told by the port that each NIC of a VM was given', async () => {
    const one = new FakeVdeSwitch().port(2, plugged(5)).port(4, plugged(5)).port(7, plugged(5));
    const fw = qemu(
      5,
      'fw',
      `sock=${lan},port=4`,
      `sock=${run}/switch-dmz,port=2`,
      `sock=${lan}[7]`,
      `sock=${lan},port=2`,
    );

    expect(owners(await pictureOf(one, [fw]))).toEqual(['2: fw NIC 4', '4: fw NIC 1', '7: fw NIC 3']);
  });

  test('is told by the lab file where a NIC was plugged over', async () => {
    const one = new FakeVdeSwitch().port(3, plugged(5));
    const fw = qemu(5, 'fw', `sock=${run}/switch-dmz,port=2`, `sock=${run}/switch-dmz,port=3`);
    const file = lab({ switches: [networkSwitch('lan')], vms: [vm('fw', 31, { nics: [nic(2, 'lan', { port: 3 })] })] });

    expect(owners(await pictureOf(one, [fw], file))).toEqual(['3: fw NIC 2']);
  });

  test('is told by the lab file or by the MAC address where the command line of a VM is old', async () => {
    const fw = qemu(5, 'fw', `sock=${lan},port=1`, `sock=${run}/switch-dmz,port=1`);
    const file = lab({
      switches: [networkSwitch('lan')],
      vms: [vm('fw', 31, { nics: [nic(1, 'dmz', { port: 2 }), nic(3, 'lan', { port: 1 })] })],
    });
    const seen = new FakeVdeSwitch().port(1, plugged(5));
    seen.hash.push([mac(2), 0, 1]);

    expect(owners(await pictureOf(new FakeVdeSwitch().port(1, plugged(5)), [fw], file))).toEqual(['1: fw NIC 3']);
    expect(owners(await pictureOf(seen, [fw]))).toEqual(['1: fw NIC 2']);
  });

  test('is told by the MAC address that was seen where NICs took any port', async () => {
    const one = new FakeVdeSwitch().port(1, plugged(5)).port(2, plugged(5)).port(3, plugged(5));
    one.hash.push([mac(2), 0, 1]);

    expect(owners(await pictureOf(one, [qemu(5, 'fw', ...[1, 2, 3].map(() => `sock=${lan}`))]))).toEqual([
      '1: fw NIC 2',
      '2: fw probably NIC 1',
      '3: fw probably NIC 3',
    ]);
  });

  test('is left open where nothing tells', async () => {
    const one = new FakeVdeSwitch().port(1, plugged(5)).port(2, plugged(5));

    expect(owners(await pictureOf(one, [qemu(5, 'fw', `sock=${lan}`)]))).toEqual(['1: fw NIC ?', '2: fw NIC ?']);
  });

  test('is the only NIC that is left', async () => {
    const one = new FakeVdeSwitch().port(1, plugged(5)).port(9, plugged(5));

    expect(owners(await pictureOf(one, [qemu(5, 'fw', `sock=${lan}`, `sock=${lan},port=9`)]))).toEqual([
      '1: fw NIC 1',
      '9: fw NIC 2',
    ]);
  });

  test('may be several on one port, also of several VMs', async () => {
    const one = new FakeVdeSwitch().port(1, { endpoints: ['QEMU user=u pid=5', 'QEMU user=u pid=6'] });
    const vms = [qemu(5, 'fw', `sock=${lan},port=1`), qemu(6, 'web', `sock=${lan},port=1`)];

    expect(owners(await pictureOf(one, vms))).toEqual(['1: fw NIC 1 and web NIC 1']);
  });

  test('is a tap, an uplink, a wire, slirpvde under its own pid, or a stranger', async () => {
    const uplink = ['-machine', 'none', '-netdev', `vde,id=v,sock=${lan},port=2`];
    const one = new FakeVdeSwitch()
      .port(1, { endpoints: ['tap0'] })
      .port(2, plugged(6))
      .port(31, { endpoints: ['wire-lan-dmz user=u pid=7'] })
      .port(4, { endpoints: ['slirpvde: user=u pid=8'] })
      .port(5, { endpoints: ['vdeplug: user=v pid=20'] })
      .port(6, { endpoints: ['vdeplug: user=v pid=30'] })
      .port(29, { endpoints: ['wire-lan-b user=u pid=40'] })
      .port(30, { endpoints: ['wire-lan-udp user=u pid=41'] });
    const carried = [
      '-p',
      `${run}/wire-lan-b.plug.pid`,
      '-D',
      'wire-lan-b',
      '--',
      `${lan}[29]`,
      '=',
      'ssh',
      '--',
      'me@b',
    ];
    const udp = ['-p', `${run}/wire-lan-udp.pid`, '-D', 'wire-lan-udp', '--', `${lan}[30]`, 'udp://10.0.0.1:1->b:2'];
    const processes = [
      processEntry(6, ['qemu-system-x86_64', ...uplink]),
      wireProcess(7, run, 'lan', 'dmz'),
      processEntry(9, ['slirpvde', '-s', lan, '-d']),
      processEntry(20, ['/usr/bin/vde_plug', lan], { uid: 1001 }),
      processEntry(40, ['vde_plug', ...carried]),
      processEntry(41, ['vde_plug', ...udp]),
    ];

    expect(owners(await pictureOf(one, processes))).toEqual([
      '1: host interface tap0',
      '2: uplink (DHCP, NAT)',
      '4: slirpvde, process 9',
      '5: unknown process 20 (vde_plug, uid 1001)',
      '6: unknown process 30 (vdeplug: user=v pid=30)',
      '29: wire lan-b to ssh me@b',
      '30: wire lan-udp to udp://10.0.0.1:1->b:2',
      '31: wire lan-dmz to dmz port 31',
    ]);
  });

  test('is nobody where a plug outlived its process, also when that one was there at the look before', async () => {
    const one = new FakeVdeSwitch()
      .port(1, plugged(5))
      .port(2, { endpoints: ['wire-lan-dmz user=u pid=7'] })
      .port(3, { endpoints: ['kvmlab capture user=u pid=8', 'wire-lan-b user=u pid=9'] });
    const file = lab({ switches: [networkSwitch('lan')], vms: [vm('fw', 31, { nics: [nic(1, 'lan', { port: 1 })] })] });
    const { reader, processes } = readerOf(one, [
      qemu(5, 'fw', `sock=${lan},port=1`),
      processEntry(7, [
        'vde_plug',
        '-p',
        `${run}/wire-lan-dmz.pid`,
        '-D',
        'wire-lan-dmz',
        '--',
        `${lan}[2]`,
        '=',
        '/b',
      ]),
    ]);
    await reader.read('all');
    processes.set();
    await reader.read('ports');
    const { ports, drift } = reader.picture(file)!;

    expect(ports.map(portWords)).toEqual([
      'fw NIC 1 · not plugged in · plug left behind by QEMU (process 5 has ended)',
      'nobody · plug left behind by wire-lan-dmz (process 7 has ended)',
      'nobody · plug left behind by kvmlab capture (process 8 has ended) · plug left behind by wire-lan-b (process 9 has ended)',
    ]);
    expect(drift).toEqual([]);
  });

  test('is looked up again where another process has the pid of one that has ended', async () => {
    const one = new FakeVdeSwitch().port(5, { endpoints: ['vdeplug: user=v pid=20'] });
    const { reader, processes } = readerOf(one, [processEntry(20, ['vde_plug', lan], { startTicks: 100 })]);
    await reader.read('all');
    processes.set(processEntry(20, ['sleep', '9'], { startTicks: 200 }));
    await reader.read('ports');

    expect(owners(reader.picture(undefined)!)).toEqual(['5: unknown process 20 (sleep, uid 1000)']);
  });

  test('is never a guess that breaks, whatever ports, processes and command lines there are', async () => {
    const net = fc.constantFrom(`sock=${lan}`, `sock=${lan},port=1`, `sock=${lan}[2]`, 'sock=/other', '', 'port=3');
    const scene = fc.record({
      nets: fc.array(net, { maxLength: 4 }),
      ports: fc.uniqueArray(fc.integer({ min: 1, max: 5 })),
    });

    await fc.assert(
      fc.asyncProperty(scene, async ({ nets, ports }) => {
        const one = new FakeVdeSwitch();
        for (const port of ports) one.port(port, plugged(5));
        const picture = await pictureOf(one, [qemu(5, 'fw', ...nets)]);
        const nics = picture.ports.flatMap(port => port.owners.map(owner => (owner.kind === 'vm' ? owner.nic : -1)));
        const known = nics.filter(number => number !== undefined);

        // No NIC is in two ports, and none is made up.
        expect(new Set(known).size).toBe(known.length);
        expect(known.every(number => number >= 1 && number <= nets.length)).toBe(true);
      }),
    );
  });
});

describe('the words for a port', () => {
  test('tell VLANs, traffic per second and an unusual state', async () => {
    const one = new FakeVdeSwitch()
      .port(2, { ...plugged(5), vlan: 10 })
      .vlan(10)
      .vlan(20, 2);
    const [port] = (await pictureOf(one, [qemu(5, 'fw', `sock=${lan},port=2`)])).ports;
    const rate = { received: { packets: 10, bytes: 12_300 }, sent: { packets: 1, bytes: 3_100_000 } };

    expect(portWords(port!)).toBe('fw NIC 1 · untagged 10 · tagged 20');
    expect(portWords({ ...port!, rate, states: new Map([[10, 'Discarding']]) })).toBe(
      'fw NIC 1 · untagged 10 · tagged 20 · discarding in VLAN 10 · 12 kB/s in · 3.1 MB/s out',
    );
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [999.6, '1 kB'],
    [12_345, '12 kB'],
    [999_700, '1.0 MB'],
    [3_440_000, '3.4 MB'],
    [34_400_000, '34 MB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(byteWords(bytes)).toBe(words);
  });
});
