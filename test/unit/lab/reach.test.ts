import { describe, expect, test } from 'vitest';
import { deadEndsOf, loneTagsOf, segmentsOf } from '../../../extension/lab/reach.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { readMarked } from '../../support/lab-marked.ts';

const read = (text: string) => readLab(text).lab!;
const words = (text: string): readonly string[] =>
  segmentsOf(read(text)).map(
    ({ vlan, switches, members }) =>
      `${vlan} ${switches.join('+')}: ${members.map(({ name, nic, isTagged }) => `${name}${nic ?? ''}${isTagged ? 't' : ''}`).join(' ')}`,
  );

const trunk = `
switches: { east: {}, west: {}, lone: {} }
vms:
  red1: { id: 1, nics: [{ switch: east, vlan: 10 }] }
  red2: { id: 2, nics: [{ switch: west, vlan: 10 }] }
  blue: { id: 3, nics: [{ switch: east, vlan: 20 }] }
  router: { id: 4, nics: [{ switch: west, tagged: [10, 20] }, { switch: lone }] }
wires: [{ between: [east, west], tagged: [10] }]
`;

test('a VLAN reaches across the wires that carry it, and no further', () => {
  expect(words(trunk)).toEqual([
    '0 east+west: router1',
    '0 lone: router2',
    '10 east+west: red11 red21 router1t',
    '20 east: blue1',
    '20 west: router1t',
  ]);
});

test('without VLANs everybody on wired switches hears everybody', () => {
  const text = `
switches: { a: { slirp: true }, b: { tap: { interface: kvmadm0 } }, c: {} }
vms: { x: { id: 1, nics: [{ switch: a }] }, y: { id: 2, nics: [{ switch: c }] } }
wires: [{ between: [a, b] }, { between: [b, c] }]
`;

  expect(words(text)).toEqual(['0 a+b+c: a b x1 y1']);
});

test('a VLAN that a wire carries to where nobody is in it is a dead end', () => {
  const text = trunk
    .replace('tagged: [10] }]', 'tagged: [10, 20, 30] }]')
    .replace('tagged: [10, 20] }', 'tagged: [10] }');

  expect(deadEndsOf(read(text))).toEqual([
    { wire: 'east-west', switch: 'west', vlan: 20 },
    { wire: 'east-west', switch: 'east', vlan: 30 },
    { wire: 'east-west', switch: 'west', vlan: 30 },
  ]);
});

test('a switch in the middle that only passes a VLAN on is none', () => {
  const text = `
switches: { a: {}, b: {}, c: {} }
vms: { x: { id: 1, nics: [{ switch: a, vlan: 10 }] }, y: { id: 2, nics: [{ switch: c, vlan: 10 }] } }
wires: [{ between: [a, b], tagged: [10] }, { between: [b, c], tagged: [10] }]
`;

  expect(deadEndsOf(read(text))).toEqual([]);
});

test('a VLAN that vde_switch refuses is a warning at the switch', () => {
  const { found, expected } = readMarked('switches: { «big»: { vlans: [4094] }, fine: { vlans: [4093] } }\nvms: {}\n', [
    'vlan-range',
  ]);

  expect(found).toEqual(expected);
});

describe('tags on one side only are warnings', () => {
  const codes = (count: number) => Array<'one-sided-tag'>(count).fill('one-sided-tag');

  test('at a wire that carries them to where nobody is in the VLAN, once for both ends', () => {
    const text = `switches: { a: {}, b: {} }
vms:
  x: { id: 1, nics: [{ switch: a, vlan: 10 }, { switch: a, vlan: 20 }] }
  y: { id: 2, nics: [{ switch: b, vlan: 10 }] }
wires: [{ between: [a, b], tagged: [10, «20», «30»] }]
`;
    const { found, expected, problems } = readMarked(text, codes(2));

    expect(found).toEqual(expected);
    expect(problems.map(problem => [problem.severity, /to (.*?),/.exec(problem.message)![1]])).toEqual([
      ['warning', 'b'],
      ['warning', 'a and b'],
    ]);
  });

  test('at a NIC, in a list and among addresses', () => {
    const text = `switches: { a: {} }
vms:
  fw: { id: 1, nics: [{ switch: a, tagged: [10, «20»] }] }
  gw: { id: 2, nics: [{ switch: a, tagged: { 10: 10.0.10.1/24, «30»: 10.0.30.1/24 } }] }
`;
    const { found, expected, lab } = readMarked(text, codes(2));

    expect(found).toEqual(expected);
    expect(loneTagsOf(lab!)[0]).toEqual({ vm: 'fw', nic: 1, switch: 'a', vlan: 20 });
  });

  test('not where the untagged VLAN of a wire takes them further', () => {
    const text = `switches: { a: {}, b: {}, c: {} }
vms: { x: { id: 1, nics: [{ switch: a, tagged: [10] }] }, y: { id: 2, nics: [{ switch: c, vlan: 10 }] } }
wires: [{ between: [a, b], vlan: 10 }, { between: [b, c], tagged: [10] }]
`;

    expect(readLab(text).problems).toEqual([]);
  });
});
