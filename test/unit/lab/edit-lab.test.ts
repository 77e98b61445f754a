import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { editLab } from '../../../extension/lab/edits/edit-lab.ts';
import type { LabEdit } from '../../../extension/lab/edits/lab-edit.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { difference, edited, labEditTools as tools } from '../../support/edited-lab.ts';

const firewall = readFileSync(
  path.resolve(import.meta.dirname, '../../../extension/samples/firewall/firewall.lab.yaml'),
  'utf8',
);

const changed = (text: string, edit: LabEdit): readonly string[] => difference(text, edited(text, edit));

describe('in the sample, one thing changes and the rest stays byte for byte', () => {
  test.each<[string, LabEdit, readonly string[]]>([
    [
      'a NIC moves to another switch, and gets a free address of its network',
      { kind: 'moveNic', vm: 'pc', nic: 1, switch: 'dmz' },
      ['-      - { switch: lan, address: 192.168.10.20/24 }', '+      - { switch: dmz, address: 10.1.0.2/24 }'],
    ],
    [
      'a NIC comes, with a free address for a tiny guest',
      { kind: 'addNic', vm: 'web', switch: 'lan' },
      ['+      - { switch: lan, address: 192.168.10.2/24 }'],
    ],
    [
      'a VM comes, written like its neighbours',
      { kind: 'addVm', name: 'late', id: 40, switches: ['dmz'] },
      ['+  late:', '+    id: 40', '+    guest: tiny', '+    nics:', '+      - { switch: dmz, address: 10.1.0.2/24 }'],
    ],
    ['a switch comes, with a free network', { kind: 'addSwitch', name: 'x' }, ['+  x: { network: 192.168.1.0/24 }']],
    [
      'an address changes',
      { kind: 'setAddresses', vm: 'pc', nic: 1, addresses: ['192.168.10.21/24', 'fd00::1/64'] },
      [
        '-      - { switch: lan, address: 192.168.10.20/24 }',
        '+      - { switch: lan, address: [192.168.10.21/24, "fd00::1/64"] }',
      ],
    ],
    [
      'an address goes',
      { kind: 'setAddresses', vm: 'pc', nic: 1, addresses: [] },
      ['-      - { switch: lan, address: 192.168.10.20/24 }', '+      - { switch: lan }'],
    ],
    ['the first wire comes', { kind: 'addWire', between: ['lan', 'dmz'] }, ['+wires:', '+  - { between: [lan, dmz] }']],
    [
      'a group is renamed',
      { kind: 'rename', thing: 'group', from: 'office', to: 'people' },
      ["-  office: { vms: [pc], colour: '#F5C26B' }", "+  people: { vms: [pc], colour: '#F5C26B' }"],
    ],
    [
      'a group takes a VM from another one, which goes when it is empty',
      { kind: 'group', vms: ['web'], group: 'office' },
      [
        "-  office: { vms: [pc], colour: '#F5C26B' }",
        "-  world: { vms: [web], colour: '#8FB8DE' }",
        "+  office: { vms: [pc, web], colour: '#F5C26B' }",
      ],
    ],
    ['a group comes', { kind: 'group', vms: ['fw'], group: 'edge' }, ['+  edge: { vms: [fw] }']],
    [
      'a NIC goes',
      { kind: 'remove', things: [{ kind: 'nic', vm: 'fw', nic: 2 }] },
      ['-      - { switch: dmz, address: 10.1.0.1/24 }'],
    ],
    [
      'the first pin comes',
      { kind: 'pin', pins: new Map([['fw', { column: 2, row: 1 }]]) },
      ['+picture:', '+  pins:', '+    fw: { column: 2, row: 1 }'],
    ],
  ])('%s', (_, edit, lines) => {
    expect(changed(firewall, edit)).toEqual(lines);
    const windows = firewall.replaceAll('\n', '\r\n');
    expect(edited(windows, edit)).toBe(edited(firewall, edit).replaceAll('\n', '\r\n'));
  });

  test('a VM goes with its group, and a switch with its NICs and wires', () => {
    const wired = edited(firewall, { kind: 'addWire', between: ['lan', 'dmz'] });

    const after = edited(wired, {
      kind: 'remove',
      things: [
        { kind: 'vm', name: 'pc' },
        { kind: 'switch', name: 'dmz' },
      ],
    });

    const lab = readLab(after).lab;
    expect(lab?.vms.map(vm => [vm.name, ...vm.nics.map(nic => nic.switch)])).toEqual([['fw', 'lan'], ['web']]);
    expect([lab?.switches.length, lab?.wires.length, lab?.groups.map(one => one.name)]).toEqual([1, 0, ['world']]);
    // What stood behind a line goes with it, as behind pc's check.
    const gone = ['# gives', '', '# on layer 2: only fw stands between them'];
    expect(commentsOf(after)).toEqual(commentsOf(firewall).filter(comment => !gone.includes(comment)));
  });

  test('a rename takes all references with it', () => {
    const text = [
      'switches: { lan: , "b": { network: 10.0.0.0/8 } } # all',
      'vms:',
      "  'fw': # wall",
      '    nics: [{ switch: lan }, { switch: b }]',
      '  pc: { nics: [ { switch: lan }, ] }',
      'groups: { g: { vms: fw }, h: { vms: [pc] } }',
      'wires: [{ between: [lan, b] }]',
      'picture: { pins: { fw: { column: 0, row: 1 }, lan/uplink: { column: 1, row: 0 } } }',
      '',
    ].join('\n');

    const once = edited(text, { kind: 'rename', thing: 'switch', from: 'lan', to: 'office' });
    const twice = edited(once, { kind: 'rename', thing: 'vm', from: 'fw', to: 'wall' });

    expect(twice).toBe(
      text
        .replaceAll('lan/', 'office/')
        .replaceAll(/\blan\b/g, 'office')
        .replace("'fw'", 'wall')
        .replaceAll(/\bfw\b/g, 'wall'),
    );
  });
});

