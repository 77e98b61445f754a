import { describe, expect, test } from 'vitest';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry, switchProcess, wireProcess } from '../../support/fake-processes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const run = '/run/u/kvmlab/dmz';
const file = `name: dmz
switches: { lan: { vlans: [10, 20] }, dmz: {} }
vms:
  fw:
    id: 31
    nics:
      - { switch: lan, tagged: [10, 20] }
      - { switch: lan, vlan: 10, address: 10.0.0.1/24 }
`;

const fwArgs = ['qemu-system-x86_64', '-name', 'fw', '-pidfile', `${run}/fw.pid`].concat(
  ...[1, 2].map(at => {
    const netdev = `vde,id=n${at},sock=${run}/switch-lan,port=${at}`;
    return ['-netdev', netdev, '-device', `e1000,netdev=n${at},mac=52:54:00:00:1f:0${at}`];
  }),
);

function setUp(): { readonly terminal: FakeTerminal; readonly lan: FakeVdeSwitch } {
  const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': file });
  terminal.processes.set(
    processEntry(11, fwArgs),
    switchProcess(21, run, 'lan'),
    switchProcess(22, run, 'dmz'),
    switchProcess(23, '/run/u/kvmlab/other', 'dmz'),
    wireProcess(31, run, 'lan', 'dmz'),
  );
  const plugged = { endpoints: ['QEMU user=u pid=11'] };
  const lan = new FakeVdeSwitch().port(1, plugged).port(2, { ...plugged, vlan: 10, received: 3, sent: 1 });
  lan
    .port(31, { endpoints: ['wire-lan-dmz user=u pid=31'] })
    .vlan(10, 1)
    .vlan(20, 1);
  lan.hash.push(['52:54:00:00:1f:02', 10, 2]);
  Object.assign(lan, { numports: 33 });
  terminal.management.switches.set(`${run}/switch-lan.mgmt`, lan);
  return { terminal, lan };
}

describe('kvmlab portlist', () => {
  test('gives every port with who hangs there, and how it differs from the lab file', async () => {
    const { terminal } = setUp();

    expect(await terminal.run('portlist', 'lan')).toBe(0);
    expect(terminal.out.split('\n').map(line => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'PORT | WHO | UNTAGGED | TAGGED | MAC ADDRESSES SEEN | IN BYTES | OUT BYTES | LAB FILE',
      ' | 1 | fw NIC 1 | - | 10,20 | - | 0 | 0 | -',
      ' | 2 | fw NIC 2 | 10 | - | 52:54:00:00:1f:02 | 300 | 100 | -',
      ' | 31 | wire lan-dmz to dmz port 31 | - | - | - | 0 | 0 | wire lan-dmz to dmz port 31 is not in the file',
      'Differs from the lab file: 32 ports, file says 31',
      '',
    ]);
  });

  test('gives the same as JSON', async () => {
    const { terminal } = setUp();

    await terminal.run('portlist', `${run}/switch-lan`, '--json');

    expect(terminal.json()).toMatchObject({
      ...{ switch: 'lan', lab: 'dmz', pid: 21, labFile: '/work/dmz.lab.yaml', hub: false, stp: false, vlans: [10, 20] },
      ports: [
        { port: 1, active: true, owners: [{ kind: 'vm', name: 'fw', lab: 'dmz', nic: 1, pid: 11 }], tagged: [10, 20] },
        {
          ...{ port: 2, untagged: 10, states: { 10: 'Forwarding' }, planned: 'fw NIC 2', differs: [], rate: null },
          ...{ in: { packets: 3, bytes: 300 }, macs: [{ mac: '52:54:00:00:1f:02', vlan: 10, age: 1 }] },
        },
        { port: 31, owners: [{ kind: 'wire', name: 'lan-dmz', pid: 31 }], planned: null },
      ],
      differs: ['32 ports, file says 31'],
    });
  });

  test.each([
    ['dmz', 'Which switch dmz? There are dmz/dmz, other/dmz.'],
    ['nix', 'No switch nix runs on this host; running: dmz/dmz, other/dmz, dmz/lan.'],
    ['other/dmz', 'Cannot ask /run/u/kvmlab/other/switch-dmz.mgmt.'],
  ])('%s is refused with what there is', async (name, words) => {
    const { terminal } = setUp();

    expect(await terminal.run('portlist', name)).toBe(1);
    expect(terminal.err).toContain(words);
  });
});

