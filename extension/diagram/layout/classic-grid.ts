import { OccupiedCells } from './occupied-cells.ts';
import { largest, smallest } from './extremes.ts';
import type { Topology } from './topology.ts';

/** Where nwdiag puts everything, in columns and rows from 0. Lists are in the diagram's order. */
export interface ClassicGrid {
  readonly columns: number;
  readonly rows: number;
  readonly nodes: readonly GridCell[];
  readonly networks: readonly NetworkRow[];
  readonly groups: readonly GridArea[];
  readonly wires: readonly GridCell[];
}

export interface GridCell {
  readonly column: number;
  readonly row: number;
}

/** Width and height in cells; none where a group has no members. */
export interface GridArea extends GridCell {
  readonly width: number;
  readonly height: number;
}

export interface NetworkRow {
  /** The first column, and how many. */
  readonly column: number;
  readonly span: number;
  readonly isHidden: boolean;
}

/**
 * nwdiag's placing of nodes: each network has a row, in the diagram's order, and nodes come in the order in which the
 * file mentions them; nothing is ever moved again. What nwdiag does not know goes last: wires, each in a place as if it
 * were a node, and nodes without a network, below all others.
 */
export function classicGrid(topology: Topology): ClassicGrid {
  const placing = new ClassicPlacing(topology);
  const nodes = placing.placeNodes();
  const wires = topology.wires.map(wire => placing.placeOne(wire.networks));
  const columns = topology.networks.map(network => network.nodes.map(node => nodes[node]?.column ?? 0));
  topology.wires.forEach((wire, index) => {
    for (const network of wire.networks) columns[network]?.push(wires[index]?.column ?? 0);
  });
  const shown = shownNetworks(topology, nodes);
  return {
    columns: largest([...nodes, ...wires].map(cell => cell.column)) + 1,
    // So nwdiag counts them: under the last network there may be no row.
    rows: Math.max(largest([...nodes, ...wires].map(cell => cell.row)) + 1, topology.networks.length - 1),
    nodes,
    networks: topology.networks.map(({ network }, index) => {
      const own = columns[index] ?? [];
      const column = smallest(own);
      return { column, span: largest(own) - column + 1, isHidden: network.isHidden && !shown.has(index) };
    }),
    groups: topology.groups.map(group => areaOf(group.nodes.map(member => nodes[member]))),
    wires,
  };
}

/** A hidden network shows where a node has another one on the same side: both lines must end somewhere. */
function shownNetworks(topology: Topology, cells: readonly GridCell[]): ReadonlySet<number> {
  const shown = new Set<number>();
  for (const { index, networks } of topology.nodes) {
    const row = cells[index]?.row ?? 0;
    for (const side of [networks.filter(network => network <= row), networks.filter(network => network > row)])
      if (side.length > 1) for (const network of side) shown.add(network);
  }
  return shown;
}

/** The cells around some; nothing is known of undefined ones. */
export function areaOf(cells: readonly (GridCell | undefined)[]): GridArea {
  const known = cells.filter(cell => cell !== undefined);
  const [columns, rows] = [known.map(cell => cell.column), known.map(cell => cell.row)];
  const [column, row] = [smallest(columns), smallest(rows)];
  if (known.length === 0) return { column, row, width: 0, height: 0 };
  return { column, row, width: largest(columns) - column + 1, height: largest(rows) - row + 1 };
}

/** A node that shows others where to look for a place. */
interface Anchor extends GridCell {
  readonly networks: readonly number[];
}

class ClassicPlacing {
  private readonly topology: Topology;
  private readonly occupied = new OccupiedCells();
  private readonly cells = new Map<number, GridCell>();
  /** Of each network, its leftmost node; those in column 0 do not count. */
  private readonly anchors = new Map<number, Anchor>();

  constructor(topology: Topology) {
    this.topology = topology;
  }

  /** In the order of the diagram's nodes. */
  placeNodes(): readonly GridCell[] {
    for (const { index, group, networks } of this.topology.nodes) {
      if (this.cells.has(index)) continue;
      this.cells.set(index, this.placeOne(networks));
      if (group !== undefined)
        this.placeRest(
          index,
          (this.topology.groups[group]?.nodes ?? []).toSorted((a, b) => a - b),
        );
    }
    return this.topology.nodes.map(({ index }) => this.cells.get(index) ?? { column: 0, row: 0 });
  }

  /** Finds a place for what hangs on these networks, and takes it; `start`: the first column to look at. */
  placeOne(networks: readonly number[], start?: number): GridCell {
    const [row, bottom] = this.rowsOf(networks);
    const column = this.occupied.freeColumn(start ?? this.startOf(networks, row), row, bottom);
    this.occupied.take(column, row, column, bottom);
    const anchor = { column, row, networks };
    for (const network of networks)
      if (column > 0 && column < (this.anchors.get(network)?.column ?? Infinity)) this.anchors.set(network, anchor);
    return { column, row };
  }

  /** All others of a group at once; then nobody else gets into their rectangle. */
  private placeRest(first: number, members: readonly number[]): void {
    let left = this.cells.get(first)?.column ?? 0;
    for (const member of members) {
      const cell = this.cells.get(member) ?? this.placeOne(this.topology.nodes[member]?.networks ?? [], left);
      this.cells.set(member, cell);
      left = Math.min(left, cell.column);
    }
    const { column, row, width, height } = areaOf(members.map(member => this.cells.get(member)));
    this.occupied.take(column, row, column + width - 1, row + height - 1);
  }

  /** The first and last row to be free: down to the last network with a bus. */
  private rowsOf(networks: readonly number[]): readonly [number, number] {
    if (networks.length === 0) return [this.topology.networks.length, this.topology.networks.length];
    const visible = networks.filter(index => this.topology.networks[index]?.network.isHidden === false);
    const top = smallest(networks);
    return [top, Math.max(top, largest(visible))];
  }

  private startOf(networks: readonly number[], row: number): number {
    const anchor = this.anchors.get(row);
    if (!anchor) return 0;
    if (anchor.row === row) return anchor.column + 1;
    const common = this.topology.networks[networks.find(network => anchor.networks.includes(network)) ?? row];
    if (common?.network.isHidden) return anchor.column;
    return Math.max(0, anchor.column + 1 - (common?.nodes.length ?? 0));
  }
}