describe('whatever is there already is written to', () => {
  test.each<[string, string, LabEdit, string]>([
    [
      'no VMs',
      'switches:\n  lan:\n',
      { kind: 'addVm', name: 'a', id: 1, switches: [] },
      'switches:\n  lan:\nvms:\n  a: { id: 1, guest: tiny }\n',
    ],
    [
      'an empty key',
      'vms: # none yet\nswitches: { lan: }\n',
      { kind: 'addVm', name: 'a', id: 1, switches: ['lan'] },
      'vms: # none yet\n  a:\n    id: 1\n    guest: tiny\n    nics:\n      - { switch: lan }\nswitches: { lan: }\n',
    ],
    [
      'an empty map',
      'vms: {}\n',
      { kind: 'addVm', name: 'a', id: 1, switches: [] },
      'vms: { a: { id: 1, guest: tiny } }\n',
    ],
    [
      'a VM with nothing',
      'vms:\n  a: # soon\nswitches: { lan: }\n',
      { kind: 'addNic', vm: 'a', switch: 'lan' },
      'vms:\n  a: # soon\n    nics:\n      - { switch: lan }\nswitches: { lan: }\n',
    ],
    [
      'an empty list',
      'vms: { a: { nics: [] } }\nswitches: { lan: }\n',
      { kind: 'addNic', vm: 'a', switch: 'lan' },
      'vms: { a: { nics: [{ switch: lan }] } }\nswitches: { lan: }\n',
    ],
    [
      'block NICs',
      'vms:\n    a:\n        nics:\n        - switch: lan # in\n          vlan: 5\nswitches: { lan: }\n',
      { kind: 'addNic', vm: 'a', switch: 'lan' },
      'vms:\n    a:\n        nics:\n        - switch: lan # in\n          vlan: 5\n        - switch: lan\nswitches: { lan: }\n',
    ],
    [
      'JSON',
      '{"vms": {"a": {"id": 1}}, "switches": {"lan": {}}}',
      { kind: 'addNic', vm: 'a', switch: 'lan' },
      '{"vms": {"a": {"id": 1, nics: [{ switch: lan }]}}, "switches": {"lan": {}}}',
    ],
    [
      'no line break at the end',
      'vms:\n  a: { id: 1 }',
      { kind: 'addVm', name: 'b', id: 2, switches: [] },
      'vms:\n  a: { id: 1 }\n  b: { id: 2, guest: tiny }',
    ],
    [
      'the last pin',
      'vms: { a: }\npicture:\n  pins:\n    a: { column: 0, row: 0 }\n',
      { kind: 'pin', pins: new Map([['a', undefined]]) },
      'vms: { a: }\n',
    ],
    [
      'other pins',
      'vms: { a: , b: }\npicture:\n  pins:\n    a: { column: 0, row: 0 } # left\n',
      { kind: 'pin', pins: new Map([['b', { column: 1, row: 0 }]]) },
      'vms: { a: , b: }\npicture:\n  pins:\n    a: { column: 0, row: 0 } # left\n    b: { column: 1, row: 0 }\n',
    ],
    [
      'the only VM',
      'vms:\n  # mine\n  a:\n    id: 1\nswitches: { lan: }\n',
      { kind: 'remove', things: [{ kind: 'vm', name: 'a' }] },
      'vms:\n  # mine\nswitches: { lan: }\n',
    ],
    [
      'the last group',
      'vms: { a: }\ngroups:\n  g: { vms: [a] } # people\nwires: []\n',
      { kind: 'group', vms: ['a'], group: undefined },
      'vms: { a: }\nwires: []\n',
    ],
    [
      'the last group of a file in one line',
      '{ vms: { a: }, groups: { g: { vms: a } } }',
      { kind: 'remove', things: [{ kind: 'group', name: 'g' }] },
      '{ vms: { a: } }',
    ],
    [
      'a group that stands for the last one',
      'vms: { a: }\ngroups:\n  g: { vms: [a] }\n',
      { kind: 'group', vms: ['a'], group: 'h' },
      'vms: { a: }\ngroups:\n  h: { vms: [a] }\n',
    ],
    [
      'groups that all give way to a new one',
      'vms: { a: }\ngroups:\n  g: { vms: [a] } # people\n  # others\n  h:\n    vms: [a]\n  # end\n',
      { kind: 'group', vms: ['a'], group: 'new' },
      'vms: { a: }\ngroups:\n  new:\n    vms: [a]\n  # others\n  # end\n',
    ],
    [
      'a comment where the last group was',
      'vms: { a: }\ngroups:\n  # of people\n  g: { vms: [a] }\n',
      { kind: 'remove', things: [{ kind: 'group', name: 'g' }] },
      'vms: { a: }\ngroups:\n  # of people\n',
    ],
    [
      'the last wire and the last NIC, of a switch that goes',
      'vms:\n  a:\n    id: 1\n    nics:\n      - { switch: b }\nswitches: { lan: , b: }\nwires:\n  - { between: [lan, b] }\n',
      { kind: 'remove', things: [{ kind: 'switch', name: 'b' }] },
      'vms:\n  a:\n    id: 1\nswitches: { lan: }\n',
    ],
    [
      'a NIC without a switch',
      'vms: { a: { nics: [{ switch: }] } }\nswitches: { lan: }\n',
      { kind: 'moveNic', vm: 'a', nic: 1, switch: 'lan' },
      'vms: { a: { nics: [{ switch: lan }] } }\nswitches: { lan: }\n',
    ],
  ])('%s', (_, before, edit, after) => {
    expect(edited(before, edit)).toBe(after);
  });

  test.each<[string, string, string]>([
    ['what fits', 'address: 10.0.0.9/24', 'address: 10.0.0.9/24'],
    ['none', '', ''],
    ['dhcp', 'address: dhcp', 'address: dhcp'],
    ['what a VLAN has', 'vlan: 3, address: 10.9.0.1/24', 'vlan: 3, address: 10.9.0.1/24'],
    ['one of each family', 'address: [10.9.0.1/24, fd00::1/64]', 'address: [10.0.0.2/24, fd00::1/64]'],
    ['several', 'address: [10.9.0.1/24, 10.9.0.2/24]', 'address: [10.0.0.2/24, 10.0.0.3/24]'],
  ])('a NIC that moves keeps its address where it can: %s', (_, before, after) => {
    const text = (name: string, rest: string): string =>
      `vms: { a: { nics: [{ switch: ${name}${rest === '' ? '' : `, ${rest}`} }] }, b: { nics: [{ switch: to, address: 10.0.0.1/24 }] } }\n` +
      'switches: { from: { network: 10.9.0.0/24 }, to: { network: 10.0.0.0/24 } }\n';

    expect(edited(text('from', before), { kind: 'moveNic', vm: 'a', nic: 1, switch: 'to' })).toBe(text('to', after));
  });

  test('a full network leaves the address as it is', () => {
    const text =
      'vms: { a: { nics: [{ switch: lan, address: 10.9.0.1/24 }] } }\n' +
      'switches: { lan: { network: 10.9.0.0/24 }, to: { network: 10.0.0.0/31 } }\n';

    expect(edited(text, { kind: 'moveNic', vm: 'a', nic: 1, switch: 'to' })).toBe(
      text.replace('switch: lan', 'switch: to'),
    );
  });

  test('what else a move changes is told', () => {
    expect(editLab(firewall, { kind: 'moveNic', vm: 'pc', nic: 1, switch: 'dmz' }, tools)).toMatchObject({
      news: ["NIC 1 of pc has 10.1.0.2/24 now, as 192.168.10.20/24 is outside of dmz's network."],
    });
  });

  test('the same again is nothing', () => {
    const result = editLab(firewall, { kind: 'moveNic', vm: 'pc', nic: 1, switch: 'lan' }, tools);

    expect(result).toEqual({ kind: 'edits', edits: [], news: [] });
  });
});