test('kvmlab ethlist gives every NIC of a VM, with the addresses of its lab file', async () => {
  const { terminal } = setUp();

  await terminal.run('ethlist', 'dmz/fw', '--json');

  const place = { switch: 'lan', lab: 'dmz', socket: `${run}/switch-lan` };
  expect(terminal.json()).toEqual([
    { nic: 1, mac: '52:54:00:00:1f:01', ...place, port: 1, untagged: 0, tagged: [10, 20], addresses: [], macs: [] },
    {
      ...{ nic: 2, mac: '52:54:00:00:1f:02', ...place, port: 2, untagged: 10, tagged: [] },
      ...{ addresses: ['10.0.0.1/24'], macs: ['52:54:00:00:1f:02'] },
    },
  ]);
});

describe('kvmlab vlan-vdecfg and name-vlan-vdecfg', () => {
  test('show what is, by port and by NIC', async () => {
    const { terminal } = setUp();

    expect(await terminal.run('vlan-vdecfg', 'lan', '1-3')).toBe(0);
    expect(terminal.out).toBe(
      'Port 1 of switch lan: tagged 10, 20\nPort 2 of switch lan: untagged 10\nPort 3 of switch lan: no VLAN\n',
    );
    await terminal.run('name-vlan-vdecfg', 'fw', '2');
    expect(terminal.out).toBe('Port 2 of switch lan: untagged 10\n');
  });

  test('set what is asked for and show what is then; a VLAN taken off may begin with a dash', async () => {
    const { terminal, lan } = setUp();

    expect(await terminal.run('vlan-vdecfg', 'lan', '1', 'tagged', '-20', 'untagged', '30')).toBe(0);
    expect(terminal.out).toBe('Port 1 of switch lan: untagged 30 · tagged 10\n');
    expect(await terminal.run('name-vlan-vdecfg', 'fw', '1', 'untagged', 'none', 'tagged', 'none')).toBe(0);
    expect(terminal.out).toBe('Port 1 of switch lan: no VLAN\n');
    expect(lan.commands).toContain('vlan/create 30');
  });

  test('say with exit code 3 that it was so already', async () => {
    const { terminal } = setUp();

    expect(await terminal.run('vlan-vdecfg', 'lan', '2', 'untagged', '10')).toBe(3);
  });

  test.each([
    [['lan', '2', 'untagged', '5000'], 1, '"5000" is no VLAN. VLANs are 1 to 4094.'],
    [['lan', '99'], 1, 'There is no port 99: the switch has ports 1 to 32.'],
    [['lan', '2', 'tagged', '+10'], 1, 'Port 2 of switch lan would have VLAN 10 both untagged and tagged.'],
    [['lan', '2', 'vlan', '5'], 2, '"vlan" is neither "untagged" nor "tagged".'],
    [['lan', '2', 'tagged'], 2, '"tagged" needs a value, such as +10,-20.'],
    [['lan'], 2, 'Which switch, and which port of it?'],
  ])('vlan-vdecfg %j ends with %i', async (words, code, message) => {
    const { terminal, lan } = setUp();

    expect(await terminal.run('vlan-vdecfg', ...words)).toBe(code);
    expect(terminal.err).toContain(message);
    expect(lan.commands.filter(line => /set|add|del|create/.test(line))).toEqual([]);
  });

  test('name the NICs there are if one is asked for that is not', async () => {
    const { terminal } = setUp();

    expect(await terminal.run('name-vlan-vdecfg', 'fw', '7')).toBe(1);
    expect(terminal.err).toContain('VM fw has no NIC 7. It has: 1, 2.');
  });
});

