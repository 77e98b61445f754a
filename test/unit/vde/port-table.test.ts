import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePorts, parseVlans } from '../../../extension/vde/port-table.ts';

/** As vde_switch 2.3.2 printed it: a QEMU, a wire, a tap and a port that waits. */
const allPorts = `Port 0001 untagged_vlan=0010 ACTIVE - Unnamed Allocatable
 Current User: root Access Control: (User: NONE - Group: NONE)
 IN:  pkts         26          bytes                 2056
 OUT: pkts         13          bytes                 1146
  -- endpoint ID 0003 module unix prog   : QEMU user=root pid=28652
Port 0016 untagged_vlan=0000 ACTIVE - Unnamed Allocatable
 Current User: labuser Access Control: (User: NONE - Group: NONE)
 IN:  pkts         12          bytes                 1084
 OUT: pkts         21          bytes                 1526
  -- endpoint ID 0009 module unix prog   : vdeplug: user=labuser pid=28725
  -- endpoint ID 0010 module tuntap      : tap0
Port 0003 untagged_vlan=0010 INACTIVE - NOT Unnamed Allocatable
 Current User: NONE Access Control: (User: NONE - Group: NONE)
 IN:  pkts          0          bytes                    0
 OUT: pkts          0          bytes                    0
`;

describe('the table of ports', () => {
  test('tells of each port its VLAN, its user, what passed and who hangs there', () => {
    expect(parsePorts(allPorts)).toEqual([
      {
        number: 1,
        vlan: 10,
        isActive: true,
        isAllocatable: true,
        user: 'root',
        received: { packets: 26, bytes: 2056 },
        sent: { packets: 13, bytes: 1146 },
        endpoints: [{ id: 3, module: 'unix prog', description: 'QEMU user=root pid=28652', pid: 28652 }],
      },
      {
        number: 16,
        vlan: 0,
        isActive: true,
        isAllocatable: true,
        user: 'labuser',
        received: { packets: 12, bytes: 1084 },
        sent: { packets: 21, bytes: 1526 },
        endpoints: [
          { id: 9, module: 'unix prog', description: 'vdeplug: user=labuser pid=28725', pid: 28725 },
          { id: 10, module: 'tuntap', description: 'tap0', pid: undefined },
        ],
      },
      {
        number: 3,
        vlan: 10,
        isActive: false,
        isAllocatable: false,
        user: undefined,
        received: { packets: 0, bytes: 0 },
        sent: { packets: 0, bytes: 0 },
        endpoints: [],
      },
    ]);
  });

  test('leaves the traffic open where the switch counts none', () => {
    const [port] = parsePorts('Port 0001 untagged_vlan=0000 ACTIVE - Unnamed Allocatable\n');

    expect([port?.received, port?.sent]).toEqual([undefined, undefined]);
  });

  test('of nothing is empty', () => {
    expect([parsePorts(''), parsePorts(' Current User: root Access Control: x\n'), parseVlans('')]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

test('the table of VLANs tells which port carries which with a tag', () => {
  const print = `VLAN 0000
 -- Port 0016 tagged=0 active=1 status=Forwarding
VLAN 0010
 -- Port 0001 tagged=0 active=0 status=Discarding
 -- Port 0016 tagged=1 active=1 status=Forwarding
VLAN 0020
`;

  expect(parseVlans(print)).toEqual([
    { vlan: 0, ports: [{ number: 16, isTagged: false, isActive: true, status: 'Forwarding' }] },
    {
      vlan: 10,
      ports: [
        { number: 1, isTagged: false, isActive: false, status: 'Discarding' },
        { number: 16, isTagged: true, isActive: true, status: 'Forwarding' },
      ],
    },
    { vlan: 20, ports: [] },
  ]);
});

test('no text makes the parsers throw, and lines that they do not know change nothing', () => {
  const noise = fc.string().filter(line => !/^( *(Port|VLAN|IN|OUT|Current|--))|\n/.test(line));

  fc.assert(
    fc.property(noise, fc.nat(12), (line, at) => {
      const lines = allPorts.split('\n');
      const mixed = [...lines.slice(0, at), line, ...lines.slice(at)].join('\n');
      expect(parsePorts(mixed)).toEqual(parsePorts(allPorts));
    }),
  );
  fc.assert(
    fc.property(fc.string(), text => {
      expect([parsePorts(text), parseVlans(text)]).toHaveLength(2);
    }),
  );
});
