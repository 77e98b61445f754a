import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../extension/lab/edits/edit.ts';
import type { Plugged } from '../../../extension/lab/plugs.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { editVlans, type SwitchVlans } from '../../../extension/lab/edits/vlan-edit.ts';
import { randomLab } from '../../support/lab-generator.ts';

const nic1: Plugged = { kind: 'nic', vm: 'fw', nic: 1 };

function edited(text: string, untagged: number, tagged: readonly number[], who: Plugged = nic1): string {
  return applyEdits(text, editVlans(text, [{ who, untagged, tagged }]));
}

/** The entry of the only NIC, before and after. */
const flow = (nic: string): string => `vms: { fw: { id: 1, nics: [${nic}] } }\nswitches: { lan: }\n`;
const block = (nic: string, before = ''): string =>
  `${before}switches:\n  lan:\nvms:\n  fw:\n    id: 1\n    nics:\n${nic}    cpus: 2 # two\n`;

describe('the VLANs of a NIC are written', () => {
  test.each([
    ['into a flow map', '{ switch: lan }', 10, [20, 30], '{ switch: lan, vlan: 10, tagged: [20, 30] }'],
    ['into a tight one', '{switch: lan}', 10, [], '{switch: lan, vlan: 10}'],
    ['before a last comma', '{ switch: lan, }', 10, [], '{ switch: lan, vlan: 10, }'],
    [
      'over what is there',
      '{ switch: lan, vlan: 0x0a, model: e1000 }',
      20,
      [],
      '{ switch: lan, vlan: 20, model: e1000 }',
    ],
    ['in order', '{ switch: lan, tagged: [10, 30] }', 0, [30, 10, 20], '{ switch: lan, tagged: [10, 20, 30] }'],
    ['over a single one', '{ switch: lan, tagged: 10 }', 0, [10, 20], '{ switch: lan, tagged: [10, 20] }'],
    ['behind a key without a value', '{ switch: lan, vlan: }', 7, [], '{ switch: lan, vlan: 7 }'],
    ['off again', '{ switch: lan, vlan: 10, tagged: [20] }', 0, [], '{ switch: lan }'],
    ['off at the front', '{ vlan: 10, tagged: [20], switch: lan }', 0, [], '{ switch: lan }'],
    ['off in the middle', '{ switch: lan, vlan: 10, model: e1000 }', 0, [], '{ switch: lan, model: e1000 }'],
    ['from the one to the other', '{ switch: lan, vlan: 10 }', 0, [10], '{ switch: lan, tagged: [10] }'],
    [
      'beside the addresses of those that stay',
      '{ switch: lan, tagged: { 10: 10.0.10.1/24, 20: 10.0.20.1/24 } }',
      0,
      [20, 30],
      '{ switch: lan, tagged: { 20: 10.0.20.1/24, 30: } }',
    ],
    [
      'in place of all that was',
      '{ switch: lan, tagged: { 10: 10.0.10.1/24 } }',
      0,
      [20],
      '{ switch: lan, tagged: [20] }',
    ],
    ['past a comment', '{ switch: lan, # wan\n vlan: 10 }', 0, [], '{ switch: lan, # wan\n  }'],
  ])('%s', (_, before, untagged, tagged, after) => {
    expect(edited(flow(before), untagged, tagged)).toBe(flow(after));
  });

  test.each([
    [
      'into a block',
      '      - switch: lan # the inside\n',
      10,
      [20],
      '      - switch: lan # the inside\n        vlan: 10\n        tagged: [20]\n',
    ],
    [
      'off a block',
      '      - switch: lan\n        vlan: 10 # red\n        # next\n        model: e1000\n',
      0,
      [],
      '      - switch: lan\n        # next\n        model: e1000\n',
    ],
    ['off the line of the dash', '      - vlan: 10\n        switch: lan\n', 0, [], '      - switch: lan\n'],
    [
      'off the end of a block',
      '      - switch: lan\n        vlan: 10\n        tagged: [20]\n',
      0,
      [],
      '      - switch: lan\n',
    ],
    [
      'into a block list',
      '      - switch: lan\n        tagged:\n          - 10 # red\n          # blue\n          - 20\n',
      5,
      [20, 30],
      '      - switch: lan\n        tagged:\n          # blue\n          - 20\n          - 30\n        vlan: 5\n',
    ],
    [
      'into a block of addresses',
      '      - switch: lan\n        tagged:\n          10: 10.0.10.1/24 # red\n',
      0,
      [10, 30],
      '      - switch: lan\n        tagged:\n          10: 10.0.10.1/24 # red\n          30:\n',
    ],
  ])('%s', (_, before, untagged, tagged, after) => {
    expect(edited(block(before), untagged, tagged)).toBe(block(after));
    const windows = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(edited(windows(block(before)), untagged, tagged)).toBe(windows(block(after)));
  });

  test('at the very end of a file', () => {
    const text = (tail: string): string => `switches: { lan: }\nvms:\n  fw:\n    nics:\n      - switch: lan${tail}`;

    expect(edited(text(''), 10, [])).toBe(text('\n        vlan: 10'));
    expect(edited(text('\n        vlan: 10'), 0, [])).toBe(text(''));
  });

  test('not at all if they are there', () => {
    const text = flow('{ switch: lan, vlan: 10, tagged: [30, 20] }');

    expect(edited(text, 10, [20, 30])).toBe(text);
  });

  test.each([
    ['an alias', 'x: &n { switch: lan }\nvms: { fw: { nics: [*n] } }'],
    [
      'an anchor that others share',
      'vms: { fw: { nics: [{ switch: lan, vlan: &v 5 }] }, web: { nics: [{ vlan: *v }] } }',
    ],
    ['nobody', 'vms: { fw: { nics: [] } }'],
    ['an empty item', 'vms: { fw: { nics: [~, { switch: lan }] } }'],
    ['absurd nesting', `{${'a: b c: '.repeat(20_000)}}`],
  ])('not into %s', (_, text) => {
    expect(() => edited(text, 10, [])).toThrow(/by hand|cannot be read/);
  });
});

