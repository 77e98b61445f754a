import type { Box, PlacedGroup, PlacedLink, PlacedNetwork, PlacedNode, PlacedWire, Picture, Size } from '../picture.ts';
import {
  busesOf,
  columnMiddles,
  columnSpans,
  extentsOf,
  labelSizes,
  type Bus,
  type ColumnSpan,
} from './clear-buses.ts';
import type { ClearGrid } from './clear-grid.ts';
import { frameOf, heightsOf, withTexts, type Heights } from './clear-heights.ts';
import { clearLink, clearWire, type Hurdle } from './clear-lines.ts';
import { sizedItems, type SizedItem } from './clear-taps.ts';
import { largest, smallest } from './extremes.ts';
import type { Topology, TopologyNetwork, TopologyNode, TopologyWire } from './topology.ts';

const margin = 28;
const titleHeight = 30;
const columnGap = 28;

/** Everything that is known before anything is drawn. */
interface ClearPlan {
  readonly topology: Topology;
  readonly grid: ClearGrid;
  /** Nodes, then wires. */
  readonly items: readonly SizedItem[];
  readonly buses: readonly Bus[];
  readonly spans: readonly ColumnSpan[];
  readonly middles: readonly number[];
  readonly heights: Heights;
  readonly hurdles: readonly Hurdle[];
}

/** From columns, rows and levels to pixels. */
export function drawClear(topology: Topology, grid: ClearGrid): Picture {
  const plan = planOf(topology, grid);
  const nodes = topology.nodes.map(node => placedNode(node, plan));
  const networks = topology.networks.map(network => placedNetwork(network, plan));
  const links = placedLinks(nodes, plan);
  const groups = placedGroups(nodes, plan);
  const wires = topology.wires.map((wire, index) => placedWire(wire, topology.nodes.length + index, plan));
  const size = sizeOf([...nodes.map(({ box }) => box), ...groups.map(({ box }) => box)], plan);
  const { diagram } = topology;
  const external = undefined;
  return {
    layout: 'clear',
    size,
    columns: grid.columns,
    rows: grid.rows,
    networks,
    nodes,
    links,
    groups,
    wires,
    external,
    diagram,
  };
}

function planOf(topology: Topology, grid: ClearGrid): ClearPlan {
  const items = sizedItems(topology, grid);
  const labels = labelSizes(topology);
  const spans = columnSpans(grid, items, labels.length);
  const rough = columnMiddles(grid, items, labels, spans, columnGap);
  const overhang = smallest(extentsOf(grid, items, rough, labels).map(({ left, label }) => left - label.width));
  const middles = rough.map(x => x + margin - Math.min(0, overhang));
  const buses = busesOf(grid, items, middles, labels);
  const { title } = topology.diagram.settings;
  const heights = heightsOf(grid, items, buses, title === undefined || title === '' ? margin : margin + titleHeight);
  const hurdles = buses
    .map(({ left, right }, network) => ({ left, right, y: heights.buses[network] ?? 0 }))
    .filter((_, network) => topology.networks[network]?.network.isHidden === false)
    .sort((a, b) => a.y - b.y);
  return { topology, grid, items, buses, spans, middles, heights, hurdles };
}

function placedNode({ index, node }: TopologyNode, { grid, items, middles, heights }: ClearPlan): PlacedNode {
  const { column, row } = grid.cells[index] ?? { column: 0, row: 0 };
  const { width, height } = items[index] ?? { width: 0, height: 0 };
  const [x, y] = [middles[column] ?? 0, Math.round((heights.rows[row] ?? 0) - height / 2)];
  return { node, column, row, box: { left: x - width / 2, top: y, right: x + width / 2, bottom: y + height } };
}

function placedNetwork({ index, network }: TopologyNetwork, plan: ClearPlan): PlacedNetwork {
  const { grid, buses, spans, heights } = plan;
  const { left, right, label } = buses[index] ?? { left: 0, right: 0, label: { width: 0, height: 0 } };
  const { first, last } = spans[index] ?? { first: 0, last: 0 };
  const y = heights.buses[index] ?? 0;
  const top = Math.round(y - label.height / 2);
  return {
    network,
    row: grid.levels[index] ?? 0,
    column: first,
    span: last - first + 1,
    isHidden: network.isHidden,
    bus: { left, right, y },
    labelBox: { left: left - label.width, top, right: left, bottom: top + label.height },
  };
}

function placedLinks(nodes: readonly PlacedNode[], plan: ClearPlan): readonly PlacedLink[] {
  const { topology, buses, items, heights, hurdles } = plan;
  const links: PlacedLink[] = [];
  nodes.forEach(({ box }, index) => {
    for (const tap of items[index]?.taps ?? []) {
      const { network, link } = tap;
      if (!link) continue;
      const { left = 0, right = 0 } = buses[network] ?? {};
      const isBare = topology.networks[network]?.network.isHidden === true;
      // The half of a line without a bus: its other end does the other half.
      const farX = isBare ? Math.round((left + right) / 2) : undefined;
      links.push(clearLink({ link, tap, box, busY: heights.buses[network] ?? 0, farX, hurdles }));
    }
  });
  return links;
}

function placedWire({ wire }: TopologyWire, index: number, plan: ClearPlan): PlacedWire {
  const { grid, items, middles, heights } = plan;
  const { column, row } = grid.cells[index] ?? { column: 0, row: 0 };
  const { taps = [], height = 0 } = items[index] ?? {};
  const ends = taps.map(({ network, offset }) => {
    return { x: (middles[column] ?? 0) + offset, y: heights.buses[network] ?? 0 };
  });
  return clearWire(wire, ends, Math.round(heights.rows[row] ?? 0), height);
}

function placedGroups(nodes: readonly PlacedNode[], { topology, grid, items }: ClearPlan): readonly PlacedGroup[] {
  return topology.groups.map(({ group, nodes: members }, index) => {
    const area = grid.groups[index] ?? { column: 0, row: 0, width: 0, height: 0 };
    return { group, ...area, box: frameOf(members.map(member => withTexts(nodes[member]?.box, items[member]))) };
  });
}

function sizeOf(boxes: readonly Box[], { grid, items, buses, middles, heights }: ClearPlan): Size {
  let width = largest(buses.map(bus => bus.right));
  let height = largest(heights.buses.map(y => y + 20));
  for (const { right, bottom } of boxes) {
    width = Math.max(width, right);
    height = Math.max(height, bottom);
  }
  items.forEach(({ reachRight }, index) => {
    width = Math.max(width, (middles[grid.cells[index]?.column ?? 0] ?? 0) + reachRight);
  });
  return { width: Math.ceil(width) + margin, height: Math.ceil(height) + margin };
}
