import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLab } from '../../../../extension/lab/reading/reader.ts';
import { comparePoints } from '../../../../extension/runtime/snapshots/compare-points.ts';
import { readPoint, writePoint, type SnapshotPoint } from '../../../../extension/runtime/snapshots/snapshot-point.ts';
import { treeOfPoints } from '../../../../extension/runtime/snapshots/snapshot-tree.ts';

const faultsOf = (text: string) =>
  readLab(`switches: { a: {}, b: {} }\nvms: {}\nwires: [{ between: [a, b], ${text} }]\n`).lab!.wires[0]!.faults!;

const point = (name: string, parts: Partial<SnapshotPoint> = {}): SnapshotPoint => ({
  name,
  note: '',
  takenMs: 1000,
  parent: undefined,
  qemu: '7.2.22',
  files: [{ name: 'dmz.lab.yaml', text: 'vms: {}\n' }],
  vms: [],
  switches: [],
  wires: [],
  ...parts,
});

describe('the manifest of a point', () => {
  test('says all of it again when it is read', () => {
    const full = point('one', {
      note: 'before the upgrade',
      parent: 'zero',
      vms: [
        {
          ...{ name: 'fw', state: 'running', memory: { bytes: 7, sha256: 'ab' }, command: ['qemu', '-m', '96M'] },
          disks: [{ file: 'fw.qcow2', allocatedBytes: 4096 }],
        },
        { name: 'pc', state: 'stopped', memory: undefined, command: [], disks: [] },
      ],
      switches: [{ name: 'lan', ports: [{ number: 1, untagged: 10, tagged: [20, 30] }] }],
      wires: [
        { name: 'a-b', nic: 0, faults: faultsOf('delay: 20ms, jitter: 5ms normal, back: { loss: 1% }, reorder: true') },
        { name: 'fw', nic: 2, faults: faultsOf('preset: wifi-edge') },
      ],
    });

    expect(readPoint(writePoint(full))).toEqual(full);
  });

  test.each([
    ['no JSON', 'x'],
    ['another format', '{"format":2,"name":"one"}'],
    ['a name that leads out of the folder', writePoint(point('../one'))],
    ['a lab file outside of its folder', writePoint(point('one', { files: [{ name: '../../.bashrc', text: 'x' }] }))],
    ['no lab file', writePoint(point('one', { files: [] }))],
  ])('is refused with %s', (_what, text) => expect(readPoint(text)).toBeUndefined());

  test('is read whatever is in it, and never throws', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        const vms = `[${text},{"name":"../x","state":"running"}]`;
        const read = readPoint(
          `{"format":1,"name":"one","files":[{"name":"a.lab.yaml","text":""}],"vms":${vms},"switches":${vms},"wires":${vms}}`,
        );
        expect(read?.vms.every(({ name }) => /^\w[\w.-]*$/.test(name))).toBe(true);
      }),
    );
  });
});

test('points stand under those that they came from; one whose parent is gone stands at the top', () => {
  const tree = treeOfPoints([
    point('a'),
    point('b', { parent: 'a' }),
    point('c', { parent: 'gone' }),
    point('d', { parent: 'b' }),
    point('e', { parent: 'a' }),
    point('x', { parent: 'y' }),
    point('y', { parent: 'x' }),
  ]);

  expect(tree.map(({ point: { name }, depth }) => `${depth}${name}`)).toEqual([
    '0a',
    '1b',
    '2d',
    '1e',
    '0c',
    '0x',
    '0y',
  ]);
});

test('two points are compared line by line, VM by VM, port by port and wire by wire', () => {
  const before = point('a', {
    files: [{ name: 'dmz.lab.yaml', text: 'name: dmz\nvms: {}\n' }],
    vms: [{ name: 'fw', state: 'running', memory: undefined, command: [], disks: [{ file: 'd', allocatedBytes: 1 }] }],
    switches: [{ name: 'lan', ports: [{ number: 1, untagged: 10, tagged: [] }] }],
  });
  const after = point('b', {
    files: [{ name: 'dmz.lab.yaml', text: 'name: dmz\nvms: { pc: {} }\n' }],
    vms: [{ name: 'fw', state: 'stopped', memory: undefined, command: [], disks: [{ file: 'd', allocatedBytes: 9 }] }],
    switches: [{ name: 'lan', ports: [{ number: 1, untagged: 0, tagged: [20] }] }],
    wires: [{ name: 'a-b', nic: 0, faults: faultsOf('loss: 1%') }],
  });

  expect(comparePoints(before, after)).toEqual([
    { what: 'dmz.lab.yaml line 2', before: 'vms: {}', after: undefined },
    { what: 'dmz.lab.yaml line 2', before: undefined, after: 'vms: { pc: {} }' },
    { what: 'VM fw', before: 'running', after: 'stopped' },
    { what: 'disk d of fw', before: '1 B', after: '9 B' },
    { what: 'port 1 of lan', before: 'untagged 10', after: 'no VLAN, tagged 20' },
    { what: 'wire a-b', before: undefined, after: '1 % loss' },
  ]);
  expect(comparePoints(after, after)).toEqual([]);
});
