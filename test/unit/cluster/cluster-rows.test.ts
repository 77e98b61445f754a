import { describe, expect, test } from 'vitest';
import { readStatus, type ClusterStatus } from '../../../extension/cluster/cluster-status.ts';
import { withCluster } from '../../../extension/runtime/cluster/cluster-rows.ts';
import { spokenLabel, treeNode, type TreeNode } from '../../../extension/runtime/views/tree-node.ts';
import { transcript } from './transcripts.ts';

const lab = treeNode({
  id: '/labs/dmz.lab.yaml',
  label: 'dmz',
  icon: { name: 'beaker' },
  contextValue: 'lab.idle',
  thing: { lab: '/labs/dmz.lab.yaml', kind: 'lab', name: 'dmz' },
});

const clusterRow = (change: Partial<ClusterStatus> = {}, name = 'crm_mon', isSilent = false): TreeNode => {
  const status = { ...readStatus(transcript(name), 'dmz')!, ...change };
  return withCluster(lab, { status, at: undefined, isSilent }).children.at(-1)!;
};
const shown = ({ label, description, children }: TreeNode): unknown => [label, description, ...children.map(shown)];
const all = (node: TreeNode): readonly TreeNode[] => [node, ...node.children.flatMap(all)];

describe('the row of a cluster', () => {
  test('tells nodes, where each VM runs, and fencing', () => {
    expect(shown(clusterRow())).toEqual([
      'Cluster',
      '2 of 2 nodes online',
      ['left', 'online · fw'],
      ['right', 'online · web'],
      ['fw', 'started on left'],
      ['web', 'started on right'],
      ['Fencing', 'power-left, power-right'],
    ]);
  });

  test('tells failures with their reason, and who was fenced', () => {
    const row = clusterRow({}, 'crm_mon-fenced');

    expect(shown(row)).toEqual([
      'Cluster',
      '1 failure · 1 of 2 nodes online',
      ['left', 'offline'],
      ['right', 'online · fw, web'],
      ['fw', 'started on right'],
      ['web', 'started on right · 1 failure', ['right', 'monitor: not running · 1×']],
      ['Fencing', 'power-left, power-right', ['left', 'off · success · 2026-11-23 11:37:39Z']],
    ]);
    const failed = all(row).filter(({ contextValue }) => contextValue === 'cluster.failed');
    expect(failed.map(one => one.thing?.name)).toEqual(['web', 'web']);
    expect(failed[1]?.tooltip).toContain('kvmlab ha clear web');
  });

  test.each([
    ['no quorum', { hasQuorum: false }],
    ['no fencing', { isFencingEnabled: false }],
    ['no fencing', { devices: [] }],
    ['unclean: left', { nodes: [{ name: 'left', state: 'unclean' as const }] }],
  ])('warns of %s', (words, change) => {
    const row = clusterRow(change);

    expect(row.description).toContain(words);
    expect(row.icon.name).toBe('warning');
  });

  test('says that it does not answer any more, and shows what was seen last', () => {
    const row = clusterRow({}, 'crm_mon', true);

    expect(row.description).toBe('does not answer · 2 of 2 nodes online');
    expect(row.tooltip).toContain('what was seen last');
    expect(row.children).toHaveLength(5);
  });

  test('says every state in words, and has each row once', () => {
    const [vm] = readStatus(transcript('crm_mon'), 'dmz')!.vms;
    const vms = [
      { ...vm!, vm: 'a', role: 'Stopped', nodes: [], isBlocked: true },
      { ...vm!, vm: 'b', isManaged: false, failures: [{ node: 'left', count: Infinity, last: undefined }] },
      { ...vm!, vm: 'left', role: 'Migrating', nodes: ['left', 'right'] },
    ];
    const rows = all(clusterRow({ vms }));

    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.map(spokenLabel)).toEqual(
      expect.arrayContaining([
        'a, stopped, blocked',
        'b, started on left, unmanaged, 1 failure',
        'left, not tried there again',
        'left, migrating on left, right',
      ]),
    );
  });
});
