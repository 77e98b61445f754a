import type { DiagramLink } from '../diagram.ts';
import { textWidth } from '../drawing/text.ts';
import type { Size } from '../picture.ts';
import type { ClearGrid } from './clear-grid.ts';
import { isStub } from './clear-items.ts';
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
    const taps = [one, other].map((network): TapDraft => {
      return { network, link: undefined, isAbove: isAbove(grid, network, row), text: noText, offset: 0 };
    });
    if (isBeside) arrange(taps, at, grid, centres);
    return { width: 0, height: text.height, reachLeft: 24, reachRight: 24 + text.width, taps };
  });
  return [...topology.nodes.map(node => sizedNode(node, topology, grid, centres)), ...wires];
}

/** A tap that finds its place among those beside it. */
type TapDraft = Omit<Tap, 'offset'> & { offset: number };

const noText: Size = { width: 0, height: 0 };

function sizedNode(
  { index, node, links }: TopologyNode,
  topology: Topology,
  grid: ClearGrid,
  centres: readonly number[],
): SizedItem {
  const { settings } = topology.diagram;
  const { row = 0 } = grid.cells[index] ?? {};
  const above: TapDraft[] = [];
  const below: TapDraft[] = [];
  for (const { link, network } of links) {
    if (isStub(topology, network)) continue;
    const side = isAbove(grid, network, row) ? above : below;
    side.push({ link, network, isAbove: side === above, text: linkTextSize(link), offset: 0 });
  }
  arrange(above, index, grid, centres);
  arrange(below, index, grid, centres);
  const taps = above.length === 0 ? below : above.concat(below);
  const fontSize = node.style.fontSize ?? settings.fontSize;
  const label = labelSize(node.label, fontSize);
  let half = Math.ceil((node.width ?? Math.max(settings.nodeWidth, label.width)) / 2);
  for (const { offset } of taps) half = Math.max(half, Math.abs(offset) + 14);
  let reachRight = half;
  for (const { offset, text } of taps) reachRight = Math.max(reachRight, offset + textSpace + text.width);
  const height = node.height ?? settings.nodeHeight + (label.lines - 1) * fontSize;
  return { width: half * 2, height, reachLeft: half, reachRight, taps };
}

function labelSize(label: string, fontSize: number): { readonly width: number; readonly lines: number } {
  const lines = label.includes('\n') ? label.split('\n', 4) : [label];
  let width = 0;
  for (const line of lines) width = Math.max(width, textWidth(line.slice(0, 200), fontSize));
  return { width: Math.min(widestLabel, width + labelPadding), lines: lines.length };
}

const isAbove = (grid: ClearGrid, network: number, row: number): boolean => (grid.levels[network] ?? 0) < row;

/**
 * Lines of one side from left to right so that they cross no bus that ends at the same item: those to the left first,
 * near buses outside; then those to the right, near buses outside again. Each has room for its addresses.
 */
function arrange(taps: TapDraft[], item: number, grid: ClearGrid, centres: readonly number[]): void {
  if (taps.length < 2) return;
  const { column = 0, row = 0 } = grid.cells[item] ?? {};
  const way = ({ network }: TapDraft): number => (centres[network] ?? 0) - column;
  const distance = ({ network }: TapDraft): number => Math.abs((grid.levels[network] ?? 0) + 0.5 - row);
  const rank = (tap: TapDraft): number => (way(tap) < 0 ? distance(tap) : -distance(tap));
  taps.sort((a, b) => Math.sign(way(a) || 1) - Math.sign(way(b) || 1) || rank(a) - rank(b) || way(a) - way(b));
  let end = 0;
  for (const tap of taps) {
    tap.offset = end;
    end += Math.max(lineSpace, tap.text.width === 0 ? 0 : tap.text.width + textSpace * 2);
  }
  const middle = Math.round((taps.at(-1)?.offset ?? 0) / 2);
  for (const tap of taps) tap.offset -= middle;
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