describe('kvmlab vlan-apply', () => {
  test('makes a switch as its lab file says, and says what it did', async () => {
    const { terminal, lan } = setUp();
    lan.vlan(20).port(2, { endpoints: ['QEMU user=u pid=11'], vlan: 0 });
    terminal.processes.set(processEntry(11, fwArgs), switchProcess(21, run, 'lan'));

    expect(await terminal.run('vlan-apply', 'dmz.lab.yaml')).toBe(0);
    expect(terminal.out).toContain('Switch lan: port 1: tagged 10, file says 10, 20 – made as the file says\n');
    expect(terminal.out).toContain('Switch lan: port 2: untagged none, file says 10 – made as the file says\n');
    expect([lan.vlans.get(20)?.has(1), lan.ports.get(2)?.vlan, lan.numports]).toEqual([true, 10, 32]);
    expect(await terminal.run('vlan-apply', 'dmz.lab.yaml', 'lan')).toBe(3);
  });

  test('says when there is no such switch, and when it does not run', async () => {
    const { terminal } = setUp();
    terminal.processes.set();

    expect(await terminal.run('vlan-apply', 'dmz.lab.yaml', 'nix')).toBe(2);
    expect(await terminal.run('vlan-apply', 'dmz.lab.yaml', 'lan')).toBe(1);
    expect(terminal.err).toContain('Switch lan of lab dmz does not run.');
  });
});

describe('kvmlab stp', () => {
  const rows = (terminal: FakeTerminal): readonly string[] =>
    terminal.out.split('\n').map(line => line.trim().replaceAll(/ {2,}/g, ' | '));

  test('turns the spanning tree on and says who is what in it', async () => {
    const { terminal, lan } = setUp();
    lan.rootPort = 31;

    expect(await terminal.run('stp', 'lan', 'on', 'edge', '1-2')).toBe(0);
    expect(rows(terminal)).toEqual([
      'Switch lan: spanning tree · root by port 31, priority 32768',
      'Spanning tree: root is 10:00:00:ff:00:e7:14:44, root by port 31, cost 0',
      'Spanning tree of VLAN 10: root is 10:00:00:ff:00:e7:14:44, root by port 31, cost 0',
      'Spanning tree of VLAN 20: root is 10:00:00:ff:00:e7:14:44, root by port 31, cost 0',
      'PORT | WHO | ROLE | STATE',
      '1 | fw NIC 1 | edge port | forwarding',
      '2 | fw NIC 2 | edge port | forwarding',
      '31 | wire lan-dmz to dmz port 31 | root port | forwarding',
      '',
    ]);
    expect(lan.commands.filter(line => line.includes('set'))).toEqual([
      'fstp/setfstp 1',
      'fstp/setedge 0 1 1',
      'fstp/setedge 10 1 1',
      'fstp/setedge 20 1 1',
      'fstp/setedge 10 2 1',
    ]);
  });

  test('gives the same as JSON, as portlist does', async () => {
    const { terminal, lan } = setUp();
    lan.hasStp = true;
    lan.edges.add('10/2');

    await terminal.run('stp', 'lan', '--json');
    const stp = JSON.parse(terminal.out) as { readonly ports: readonly object[] };
    expect(stp).toMatchObject({
      on: true,
      priority: 32_768,
      trees: [{ vlan: 0, isRoot: true, rootPort: null }, {}, {}],
    });
    expect(stp.ports[1]).toMatchObject({ port: 2, who: 'fw NIC 2', roles: { 10: 'Edge' }, edge: true });

    const other = setUp();
    Object.assign(other.lan, { hasStp: true });
    await other.terminal.run('portlist', 'lan', '--json');
    expect(JSON.parse(other.terminal.out)).toMatchObject({
      stp: true,
      trees: [{ vlan: 0 }, { vlan: 10 }, { vlan: 20 }],
      ports: [{ roles: { 0: 'Designated', 10: 'Designated', 20: 'Designated' }, edge: false }, {}, {}],
    });
  });

  test('does nothing twice, and says so by its exit code', async () => {
    const { terminal, lan } = setUp();

    expect(await terminal.run('stp', 'lan', 'off', 'no-edge', '1')).toBe(3);
    expect(lan.commands.filter(line => line.includes('set'))).toEqual([]);
  });

  test.each([
    [['edge', '31'], 1, 'leads to another switch (wire lan-dmz to dmz port 31). As an edge port it could make a loop.'],
    [['edge', '9'], 1, 'Switch lan has no port 9 in use.'],
    [['edge', '1', 'no-edge', '1'], 1, 'Is port 1 to be an edge port or not?'],
    [['edge'], 2, '"edge" needs ports'],
    [['fast'], 2, '"fast" is none of'],
  ])('refuses %j', async (words, code, message) => {
    const { terminal, lan } = setUp();

    expect(await terminal.run('stp', 'lan', ...words)).toBe(code);
    expect(terminal.err).toContain(message);
    expect(lan.commands.filter(line => line.includes('set'))).toEqual([]);
  });
});
