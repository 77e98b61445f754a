import { describe, expect, test } from 'vitest';
import { processEntry, switchProcess, vmProcess, wireProcess } from '../../support/fake-processes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const run = '/run/u/kvmlab/dmz';
const lab =
  'switches: { lan: {}, dmz: {} }\nvms:\n  fw: { id: 31, vnc: true }\n  pc: {}\nwires: [{ between: [lan, dmz] }]\n';

function setUp(): FakeTerminal {
  const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': lab });
  terminal.processes.set(
    vmProcess(11, run, 'fw', 31),
    processEntry(12, ['kvm', '-name', 'win\x1b[2J', '-vnc', ':1']),
    switchProcess(21, run, 'lan'),
    processEntry(22, ['vde_switch', '-s', '/srv/old', '-n', '5']),
    wireProcess(31, run, 'lan', 'dmz'),
  );
  const port = (number: number, state: string): string => `Port 000${number} untagged_vlan=0000 ${state} - x\n`;
  terminal.management.answers.set(
    `${run}/switch-lan.mgmt`,
    port(1, 'ACTIVE') + port(2, 'INACTIVE') + port(3, 'ACTIVE'),
  );
  return terminal;
}

describe('kvmlab kvmlist', () => {
  test('gives every VM of the host as JSON, null where there is nothing', async () => {
    const terminal = setUp();

    expect(await terminal.run('kvmlist', '--json')).toBe(0);
    expect(terminal.json()).toEqual([
      { name: 'fw', id: 31, pid: 11, memory: '256M', lab: 'dmz', serial: 10031, monitor: 20031, display: null },
      { name: 'win\x1b[2J', id: null, pid: 12, memory: null, lab: null, serial: null, monitor: null, display: 5901 },
    ]);
  });

  test('gives a table to people, in which no name steers their terminal', async () => {
    const terminal = setUp();

    await terminal.run('kvmlist');

    expect(terminal.out).toBe(
      'NAME     ID  PID  MEMORY  LAB  SERIAL  MONITOR  DISPLAY\n' +
        'fw       31   11  256M    dmz   10031    20031        -\n' +
        'win�[2J   -   12  -       -         -        -     5901\n',
    );
  });
});

describe('kvmlab vdelist', () => {
  test('gives every switch of the host as JSON, with the ports in use of those that can be asked', async () => {
    const terminal = setUp();

    expect(await terminal.run('vdelist', '--json')).toBe(0);
    expect(terminal.json()).toEqual([
      {
        name: 'lan',
        lab: 'dmz',
        pid: 21,
        socket: `${run}/switch-lan`,
        management: `${run}/switch-lan.mgmt`,
        ports: 32,
        portsInUse: 2,
        uid: 1000,
        tap: null,
        hub: false,
        stp: false,
        vlans: [],
        uplink: null,
      },
      {
        ...{ name: 'old', lab: null, pid: 22, socket: '/srv/old', management: null, ports: 4, portsInUse: null },
        ...{ uid: 1000, tap: null, hub: null, stp: null, vlans: null, uplink: null },
      },
    ]);
  });

  test('lists a switch that does not answer all the same', async () => {
    const terminal = setUp();
    terminal.management.answers.clear();

    expect(await terminal.run('vdelist')).toBe(0);
    expect(terminal.out).toMatch(/^NAME +LAB +PID .*\nlan +dmz +21 +\? of 32 .*\nold +- +22 +\? of 4 .*\n$/);
  });
});

test('an empty list says so', async () => {
  const terminal = new FakeTerminal();

  await terminal.run('kvmlist');
  const vms = terminal.out;
  await terminal.run('vdelist');

  expect([vms, terminal.out]).toEqual(['No QEMU VM runs on this host.\n', 'No VDE switch runs on this host.\n']);
});

