import { describe, expect, test } from 'vitest';
import { readPoint, writePoint, type SnapshotPoint } from '../../../../extension/runtime/snapshots/snapshot-point.ts';
import { ageWords, withSnapshots } from '../../../../extension/runtime/snapshots/snapshot-rows.ts';
import { treeNode, type TreeNode } from '../../../../extension/runtime/views/tree-node.ts';

const minute = 60_000;

const point = (name: string, parts: Partial<SnapshotPoint> = {}): SnapshotPoint => ({
  ...{ name, note: '', takenMs: 0, parent: undefined, qemu: undefined, vms: [], switches: [], wires: [] },
  files: [{ name: 'dmz.lab.yaml', text: 'vms: {}\n' }],
  ...parts,
});

const lab = treeNode({
  id: '/labs/dmz.lab.yaml',
  label: 'dmz',
  icon: { name: 'beaker' },
  contextValue: 'lab.idle',
  thing: { lab: '/labs/dmz.lab.yaml', kind: 'lab', name: 'dmz' },
});

const shown = ({ label, description, children }: TreeNode): unknown => [label, description, ...children.map(shown)];

describe('the row of snapshots', () => {
  test('can be opened before anything was read', () => {
    const [row] = withSnapshots(lab, undefined, 0).children;

    expect(row).toMatchObject({
      label: 'Snapshots',
      description: '',
      isExpandable: true,
      children: [],
      thing: lab.thing,
    });
  });

  test('has every point under the one that it came from, and tells which one is current', () => {
    const memory = { bytes: 3 << 20, sha256: 'ab' };
    const points = [
      point('a', { note: 'before the upgrade' }),
      point('b', {
        parent: 'a',
        takenMs: minute,
        vms: [{ name: 'fw', state: 'running', memory, command: [], disks: [] }],
      }),
      point('c', { parent: 'b', takenMs: 2 * minute }),
      point('d', { parent: 'a', takenMs: 3 * minute }),
      point('e', { parent: 'gone', takenMs: 4 * minute }),
    ];

    const [row] = withSnapshots(lab, { points, current: 'b' }, 5 * minute).children;

    expect(row && shown(row)).toEqual([
      'Snapshots',
      '5',
      [
        'a',
        '5 minutes ago · 0 B · before the upgrade',
        ['b', 'current · 4 minutes ago · 3.0 MiB', ['c', '3 minutes ago · 0 B']],
        ['d', '2 minutes ago · 0 B'],
      ],
      ['e', '1 minute ago · 0 B'],
    ]);
    expect(row?.children[0]?.children[0]).toMatchObject({
      snapshot: 'b',
      thing: lab.thing,
      tooltip:
        'Taken 1970-01-01 00:01:00 UTC\n1 of 1 VM with memory, 3.0 MiB\nDisks took 0 B\nThe lab was taken or restored here last.',
    });
  });

  test('is drawn whatever time a manifest names', () => {
    const points = ['1e300', '-1e300', '"x"'].map(time =>
      readPoint(writePoint(point('a')).replace('"takenMs": 0', `"takenMs": ${time}`))!,
    );

    expect(() => withSnapshots(lab, { points, current: undefined }, 0)).not.toThrow();
  });
});

test.each([
  [-1, 'just now'],
  [minute - 1, 'just now'],
  [minute, '1 minute ago'],
  [119 * minute, '1 hour ago'],
  [47 * 60 * minute, '1 day ago'],
  [48 * 60 * minute, '2 days ago'],
])('%i ms are told as %s', (ms, words) => expect(ageWords(ms)).toBe(words));
