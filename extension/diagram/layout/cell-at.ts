import type { DiagramPin } from '../diagram.ts';
import type { Picture, Point } from '../picture.ts';

/** What a place in the grid is found from. */
export type Grid = Pick<Picture, 'layout' | 'nodes' | 'networks'> & {
  readonly diagram: Pick<Picture['diagram'], 'settings'>;
};

/**
 * The cell of the clear layout's grid that a point lies in. Undefined: pins mean nothing in this layout, or another node is
 * pinned there. Columns without nodes are taken to be as wide as a node needs.
 */
export function cellAt(
  { layout, nodes, networks, diagram }: Grid,
  node: string,
  { x, y }: Point,
): DiagramPin | undefined {
  if (layout !== 'clear') return undefined;
  const { nodeWidth, spanWidth } = diagram.settings;
  const middles = nodes.map(({ column, box }) => ({ column, x: (box.left + box.right) / 2 }));
  const distance = (middle: { readonly x: number }): number => Math.abs(middle.x - x);
  const nearest = middles.reduce((best, one) => (distance(one) < distance(best) ? one : best), {
    column: 0,
    x: Infinity,
  });
  const beyond = Number.isFinite(nearest.x) ? Math.round((x - nearest.x) / (nodeWidth + spanWidth)) : 0;
  const above = networks.filter(({ bus, isHidden }) => !isHidden && bus.y < y);
  const cell = {
    column: Math.max(0, nearest.column + beyond),
    row: above.reduce((most, { row }) => Math.max(most, row + 1), 0),
  };
  const isTaken = nodes.some(
    ({ node: other }) => other.id !== node && other.pin?.column === cell.column && other.pin.row === cell.row,
  );
  return isTaken ? undefined : cell;
}
