import type { SnapshotPoint } from './snapshot-point.ts';

/** A point in the tree of points: what was made after it lies under it. */
export interface TreePoint {
  readonly point: SnapshotPoint;
  /** 0: it came from none. */
  readonly depth: number;
}

/** Points in the order in which a tree shows them; one whose parent is gone stands at the top. */
export function treeOfPoints(points: readonly SnapshotPoint[]): readonly TreePoint[] {
  const names = new Set(points.map(({ name }) => name));
  const shown = new Set<string>();
  const under = (parent: string | undefined, depth: number): readonly TreePoint[] =>
    points
      .filter(point => parentOf(point) === parent && !shown.has(point.name))
      .flatMap(point => {
        shown.add(point.name);
        return [{ point, depth }, ...under(point.name, depth + 1)];
      });
  const parentOf = ({ parent }: SnapshotPoint): string | undefined =>
    parent !== undefined && names.has(parent) ? parent : undefined;
  const top = under(undefined, 0);
  // Points that name each other as parents, as only a changed file can say.
  return [...top, ...points.filter(({ name }) => !shown.has(name)).map(point => ({ point, depth: 0 }))];
}
