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
  private readonly cells: GridCell[];
  private readonly taken: TakenCells;
  /** Of each network that anything hangs on. */
  private readonly extents: Extent[] = [];

  constructor(items: readonly Item[], cells: GridCell[], taken: TakenCells) {
    this.cells = cells;
    this.taken = taken;
    for (const { index, networks } of items)
      for (const network of networks) (this.extents[network] ??= new Extent()).add(cells[index]?.column ?? 0);
  }

  move(movables: readonly Movable[]): void {
    for (let pass = 0; pass < passes; pass += 1) {
      let moved = 0;
      for (const movable of movables) if (this.moveOne(movable)) moved += 1;
      if (moved === 0) return;
    }
  }

  private moveOne({ item, rows }: Movable): boolean {
    const cell = this.cells[item.index];
    const extents: Extent[] = [];
    for (const network of item.networks) {
      const extent = this.extents[network];
      if (extent) extents.push(extent);
    }
    // Most items make no bus longer, and stay.
    if (!cell || extents.every(extent => extent.holdsWithoutOne(cell.column))) return false;
    const own = cell.column;
    for (const extent of extents) extent.remove(own);
    const blocks = [{ left: 0, right: 0, top: rows.top, bottom: rows.bottom }];
    let [best, least] = [own, costAt(own, extents) - 1e-6];
    for (const centre of [own, ...extents.flatMap(extent => extent.landmarks())])
      for (let column = centre - reach; column <= centre + reach; column += 1) {
        const cost = costAt(column, extents);
        if (cost < least && this.taken.isFree(column, blocks)) [best, least] = [column, cost];
      }
    for (const extent of extents) extent.add(best);
    if (best === own) return false;
    this.taken.release(own, blocks);
    this.taken.take(best, blocks);
    this.cells[item.index] = { ...cell, column: best };
    return true;
  }
}

/** The columns of a network's items. */
class Extent {
  /** How many items are in which column. */
  private readonly counts = new Map<number, number>();
  private size = 0;
  private sum = 0;
  private first = Infinity;
  private last = -Infinity;

  add(column: number): void {
    this.counts.set(column, (this.counts.get(column) ?? 0) + 1);
    this.size += 1;
    this.sum += column;
    this.first = Math.min(this.first, column);
    this.last = Math.max(this.last, column);
  }

  remove(column: number): void {
    const left = (this.counts.get(column) ?? 0) - 1;
    if (left > 0) this.counts.set(column, left);
    else this.counts.delete(column);
    this.size -= 1;
    this.sum -= column;
    // Most items are in the middle, so this is rare.
    if (left > 0 || (column !== this.first && column !== this.last)) return;
    [this.first, this.last] = [Infinity, -Infinity];
    for (const other of this.counts.keys()) {
      this.first = Math.min(this.first, other);
      this.last = Math.max(this.last, other);
    }
  }

  /** Whether the bus is as long without one of the items in this column. */
  holdsWithoutOne(column: number): boolean {
    const isInside = this.first < column && column < this.last;
    return isInside || this.size === 1 || (this.counts.get(column) ?? 0) > 1;
  }

  /** How much longer the bus gets, and how far from its middle. */
  cost(column: number): number {
    if (this.size === 0) return 0;
    return Math.max(0, this.first - column, column - this.last) + Math.abs(column - this.middle) * middleWeight;
  }

  /** Columns worth a try. */
  landmarks(): readonly number[] {
    return this.size === 0 ? [] : [this.first, Math.round(this.middle), this.last];
  }

  private get middle(): number {
    return this.sum / this.size;
  }
}

const costAt = (column: number, extents: readonly Extent[]): number =>
  extents.reduce((sum, extent) => sum + extent.cost(column), 0);
