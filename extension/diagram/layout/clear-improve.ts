import type { GridCell } from './classic-grid.ts';
import type { Item } from './clear-items.ts';
import type { ItemRows } from './clear-rows.ts';
import type { TakenCells } from './taken-cells.ts';

const passes = 4;
/** How far around a place is looked. */
const reach = 2;
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
  private readonly extents = new Map<number, Extent>();

  constructor(items: readonly Item[], cells: Map<number, GridCell>, taken: TakenCells) {
    this.cells = cells;
    this.taken = taken;
    for (const { index, networks } of items)
      for (const network of networks) {
        const extent = this.extents.get(network) ?? new Extent();
        this.extents.set(network, extent);
        extent.add(index, cells.get(index)?.column ?? 0);
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
    const extents = item.networks.map(network => this.extents.get(network)).filter(extent => extent !== undefined);
    if (!cell || extents.length === 0) return false;
    const own = cell.column;
    for (const extent of extents) extent.remove(item.index);
    // Most items make no bus longer, and stay.
    if (extents.every(extent => extent.holds(own))) {
      for (const extent of extents) extent.add(item.index, own);
      return false;
    }
    const blocks = [{ left: 0, right: 0, top: rows.top, bottom: rows.bottom }];
    let [best, least] = [own, costAt(own, extents) - 1e-6];
    for (const centre of [own, ...extents.flatMap(extent => extent.landmarks())])
      for (let column = centre - reach; column <= centre + reach; column += 1) {
        const cost = costAt(column, extents);
        if (cost < least && this.taken.isFree(column, blocks)) [best, least] = [column, cost];
      }
    for (const extent of extents) extent.add(item.index, best);
    if (best === own) return false;
    this.taken.release(own, blocks);
    this.taken.take(best, blocks);
    this.cells.set(item.index, { ...cell, column: best });
    return true;
  }
}

/** The columns of a network's items. */
class Extent {
  private readonly columns = new Map<number, number>();
  private sum = 0;
  private first = Infinity;
  private last = -Infinity;

  add(item: number, column: number): void {
    this.columns.set(item, column);
    this.sum += column;
    this.first = Math.min(this.first, column);
    this.last = Math.max(this.last, column);
  }

  remove(item: number): void {
    const column = this.columns.get(item) ?? 0;
    this.columns.delete(item);
    this.sum -= column;
    // Most items are in the middle, so this is rare.
    if (column !== this.first && column !== this.last) return;
    [this.first, this.last] = [Infinity, -Infinity];
    for (const other of this.columns.values()) {
      this.first = Math.min(this.first, other);
      this.last = Math.max(this.last, other);
    }
  }

  holds(column: number): boolean {
    return this.columns.size === 0 || (this.first <= column && column <= this.last);
  }

  /** How much longer the bus gets, and how far from its middle. */
  cost(column: number): number {
    if (this.columns.size === 0) return 0;
    return Math.max(0, this.first - column, column - this.last) + Math.abs(column - this.middle) * middleWeight;
  }

  /** Columns worth a try. */
  landmarks(): readonly number[] {
    return this.columns.size === 0 ? [] : [this.first, Math.round(this.middle), this.last];
  }

  private get middle(): number {
    return this.sum / this.columns.size;
  }
}

const costAt = (column: number, extents: readonly Extent[]): number =>
  extents.reduce((sum, extent) => sum + extent.cost(column), 0);
