import type { GridCell } from './classic-grid.ts';
import type { Item } from './clear-items.ts';
import type { ItemRows } from './clear-rows.ts';
import type { TakenCells } from './taken-cells.ts';

const passes = 4;
/** Being in the middle counts little beside not making a bus longer. */
const middleWeight = 0.05;

interface Movable {
  readonly item: Item;
  readonly rows: ItemRows;
}

/** Moves single items to free cells where the buses that they hang on get shorter; changes the cells and who takes them. */
export class Improvement {
  private readonly cells: Map<number, GridCell>;
  private readonly taken: TakenCells;
  /** Of each network, its items. */
  private readonly members = new Map<number, number[]>();

  constructor(items: readonly Item[], cells: Map<number, GridCell>, taken: TakenCells) {
    this.cells = cells;
    this.taken = taken;
    for (const { index, networks } of items)
      for (const network of networks) {
        const own = this.members.get(network);
        if (own) own.push(index);
        else this.members.set(network, [index]);
      }
  }

  move(movables: readonly Movable[]): void {
    for (let pass = 0; pass < passes; pass += 1) {
      const moved = movables.filter(movable => this.moveOne(movable)).length;
      if (moved === 0) return;
    }
  }

  private moveOne({ item, rows }: Movable): boolean {
    const cell = this.cells.get(item.index);
    if (!cell || item.networks.length === 0) return false;
    const others = item.networks.map(network => this.extentWithout(network, item.index));
    const blocks = [{ left: 0, right: 0, top: rows.top, bottom: rows.bottom }];
    let [best, least] = [cell.column, costAt(cell.column, others) - 1e-6];
    for (const column of candidates(others, cell.column)) {
      const cost = costAt(column, others);
      if (cost < least && this.taken.isFree(column, blocks)) [best, least] = [column, cost];
    }
    if (best === cell.column) return false;
    this.taken.release(cell.column, blocks);
    this.taken.take(best, blocks);
    this.cells.set(item.index, { ...cell, column: best });
    return true;
  }

  private extentWithout(network: number, item: number): Extent | undefined {
    const members = this.members.get(network) ?? [];
    if (members.length < 2) return undefined;
    let [first, last, sum] = [Infinity, -Infinity, 0];
    for (const member of members) {
      if (member === item) continue;
      const { column = 0 } = this.cells.get(member) ?? {};
      first = Math.min(first, column);
      last = Math.max(last, column);
      sum += column;
    }
    return { first, last, middle: sum / (members.length - 1) };
  }
}

/** The columns of a network's other items. */
interface Extent {
  readonly first: number;
  readonly last: number;
  readonly middle: number;
}

function costAt(column: number, others: readonly (Extent | undefined)[]): number {
  let cost = 0;
  for (const extent of others) {
    if (!extent) continue;
    cost += Math.max(0, extent.first - column, column - extent.last) + Math.abs(column - extent.middle) * middleWeight;
  }
  return cost;
}

/** Around the middles and the ends of its networks, and of itself. */
function candidates(others: readonly (Extent | undefined)[], own: number): readonly number[] {
  const centres = others.flatMap(extent => (extent ? [extent.first, Math.round(extent.middle), extent.last] : []));
  return [...new Set([own, ...centres].flatMap(column => [column, column - 1, column + 1, column - 2, column + 2]))];
}
