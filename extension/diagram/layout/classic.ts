import type { Diagram } from '../diagram.ts';
import type { Box, PlacedGroup, PlacedNetwork, PlacedNode, Picture, Polyline } from '../picture.ts';
import { classicGrid, type ClassicGrid } from './classic-grid.ts';
import { classicLink, classicWire } from './classic-lines.ts';
import { GridSizes, unit } from './grid-sizes.ts';
import { topologyOf, type Topology, type TopologyNode } from './topology.ts';

/** Exactly nwdiag's picture: its grid, boxes, buses and lines, to the pixel. Pins are not heeded. */
export function classicPicture(diagram: Diagram): Picture {
  const topology = topologyOf(diagram);
  const grid = classicGrid(topology);
  const sizes = sizesOf(topology, grid);
  const networks = placedNetworks(topology, grid, sizes);
  const nodes = placedNodes(topology, grid, sizes);
  return {
    layout: 'classic',
    size: { width: sizes.pageWidth, height: sizes.pageHeight },
    columns: grid.columns,
    rows: grid.rows,
    networks,
    nodes,
    links: topology.nodes.flatMap((node, index) => linksOf(node, nodes[index], networks, diagram)),
    groups: placedGroups(topology, grid, sizes),
    wires: topology.wires.map(({ wire, networks: ends }, index) => {
      const cell = sizes.cell(grid.wires[index] ?? { column: 0, row: 0 });
      return classicWire(wire, middle(cell.left, cell.right), ends, networks);
    }),
    external: externalOf(diagram, networks[0]),
    diagram,
  };
}

const middle = (from: number, to: number): number => from + Math.floor((to - from) / 2);

/** Columns are as wide as their widest node; a node with many lines below is widened for them. */
function sizesOf({ diagram, nodes }: Topology, grid: ClassicGrid): GridSizes {
  const widths = new Array<number | undefined>(grid.columns).fill(undefined);
  const heights = new Array<number | undefined>(grid.rows).fill(undefined);
  nodes.forEach(({ node }, index) => {
    const { column, row } = grid.nodes[index] ?? { column: 0, row: 0 };
    const [width, height] = [widthOf(nodes[index], row, diagram), node.height ?? diagram.settings.nodeHeight];
    widths[column] = Math.max(widths[column] ?? 0, width);
    heights[row] = Math.max(heights[row] ?? 0, height);
  });
  return new GridSizes(diagram.settings, widths, heights);
}

function widthOf(node: TopologyNode | undefined, row: number, { settings }: Diagram): number {
  const below = node?.links.filter(({ network }) => network > row).length ?? 0;
  return Math.max(node?.node.width ?? settings.nodeWidth, (below + 1) * unit * 2);
}

function placedNetworks(
  { diagram, networks }: Topology,
  grid: ClassicGrid,
  sizes: GridSizes,
): readonly PlacedNetwork[] {
  const { nodeWidth, nodeHeight, spanWidth, spanHeight } = diagram.settings;
  return networks.map(({ network }, row) => {
    const { column = 0, span = 1, isHidden = false } = grid.networks[row] ?? {};
    const area = sizes.area({ column, row, width: span, height: 1 });
    const half = Math.floor(spanWidth / 2);
    const bus = { left: area.left - half, right: area.right + half, y: area.top - Math.floor(spanHeight / 2) };
    const top = bus.y - Math.floor(nodeHeight / 2);
    const labelBox: Box = {
      left: bus.left - Math.floor((nodeWidth * 3) / 2),
      top,
      right: bus.left,
      bottom: bus.y + Math.floor(nodeHeight / 2),
    };
    return { network, row, column, span, isHidden, bus, labelBox };
  });
}

function placedNodes({ diagram, nodes }: Topology, grid: ClassicGrid, sizes: GridSizes): readonly PlacedNode[] {
  return nodes.map((node, index) => {
    const { column, row } = grid.nodes[index] ?? { column: 0, row: 0 };
    const cell = sizes.cell({ column, row });
    const width = widthOf(node, row, diagram);
    const height = node.node.height ?? diagram.settings.nodeHeight;
    // The same whole number of pixels off both sides, so a node may grow by one.
    const [x, y] = [
      Math.floor((cell.right - cell.left - width) / 2),
      Math.floor((cell.bottom - cell.top - height) / 2),
    ];
    const box = { left: cell.left + x, top: cell.top + y, right: cell.right - x, bottom: cell.bottom - y };
    return { node: node.node, column, row, box };
  });
}

/** The nearest network first on each side, above and below; so the nearest one's line is the rightmost. */
function linksOf(
  { links }: TopologyNode,
  placed: PlacedNode | undefined,
  networks: readonly PlacedNetwork[],
  { settings }: Diagram,
): Picture['links'] {
  if (!placed) return [];
  const above = links.filter(({ network }) => network <= placed.row).sort((a, b) => b.network - a.network);
  const below = links.filter(({ network }) => network > placed.row).sort((a, b) => a.network - b.network);
  return [above, below].flatMap(side =>
    side.map((link, index) => {
      const offset = ((side.length - 1) / 2 - index) * unit * 2;
      const x = middle(placed.box.left, placed.box.right) + Math.floor(offset);
      return classicLink(link, { x, isAbove: side === above, box: placed.box, networks, settings });
    }),
  );
}

function placedGroups({ diagram, groups }: Topology, grid: ClassicGrid, sizes: GridSizes): readonly PlacedGroup[] {
  const upright = Math.floor(diagram.settings.spanHeight / 2) - unit;
  return groups.map(({ group }, index) => {
    const area = grid.groups[index] ?? { column: 0, row: 0, width: 0, height: 0 };
    const { left, top, right, bottom } = sizes.area(area);
    const box = { left: left - unit, top: top - upright, right: right + unit, bottom: bottom + upright };
    return { group, ...area, box };
  });
}

/** Two thirds of the span above the middle of the first bus. */
function externalOf({ settings }: Diagram, first: PlacedNetwork | undefined): Polyline | undefined {
  if (!settings.hasExternalConnector || !first || first.isHidden) return undefined;
  const x = middle(first.bus.left, first.bus.right);
  const top = first.bus.y - Math.floor((settings.spanHeight * 2) / 3);
  return [
    { x, y: top },
    { x, y: first.bus.y - unit / 2 },
  ];
}