describe('the VLANs of a wire are written', () => {
  const text = (wire: string): string =>
    `switches: { a: , b: }\nwires:\n  # first\n  - { between: [a, b] }\n  -\n  - ${wire}\n`;

  test('into the one that is meant', () => {
    const after = edited(text('between: [b, a]'), 0, [10, 20], { kind: 'wire', wire: 'b-a' });

    expect(after).toBe(text('between: [b, a]\n    tagged: [10, 20]'));
  });

  test('never for an uplink', () => {
    expect(() => edited(text('between: [b, a]'), 5, [], { kind: 'uplink' })).toThrow('uplink');
  });
});

describe('the VLANs of a switch are declared', () => {
  const declared = (lan: string, vlans: SwitchVlans['vlans'], nic = 'vlan: 10'): string => {
    const text = `switches:\n  lan:${lan}\n  dmz: {}\nvms: { fw: { nics: [{ switch: lan, ${nic} }] } }\n`;
    const after = applyEdits(text, editVlans(text, [], { name: 'lan', vlans }));
    return after.slice(after.indexOf('lan:') + 4, after.indexOf('\n  dmz'));
  };

  test.each([
    ['where none were', '', [10, 20], ' { vlans: [20] }'],
    ['in an empty map', ' {}', [10, 20], ' { vlans: [20] }'],
    ['in a list', ' { vlans: [20, 30], ports: 9 }', [10, 30, 40], ' { vlans: [30, 40], ports: 9 }'],
    ['in a block', '\n    ports: 9\n    vlans: [20] # blue', [10], '\n    ports: 9'],
    ['as the only key', ' { vlans: 20 }', [10], ' {}'],
    ['only if no NIC has them', ' # none', [10], ' # none'],
  ])('%s', (_, before, vlans, after) => {
    expect(declared(before, vlans)).toBe(after);
  });
});

test('in a lab over several hosts, where joins follow by themselves and are not changed', () => {
  const text = (vlan: string): string =>
    `hosts: { left: {} }\nswitches: { lan: }\nvms:\n  fw: { id: 1, nics: [{ switch: lan${vlan} }] }\n  pc: { id: 2, host: left, nics: [{ switch: lan, vlan: 5 }] }\n`;

  const after = edited(text(''), 10, []);

  expect(after).toBe(text(', vlan: 10'));
  expect(readLab(after).lab?.wires).toMatchObject([{ name: 'lan@left', tagged: [5, 10] }]);
  expect(() => edited(text(''), 10, [], { kind: 'wire', wire: 'lan@left' })).toThrow('wire lan@left');
});

test('in any lab, VLANs of all NICs can be written, and nothing else changes', () => {
  const vlans = fc.record({
    untagged: fc.constantFrom(0, 10, 99),
    tagged: fc.uniqueArray(fc.constantFrom(10, 20, 30, 4000)),
  });
  fc.assert(
    fc.property(randomLab, fc.array(vlans, { minLength: 5 }), ({ text }, choices) => {
      const lab = readLab(text).lab!;
      const all = [
        ...lab.vms.flatMap(vm => vm.nics.map((nic): Plugged => ({ kind: 'nic', vm: vm.name, nic: nic.number }))),
        ...lab.wires.map((wire): Plugged => ({ kind: 'wire', wire: wire.name })),
      ];
      const wanted = all.map((who, at) => {
        const { untagged, tagged } = choices[at % choices.length]!;
        return { who, untagged, tagged: tagged.filter(vlan => vlan !== untagged) };
      });
      const without = (source: string): unknown =>
        JSON.parse(
          JSON.stringify(readLab(source).lab, (key, value: unknown) =>
            /span|^(vlans?|tagged)$/i.test(key) ? undefined : value,
          ),
        );

      const after = applyEdits(text, editVlans(text, wanted));

      expect(without(after)).toEqual(without(text));
      const found = readLab(after).lab!;
      const nics = found.vms.flatMap(vm =>
        vm.nics.map(nic => [nic.vlan ?? 0, ...nic.tagged.map(one => one.vlan).sort()]),
      );
      const wires = found.wires.map(wire => [wire.vlan ?? 0, ...[...wire.tagged].sort()]);
      expect([...nics, ...wires]).toEqual(wanted.map(one => [one.untagged, ...[...one.tagged].sort()]));
    }),
  );
});
