import type { DiagramLink } from '../diagram.ts';
import { textWidth } from '../drawing/text.ts';
import type { Size } from '../picture.ts';
import type { ClearGrid } from './clear-grid.ts';
import { isStub } from './clear-items.ts';
import { largest } from './extremes.ts';
import { linkTextSize, wireTextSize } from './link-text.ts';
import type { Topology, TopologyNode } from './topology.ts';

/** One end of a line at an item: where it leaves, and the bus that it goes to. */
export interface Tap {
  readonly network: number;
  /** Undefined: a wire's. */
  readonly link: DiagramLink | undefined;
  readonly isAbove: boolean;
  /** From the item's middle to the right, in pixels. */
  readonly offset: number;
  /** Of what stands at its right. */
  readonly text: Size;
}

/** A node or a wire with its size and its taps. */
export interface SizedItem extends Size {
  /** How far it reaches from its middle, texts included. */
  readonly reachLeft: number;
  readonly reachRight: number;
  readonly taps: readonly Tap[];
}

const lineSpace = 26;
const textSpace = 8;
const labelPadding = 24;
const widestLabel = 220;

/** Nodes, then wires, as in the grid. */
export function sizedItems(topology: Topology, grid: ClearGrid): readonly SizedItem[] {
  const centres = centresOf(topology, grid);
  const wires = topology.wires.map(({ wire, networks: [one, other] }, index): SizedItem => {
    const at = topology.nodes.length + index;
    const { row = 0 } = grid.cells[at] ?? {};
    const text = wireTextSize(wire);
    const isBeside = grid.levels[one] === grid.levels[other];
    const ends = [one, other].map((network): OpenTap => {
      return { network, link: undefined, isAbove: isAbove(grid, network, row), text: { width: 0, height: 0 } };
    });
    const taps = isBeside ? arranged(ends, at, grid, centres) : ends.map(end => ({ ...end, offset: 0 }));
    return { width: 0, height: text.height, reachLeft: 24, reachRight: 24 + text.width, taps };
  });
  return [...topology.nodes.map(node => sizedNode(node, topology, grid, centres)), ...wires];
}

type OpenTap = Omit<Tap, 'offset'>;

function sizedNode(
  { index, node, links }: TopologyNode,
  topology: Topology,
  grid: ClearGrid,
  centres: readonly number[],
): SizedItem {
  const { settings } = topology.diagram;
  const { row = 0 } = grid.cells[index] ?? {};
  const open = links
    .filter(({ network }) => !isStub(topology, network))
    .map(({ link, network }): OpenTap => ({
      link,
      network,
      isAbove: isAbove(grid, network, row),
      text: linkTextSize(link),
    }));
  const sides = [open.filter(tap => tap.isAbove), open.filter(tap => !tap.isAbove)];
  const taps = sides.flatMap(side => arranged(side, index, grid, centres));
  const lines = node.label.split('\n').slice(0, 4);
  const fontSize = node.style.fontSize ?? settings.fontSize;
  const label = Math.min(
    widestLabel,
    largest(lines.map(line => textWidth(line.slice(0, 200), fontSize))) + labelPadding,
  );
  const half = Math.max(
    Math.ceil(Math.max(node.width ?? Math.max(settings.nodeWidth, label)) / 2),
    largest(taps.map(({ offset }) => Math.abs(offset) + 14)),
  );
  return {
    width: half * 2,
    height: node.height ?? settings.nodeHeight + Math.max(0, lines.length - 1) * fontSize,
    reachLeft: half,
    reachRight: Math.max(half, largest(taps.map(({ offset, text }) => offset + textSpace + text.width))),
    taps,
  };
}

const isAbove = (grid: ClearGrid, network: number, row: number): boolean => (grid.levels[network] ?? 0) < row;

/**
 * Lines of one side from left to right so that they cross no bus that ends at the same item: those to the left first,
 * near buses outside; then those to the right, near buses outside again. Each has room for its addresses.
 */
function arranged(taps: readonly OpenTap[], item: number, grid: ClearGrid, centres: readonly number[]): readonly Tap[] {
  const { column = 0, row = 0 } = grid.cells[item] ?? {};
  const way = ({ network }: OpenTap): number => (centres[network] ?? 0) - column;
  const distance = ({ network }: OpenTap): number => Math.abs((grid.levels[network] ?? 0) + 0.5 - row);
  const rank = (tap: OpenTap): number => (way(tap) < 0 ? distance(tap) : -distance(tap));
  const sorted = taps.toSorted(
    (a, b) => Math.sign(way(a) || 1) - Math.sign(way(b) || 1) || rank(a) - rank(b) || way(a) - way(b),
  );
  const offsets: number[] = [];
  let at = 0;
  for (const { text } of sorted) {
    offsets.push(at);
    at += Math.max(lineSpace, text.width === 0 ? 0 : text.width + textSpace * 2);
  }
  const middle = Math.round((offsets.at(-1) ?? 0) / 2);
  return sorted.map((tap, place) => ({ ...tap, offset: (offsets[place] ?? 0) - middle }));
}

/** The middle of each network's items, as a column. */
function centresOf({ nodes, wires, networks }: Topology, { cells }: ClearGrid): readonly number[] {
  const sums = networks.map(() => ({ sum: 0, count: 0 }));
  const add = (network: number, item: number): void => {
    const sum = sums[network];
    if (!sum) return;
    sum.sum += cells[item]?.column ?? 0;
    sum.count += 1;
  };
  for (const node of nodes) for (const network of node.networks) add(network, node.index);
  wires.forEach(({ networks: ends }, index) => {
    for (const network of ends) add(network, nodes.length + index);
  });
  return sums.map(({ sum, count }) => (count === 0 ? 0 : sum / count));
}
