import { sizeWords } from '../images/image-list.ts';
import { count, joined, lines, treeNode, type TreeNode } from '../views/tree-node.ts';
import { diskBytes, memoryBytes, type SnapshotPoint } from './snapshot-point.ts';
import { treeOfPoints, type TreePoint } from './snapshot-tree.ts';

/** The points of a lab, and the one that it came from. */
export interface KnownPoints {
  readonly points: readonly SnapshotPoint[];
  readonly current: string | undefined;
}

export const snapshotsId = (lab: string): string => `${lab}#Snapshots`;

/** Adds a lab's snapshots to its rows. `known` is undefined until somebody has opened them. */
export function withSnapshots(lab: TreeNode, known: KnownPoints | undefined, nowMs: number): TreeNode {
  const node = treeNode({
    id: snapshotsId(lab.id),
    label: 'Snapshots',
    description: known ? String(known.points.length) : '',
    icon: { name: 'history' },
    contextValue: 'snapshots',
    isExpandable: true,
    thing: lab.thing,
    children: known ? nodesOf(treeOfPoints(known.points), node => pointNode(lab, node, known, nowMs)) : [],
  });
  return { ...lab, children: [...lab.children, node] };
}

/** Points of a tree one after another, each behind that which it lies under, as rows inside rows. */
function nodesOf(points: readonly TreePoint[], draw: (point: SnapshotPoint) => TreeNode): readonly TreeNode[] {
  const [first, ...others] = points;
  if (!first) return [];
  const end = others.findIndex(({ depth }) => depth <= first.depth);
  const [inside, after] = end < 0 ? [others, []] : [others.slice(0, end), others.slice(end)];
  const node = draw(first.point);
  // Views keep a row closed that had none inside it when it came: with the first one it is another row.
  const id = inside.length > 0 ? `${node.id}/` : node.id;
  return [{ ...node, id, children: nodesOf(inside, draw) }, ...nodesOf(after, draw)];
}

function pointNode(lab: TreeNode, point: SnapshotPoint, { current }: KnownPoints, nowMs: number): TreeNode {
  const { name, note, takenMs, vms } = point;
  const isCurrent = name === current;
  const withMemory = vms.filter(({ memory }) => memory);
  return treeNode({
    id: `${snapshotsId(lab.id)}/${name}`,
    label: name,
    description: pointWords(point, current, nowMs),
    tooltip: lines(
      note,
      `Taken ${timeWords(takenMs)}`,
      `${withMemory.length} of ${count(vms.length, 'VM')} with memory, ${sizeWords(memoryBytes(point))}`,
      `Disks took ${sizeWords(diskBytes(point))}`,
      isCurrent ? 'The lab was taken or restored here last.' : undefined,
    ),
    icon: isCurrent ? { name: 'target', colour: 'charts.blue' } : { name: 'git-commit' },
    contextValue: 'snapshot',
    isOpen: true,
    thing: lab.thing,
    snapshot: name,
  });
}

/** What stands behind the name of a point. */
export const pointWords = (point: SnapshotPoint, current: string | undefined, nowMs: number): string =>
  joined(
    point.name === current ? 'current' : '',
    ageWords(nowMs - point.takenMs),
    sizeWords(memoryBytes(point)),
    point.note,
  );

const timeWords = (ms: number): string => `${new Date(ms).toISOString().replace('T', ' ').slice(0, 19)} UTC`;

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago, in the largest whole unit. */
export function ageWords(ms: number): string {
  const unit = units.find(([, length]) => ms >= length);
  return unit ? `${count(Math.floor(ms / unit[1]), unit[0])} ago` : 'just now';
}
