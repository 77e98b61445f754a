import type { Picture } from '../picture.ts';
import type { GridCell } from './classic-grid.ts';
import type { Component } from './clear-items.ts';
import type { Levels } from './clear-levels.ts';
import { smallest } from './extremes.ts';
import type { Topology } from './topology.ts';

/** What a picture looked like before an edit, by the places of things in the diagram of today. */
export interface Former {
  /** Of nodes that were there. Wires look for a place again. */
  readonly cells: ReadonlyMap<number, GridCell>;
  readonly levels: ReadonlyMap<number, number>;
}

/** As much as this of a component must have been there before. */
const leastKept = 0.6;

/** Undefined: there was no clear picture. */
export function formerOf({ nodes, networks }: Topology, picture: Picture | undefined): Former | undefined {
  if (picture?.layout !== 'clear') return undefined;
  const cells = new Map(picture.nodes.map(({ node, column, row }) => [node.id, { column, row }]));
  const levels = new Map(picture.networks.map(({ network, row }) => [network.id, row]));
  return {
    cells: new Map(nodes.flatMap(({ index, node }) => entryOf(index, cells.get(node.id)))),
    levels: new Map(networks.flatMap(({ index, network }) => entryOf(index, levels.get(network.id)))),
  };
}

const entryOf = <T>(index: number, value: T | undefined): readonly (readonly [number, T])[] =>
  value === undefined ? [] : [[index, value]];

/**
 * Where the items of a component stood, counted from its own first row and column; undefined if it has changed so much
 * that it is better drawn anew: networks are on other levels now, or much is new.
 */
export function formerCells(
  { items, networks }: Component,
  levels: Levels,
  former: Former | undefined,
): ReadonlyMap<number, GridCell> | undefined {
  if (!former) return undefined;
  const known = items.filter(item => former.cells.has(item.index));
  if (known.length < items.length * leastKept || networks.length === 0) return undefined;
  const shifts = new Set(
    levels.flatMap((level, index) => level.flatMap(network => shiftOf(former.levels.get(network), index))),
  );
  const [shift] = shifts;
  if (shift === undefined || shifts.size > 1) return undefined;
  const cells = known.map(({ index }) => [index, former.cells.get(index) ?? { column: 0, row: 0 }] as const);
  const first = smallest(cells.map(([, cell]) => cell.column));
  return new Map(cells.map(([index, { column, row }]) => [index, { column: column - first, row: row - shift }]));
}

const shiftOf = (former: number | undefined, level: number): readonly number[] =>
  former === undefined ? [] : [former - level];

/** The former columns; what is new wishes to be in the middle of those that it hangs together with. */
export function formerWishes({ items }: Component, cells: ReadonlyMap<number, GridCell>): ReadonlyMap<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { index, networks } of items) {
    const cell = cells.get(index);
    for (const network of cell ? networks : []) {
      const { sum, count } = sums.get(network) ?? { sum: 0, count: 0 };
      sums.set(network, { sum: sum + (cell?.column ?? 0), count: count + 1 });
    }
  }
  return new Map(
    items.map(({ index, networks }) => {
      const means = networks.flatMap(network => {
        const { sum, count } = sums.get(network) ?? { sum: 0, count: 0 };
        return count === 0 ? [] : [sum / count];
      });
      const mean = means.reduce((sum, one) => sum + one, 0) / Math.max(1, means.length);
      return [index, cells.get(index)?.column ?? mean];
    }),
  );
}