describe('kvmlab status', () => {
  test('gives the state of everything in a lab, in the order of its file', async () => {
    const terminal = setUp();

    expect(await terminal.run('status', 'dmz.lab.yaml', '--json')).toBe(0);
    expect(terminal.json()).toEqual({
      lab: 'dmz',
      vms: [
        {
          name: 'fw',
          id: 31,
          folder: null,
          lock: null,
          state: 'running',
          ready: null,
          pid: 11,
          host: null,
          ports: { serial: 10031, monitor: 20031, display: 30031 },
        },
        {
          name: 'pc',
          id: null,
          folder: null,
          lock: null,
          state: 'stopped',
          ready: null,
          pid: null,
          host: null,
          ports: { serial: null, monitor: null, display: null },
        },
      ],
      switches: [
        { name: 'lan', state: 'running', pid: 21, host: null, uplink: null },
        { name: 'dmz', state: 'stopped', pid: null, host: null, uplink: null },
      ],
      wires: [{ name: 'lan-dmz', state: 'running', pid: 31, host: null }],
      unknown: [],
    });
  });

  test('tells of an uplink: whether it runs, its addresses, and where its forwards lead', async () => {
    const uplink = `${run}/switch-lan.uplink.pid`;
    const slirp = 'slirp: { forward: tcp 2222 10.0.2.15:22 }';
    const pxe = 'pxe: { root: tftp, file: boot.ipxe }';
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': `switches: { lan: { ${slirp} }, dmz: { ${pxe} } }\n` });
    terminal.processes.set(
      switchProcess(21, run, 'lan'),
      processEntry(22, ['qemu-system-x86_64', '-machine', 'none', '-pidfile', uplink, '-netdev', 'user,id=nat']),
    );

    await terminal.run('status', '--json');
    const json = terminal.json();
    await terminal.run('status');

    const none = { forwards: [], pxe: null };
    const boots = { root: 'tftp', file: 'boot.ipxe' };
    const addresses = { network: '10.0.2.0/24', address: '10.0.2.2', leases: ['10.0.2.15', '10.0.2.30'] };
    const forwards = [{ protocol: 'tcp', host: '127.0.0.1:2222', guest: '10.0.2.15:22' }];
    expect(json).toMatchObject({
      switches: [
        { name: 'lan', uplink: { ...none, ...addresses, forwards, pid: 22, words: 'uplink (DHCP, NAT)' } },
        { name: 'dmz', uplink: { ...none, ...addresses, pxe: boots, pid: null, words: 'boot server (DHCP, PXE)' } },
      ],
    });
    expect(terminal.out).toContain(
      'Switch lan: uplink (DHCP, NAT), process 22\n  address 10.0.2.2, gives 10.0.2.15 to 10.0.2.30\n  forwards tcp 127.0.0.1:2222 to 10.0.2.15:22\n',
    );
    expect(terminal.out).toContain('Switch dmz: boot server (DHCP, PXE), stopped\n');
    expect(terminal.out).toContain('boots boot.ipxe from tftp\n');
  });

  test('gives tables to people', async () => {
    const terminal = setUp();

    await terminal.run('status');

    expect(terminal.out).toBe(
      'Lab dmz: 1 of 2 VMs running\n\n' +
        'VM  STATE    ID  PID  SERIAL  MONITOR  DISPLAY\n' +
        'fw  running  31   11   10031    20031    30031\n' +
        'pc  stopped   -    -       -        -        -\n\n' +
        'SWITCH  STATE    PID\n' +
        'lan     running   21\n' +
        'dmz     stopped    -\n\n' +
        'WIRE     STATE    PID\n' +
        'lan-dmz  running   31\n',
    );
  });

  test('does not take the VMs of another lab for its own', async () => {
    const terminal = setUp();
    terminal.processes.set(
      vmProcess(11, '/run/u/kvmlab/other', 'fw', 31),
      vmProcess(12, '/tmp/kvmlab-9/dmz', 'fw', 31),
    );

    await terminal.run('status', '--json');

    expect(terminal.json()).toMatchObject({ vms: [{ state: 'stopped' }, { state: 'stopped' }] });
  });
});
