import { areaOf, type GridArea, type GridCell } from './classic-grid.ts';
import { cellsOf } from './clear-cells.ts';
import { wishedColumns } from './clear-columns.ts';
import { componentsOf, itemsOf, type Component } from './clear-items.ts';
import { formerCells, formerWishes, type Former } from './clear-former.ts';
import { levelsOf, type Levels } from './clear-levels.ts';
import { levelsBefore, rowsOf } from './clear-rows.ts';
import { largest } from './extremes.ts';
import type { Topology } from './topology.ts';

/** Rows of items with levels of buses between them: row 0, level 0, row 1, level 1, … */
export interface ClearGrid {
  readonly columns: number;
  readonly rows: number;
  /** Of nodes, then of wires. */
  readonly cells: readonly GridCell[];
  /** Of each network. */
  readonly levels: readonly number[];
  /** The column of each network that nothing hangs on. */
  readonly emptyColumns: ReadonlyMap<number, number>;
  readonly groups: readonly GridArea[];
}

/** One component by itself, from column and row 0 unless something in it is pinned. */
interface PlacedComponent {
  readonly component: Component;
  /** Of its items. */
  readonly cells: readonly GridCell[];
  /** Its networks from top to bottom. */
  readonly levels: Levels;
  readonly isPinned: boolean;
  readonly columns: number;
  readonly rows: number;
}

export function clearGrid(topology: Topology, former: Former | undefined): ClearGrid {
  const items = itemsOf(topology);
  const placed = componentsOf(topology.networks.length, items).map(component => placeComponent(component, former));
  const cells = new Array<GridCell>(items.length).fill({ column: 0, row: 0 });
  const levels = new Array<number>(topology.networks.length).fill(0);
  const emptyColumns = new Map<number, number>();
  pack(placed).forEach(({ column, row }, index) => {
    const one = placed[index];
    if (!one) return;
    const { indices, networks } = one.component;
    one.cells.forEach((cell, item) => {
      cells[indices[item] ?? 0] = { column: cell.column + column, row: cell.row + row };
    });
    one.levels.forEach((level, place) => {
      for (const network of level) levels[networks[network] ?? 0] = place + row;
    });
    if (one.cells.length === 0) for (const network of networks) emptyColumns.set(network, column);
  });
  return {
    columns: 1 + lastColumn(cells),
    rows: 1 + Math.max(lastRow(cells), 1 + largest(levels)),
    cells,
    levels,
    emptyColumns,
    groups: topology.groups.map(group => areaOf(group.nodes.map(member => cells[member]))),
  };
}

function placeComponent(component: Component, former: Former | undefined): PlacedComponent {
  const isPinned = component.items.some(item => item.pin);
  const natural = levelsOf(component);
  const levels = [...new Array<number[]>(levelsBefore(component, natural)).fill([]), ...natural];
  const kept = formerCells(component, levels, former);
  const rows = rowsOf(component, levels, kept);
  const wishes = kept ? formerWishes(component, kept) : wishedColumns(component, levels, rows);
  const raw = cellsOf(component, rows, wishes, kept);
  const cells = isPinned ? raw : withoutGaps(raw);
  const columns = 1 + lastColumn(cells);
  return { component, cells, levels, isPinned, columns, rows: 1 + Math.max(levels.length, lastRow(cells)) };
}

const lastColumn = (cells: readonly GridCell[]): number =>
  cells.reduce((most, { column }) => Math.max(most, column), 0);

const lastRow = (cells: readonly GridCell[]): number => cells.reduce((most, { row }) => Math.max(most, row), 0);

/** Columns from 0 on, those in which nothing stands left out. */
function withoutGaps(cells: readonly GridCell[]): readonly GridCell[] {
  const used = [...new Set(cells.map(({ column }) => column))].sort((a, b) => a - b);
  const places = new Map(used.map((column, place) => [column, place]));
  return cells.map(({ column, row }) => ({ column: places.get(column) ?? column, row }));
}

/**
 * Components side by side on shelves, large ones first, so that the picture gets neither long nor deep. What is pinned
 * stays where it is, at the top left.
 */
function pack(components: readonly PlacedComponent[]): readonly GridCell[] {
  const area = components.reduce((sum, one) => sum + (one.columns + 1) * one.rows, 0);
  const width = Math.max(Math.ceil(Math.sqrt(area * 2)), largest(components.map(one => one.columns)));
  const order = [...components.keys()].sort((a, b) => sizeRank(components[b]) - sizeRank(components[a]) || a - b);
  const places = new Array<GridCell>(components.length).fill({ column: 0, row: 0 });
  let [column, row, height] = [0, 0, 0];
  for (const index of order) {
    const one = components[index];
    if (!one) continue;
    if (column > 0 && column + one.columns > width) [column, row, height] = [0, row + height, 0];
    places[index] = { column, row };
    column += one.columns;
    height = Math.max(height, one.rows);
  }
  return places;
}

const sizeRank = (one: PlacedComponent | undefined): number => (one?.isPinned ? Infinity : (one?.rows ?? 0));