describe('nothing is written, and the reason is told', () => {
  test.each<[string, string, LabEdit, RegExp]>([
    ['broken YAML', 'vms:\n  a: { id: 1\nswitches: { lan: }\n', { kind: 'addSwitch', name: 'x' }, /mistake in line \d/],
    ['no lab', '- 1\n', { kind: 'addSwitch', name: 'x' }, /cannot be read/],
    [
      'an alias',
      'x: &n { nics: [{ switch: lan }] }\nvms: { a: *n, b: *n }\nswitches: { lan: , b: }',
      { kind: 'moveNic', vm: 'a', nic: 1, switch: 'b' },
      /by hand/,
    ],
    [
      'an anchor that others share',
      'vms: { a: &n { nics: [{ switch: lan }] }, c: *n }\nswitches: { lan: , b: }',
      { kind: 'moveNic', vm: 'a', nic: 1, switch: 'b' },
      /by hand/,
    ],
    [
      'a name twice',
      'vms: { a: { id: 1 }, a: { id: 2 } }\nswitches: { lan: }',
      { kind: 'addNic', vm: 'a', switch: 'lan' },
      /by hand/,
    ],
    ['a VM that is gone', firewall, { kind: 'addNic', vm: 'gone', switch: 'lan' }, /no VM gone/],
    ['a NIC that is gone', firewall, { kind: 'moveNic', vm: 'pc', nic: 2, switch: 'lan' }, /no NIC 2 of VM pc/],
    ['a name that is taken', firewall, { kind: 'rename', thing: 'vm', from: 'pc', to: 'FW' }, /is a VM fw already/],
    ['a name that is no file', firewall, { kind: 'addVm', name: '../x', id: 1, switches: [] }, /cannot name a VM/],
    ['a name of the scripts', firewall, { kind: 'addVm', name: 'lab', id: 1, switches: [] }, /needs itself/],
    ['a wire from a switch to itself', firewall, { kind: 'addWire', between: ['lan', 'lan'] }, /two switches/],
    ['absurd nesting', `{${'a: b c: '.repeat(20_000)}}`, { kind: 'addSwitch', name: 'x' }, /cannot be read|mistake/],
  ])('%s', (_, text, edit, reason) => {
    expect(editLab(text, edit, tools)).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) as string });
  });
});

const commentsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|\s)(#(?!F5|8F).*)$/gm)].map(([, comment]) => comment ?? '');
