import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePorts, parseVlans } from '../../../extension/vde/port-table.ts';
import { switchCommands } from '../../../extension/vde/switch-commands.ts';
import { readNews } from '../../../extension/vde/switch-news.ts';
import {
  parseHash,
  parseHashFacts,
  parseHelp,
  parseNewsCategories,
  parsePlugins,
  parsePortFacts,
  parseSpanningTreeFacts,
  parseSpanningTrees,
  parseSwitchIdentity,
} from '../../../extension/vde/switch-tables.ts';

/** As vde_switch 2.3.2 printed them. */
const hash = `Hash: 0049 Addr: 52:54:00:00:01:0A VLAN 0010 to port: 001  age 1 secs
Hash: 0055 Addr: 52:54:00:00:03:00 VLAN 0000 to port: 016  age -2 secs
`;
const trees = `FST DATA VLAN 0000 ROOTSWITCH 
 ++ root 80:00:00:ff:a2:1b:90:3c
 ++ designated ff:ff:ff:ff:ff:ff:ff:ff
 ++ rootport 0000 cost 0 age 0 bonusport 0000 bonuscost 0
 -- Port 0001 tagged=0 portcost=20000000 role=Designated
FST DATA VLAN 0010 
 ++ root 10:00:00:ff:a2:1b:90:3d
 ++ designated 80:00:00:ff:a2:1b:90:3e
 ++ rootport 0002 cost 20000000 age 1 bonusport 0000 bonuscost 0
 -- Port 0002 tagged=1 portcost=20000000 role=Alternate/Backup
`;
const table = `NAME                   HELP
------------           ----
pdump                  dump packets to file, in pcap format
`;
const categories = `CATEGORY               TAG STATUS HELP
------------           --- ------ ----
hash/+                 011 OFF    hash: new element
port/ep/-              032 ON     closed endpoint
`;
const help = `COMMAND PATH       SYNTAX          HELP
------------       --------------  ------------
ds                 ============    DATA SOCKET MENU
ds/showinfo                        show ds info
port/setvlan       N VLAN          set port VLAN (untagged)
`;
const info = `VDE switch V.2.3.2
(C) Virtual Square Team (coord. R. Davoli) 2005,2006,2007 - GPLv2

pid 17543 MAC 00:ff:00:e7:14:44 uptime 12
mgmt /tmp/eh/sw.mgmt perm 0600
`;

describe('the tables of a switch', () => {
  test('of MAC addresses', () => {
    expect(parseHash(hash)).toEqual([
      { mac: '52:54:00:00:01:0a', vlan: 10, port: 1, ageSeconds: 1 },
      { mac: '52:54:00:00:03:00', vlan: 0, port: 16, ageSeconds: -2 },
    ]);
  });

  test('of spanning trees', () => {
    const nobody = 'ff:ff:ff:ff:ff:ff:ff:ff';
    const port = { number: 1, isTagged: false, cost: 20_000_000, role: 'Designated' };
    const blocked = { number: 2, isTagged: true, cost: 20_000_000, role: 'Alternate/Backup' };

    expect(parseSpanningTrees(trees)).toEqual([
      {
        vlan: 0,
        isRoot: true,
        root: '80:00:00:ff:a2:1b:90:3c',
        designated: nobody,
        rootPort: undefined,
        cost: 0,
        ports: [port],
      },
      {
        ...{ vlan: 10, isRoot: false, root: '10:00:00:ff:a2:1b:90:3d', designated: '80:00:00:ff:a2:1b:90:3e' },
        ...{ rootPort: 2, cost: 20_000_000, ports: [blocked] },
      },
    ]);
  });

  test('of plugins, of news and of commands', () => {
    expect(parsePlugins(table)).toEqual([{ name: 'pdump', description: 'dump packets to file, in pcap format' }]);
    expect(parseNewsCategories(categories)).toEqual([
      { path: 'hash/+', tag: 11, isOn: false },
      { path: 'port/ep/-', tag: 32, isOn: true },
    ]);
    expect(parseHelp(help)).toEqual(['ds/showinfo', 'port/setvlan']);
  });

  test('of single facts', () => {
    expect(parseSwitchIdentity(info)).toEqual({
      version: '2.3.2',
      pid: 17543,
      mac: '00:ff:00:e7:14:44',
      uptimeSeconds: 12,
    });
    expect(parsePortFacts('Numports=9\nHUB=true\ncounters=true\n')).toEqual({
      ports: 8,
      isHub: true,
      hasCounters: true,
    });
    expect(parseSpanningTreeFacts('MAC 00:ff:00:e7:14:44 Priority 4096 (0x1000)\nFSTP=true\n')).toEqual({
      ...{ isOn: true, priority: 4096, mac: '00:ff:00:e7:14:44' },
    });
    expect(parseHashFacts('Min persistence -1 secs\n')).toMatchObject({ persistSeconds: -1 });
    expect(parseHashFacts('Hash size 128\nGC interval 2 secs\nGC expire 100 secs\nMin persistence 3 secs\n')).toEqual({
      ...{ size: 128, collectSeconds: 2, expireSeconds: 100, persistSeconds: 3 },
    });
  });
});

test('a parser takes any text, and of a table that is cut gives what stands before the cut', () => {
  const all = [
    ...[parseHash, parseHashFacts, parseHelp, parseNewsCategories, parsePlugins, parsePortFacts, parsePorts],
    ...[parseSpanningTreeFacts, parseSpanningTrees, parseSwitchIdentity, parseVlans],
  ];
  const session = hash + trees + table + categories + help + info;

  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.nat(session.length).map(at => session.slice(0, at)),
      ),
      text => {
        for (const parse of all) expect(parse(text)).toBeDefined();
      },
    ),
  );
  fc.assert(
    fc.property(fc.nat(trees.length), at => {
      const [first] = parseSpanningTrees(trees.slice(0, at));
      expect(first === undefined || first.vlan === 0).toBe(true);
    }),
  );
});

describe('a command', () => {
  test('is one line with its arguments', () => {
    const lines = [
      switchCommands.setUntagged(3, 10),
      switchCommands.addTag(10, 3),
      switchCommands.setStp(true),
      switchCommands.setPortCount(31),
      switchCommands.printStp(),
      switchCommands.printStp(7),
      switchCommands.setEdge(0, 4, false),
    ].map(command => command.line);

    expect(lines).toEqual([
      ...['port/setvlan 3 10', 'vlan/addport 10 3', 'fstp/setfstp 1', 'port/setnumports 32'],
      ...['fstp/print', 'fstp/print 7', 'fstp/setedge 0 4 0'],
    ]);
  });
});

test.each([
  [3021, 'port/+ 03', { kind: 'port', port: 3, change: 'opened' }],
  [3022, 'port/- 03', { kind: 'port', port: 3, change: 'closed' }],
  [3031, 'port/ep/+ Port 12 FD 10', { kind: 'port', port: 12, change: 'endpoint' }],
  [3023, 'port/descr Port 03 FD 10 -> "x"', { kind: 'port', port: 3, change: 'endpoint' }],
  [3011, 'hash/+ …', { kind: 'hash' }],
  [3045, 'fstp/root …', { kind: 'stp' }],
  [3021, 'something else', { kind: 'other', code: 3021, text: 'something else' }],
])('the news %i %s are understood', (code, text, news) => {
  expect(readNews({ kind: 'news', code, text })).toEqual(news);
});
