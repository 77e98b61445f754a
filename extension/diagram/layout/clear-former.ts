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

/** Of each item of a component, where it stood, counted from the component's first row and column; undefined: it is new. */
export type FormerCells = readonly (GridCell | undefined)[];

/**
 * Undefined if the component has changed so much that it is better drawn anew: networks are on other levels now, or much
 * is new.
 */
export function formerCells(
  { indices, networks }: Component,
  levels: Levels,
  former: Former | undefined,
): FormerCells | undefined {
  if (!former) return undefined;
  const cells = indices.map(index => former.cells.get(index));
  const known = cells.filter(cell => cell !== undefined);
  if (known.length < indices.length * leastKept || networks.length === 0) return undefined;
  const formerLevels = networks.map(network => former.levels.get(network));
  const shifts = new Set(
    levels.flatMap((level, index) => level.flatMap(network => shiftOf(formerLevels[network], index))),
  );
  const [shift] = shifts;
  if (shift === undefined || shifts.size > 1) return undefined;
  const first = smallest(known.map(cell => cell.column));
  return cells.map(cell => cell && { column: cell.column - first, row: cell.row - shift });
}

const shiftOf = (former: number | undefined, level: number): readonly number[] =>
  former === undefined ? [] : [former - level];

/** The former columns; what is new wishes to be in the middle of those that it hangs together with. */
export function formerWishes({ networks, items }: Component, cells: FormerCells): readonly number[] {
  const sums = networks.map(() => ({ sum: 0, count: 0 }));
  for (const item of items) {
    const cell = cells[item.index];
    for (const network of cell ? item.networks : []) {
      const own = sums[network];
      if (!own) continue;
      own.sum += cell?.column ?? 0;
      own.count += 1;
    }
  }
  return items.map(item => {
    const means = item.networks.flatMap(network => {
      const { sum, count } = sums[network] ?? { sum: 0, count: 0 };
      return count === 0 ? [] : [sum / count];
    });
    const mean = means.reduce((sum, one) => sum + one, 0) / Math.max(1, means.length);
    return cells[item.index]?.column ?? mean;
  });
}
