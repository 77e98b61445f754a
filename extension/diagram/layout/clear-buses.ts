import type { DiagramNetwork } from '../diagram.ts';
import { lineHeight } from '../drawing/drawing.ts';
import { textWidth } from '../drawing/text.ts';
import type { Size } from '../picture.ts';
import type { ClearGrid } from './clear-grid.ts';
import type { SizedItem } from './clear-taps.ts';
import { largest } from './extremes.ts';
import type { Topology } from './topology.ts';

/** A bus on its level. Pixels. */
export interface Bus {
  readonly left: number;
  readonly right: number;
  /** 0: the uppermost of its level; buses that would meet lie below one another. */
  readonly lane: number;
  readonly label: Size;
}

interface BusExtent extends Omit<Bus, 'lane'> {
  /** Nothing leads to it. */
  readonly isEmpty: boolean;
}

/** How far a bus reaches beyond its last line. */
const busEnd = 24;
/** Of a bus with one line. */
const leastBus = 104;
const addressSize = 10;
/** Room for a state below the name. */
const leastLabel: Size = { width: 58, height: 28 };
const widestLabel = 180;
const labelGap = 10;

/** Of each network, in order. */
export function labelSizes({ diagram, networks }: Topology): readonly Size[] {
  return networks.map(({ network }) =>
    network.isHidden ? { width: 0, height: 0 } : labelSize(network, diagram.settings.fontSize),
  );
}

function labelSize({ label = '', addresses, style }: DiagramNetwork, fontSize: number): Size {
  const size = style.fontSize ?? fontSize;
  const names = label === '' ? [] : label.split('\n').slice(0, 3);
  const rows = [
    ...names.map(text => ({ text, size })),
    ...addresses.slice(0, 4).map(text => ({ text, size: addressSize })),
  ];
  const width = largest(rows.map(row => textWidth(row.text.slice(0, 200), row.size)));
  const height = rows.reduce((sum, row) => sum + row.size * lineHeight, 0);
  return {
    width: Math.ceil(Math.min(widestLabel, Math.max(leastLabel.width, width))) + labelGap,
    height: Math.ceil(Math.max(leastLabel.height, height)),
  };
}

/** The middle of each column; wide enough for nodes, texts, and the labels of buses that begin where another one ends. */
export function columnMiddles(
  grid: ClearGrid,
  items: readonly SizedItem[],
  labels: readonly Size[],
  spans: readonly ColumnSpan[],
  gap: number,
): readonly number[] {
  const { columns, cells } = grid;
  const [lefts, rights] = [new Array<number>(columns).fill(0), new Array<number>(columns).fill(0)];
  items.forEach(({ reachLeft, reachRight }, index) => {
    const { column } = cells[index] ?? { column: 0 };
    lefts[column] = Math.max(lefts[column] ?? 0, reachLeft);
    rights[column] = Math.max(rights[column] ?? 0, reachRight);
  });
  const between = labelRoom(grid, spans, labels);
  const middles: number[] = [];
  let end = 0;
  for (let column = 0; column < columns; column += 1) {
    const left = lefts[column] ?? 0;
    const needed = column === 0 ? 0 : (middles[column - 1] ?? 0) + (between.get(column) ?? 0);
    middles.push(Math.ceil(Math.max(end + gap + left, needed)));
    end = (middles[column] ?? 0) + (rights[column] ?? 0);
  }
  return middles;
}

export interface ColumnSpan {
  readonly first: number;
  readonly last: number;
}

/** The columns of each network. */
export function columnSpans(
  { cells, emptyColumns }: ClearGrid,
  items: readonly SizedItem[],
  networkCount: number,
): readonly ColumnSpan[] {
  const spans = Array.from({ length: networkCount }, (_, network) => {
    const column = emptyColumns.get(network);
    return { first: column ?? Infinity, last: column ?? -1 };
  });
  items.forEach(({ taps }, index) => {
    const { column } = cells[index] ?? { column: 0 };
    for (const { network } of taps) {
      const span = spans[network];
      if (!span) continue;
      span.first = Math.min(span.first, column);
      span.last = Math.max(span.last, column);
    }
  });
  return spans.map(({ first, last }) => (last < 0 ? { first: 0, last: 0 } : { first, last }));
}

/** How far apart a column and the one before it must be where a bus ends in one and another begins in the other. */
function labelRoom(
  { levels }: ClearGrid,
  spans: readonly ColumnSpan[],
  labels: readonly Size[],
): ReadonlyMap<number, number> {
  const ends = new Set(spans.map(({ last }, network) => `${levels[network] ?? 0} ${last}`));
  const room = new Map<number, number>();
  spans.forEach(({ first }, network) => {
    if (!ends.has(`${levels[network] ?? 0} ${first - 1}`)) return;
    const needed = (labels[network]?.width ?? 0) + leastBus + busEnd;
    room.set(first, Math.max(room.get(first) ?? 0, needed));
  });
  return room;
}

/** From where to where each bus reaches. */
export function extentsOf(
  grid: ClearGrid,
  items: readonly SizedItem[],
  middles: readonly number[],
  labels: readonly Size[],
): readonly BusExtent[] {
  const reaches = labels.map((_, network) => {
    const column = grid.emptyColumns.get(network);
    const x = column === undefined ? undefined : (middles[column] ?? 0);
    return { first: x ?? Infinity, last: x ?? 0 };
  });
  items.forEach(({ taps }, index) => {
    const middle = middles[grid.cells[index]?.column ?? 0] ?? 0;
    for (const { network, offset } of taps) {
      const reach = reaches[network];
      if (!reach) continue;
      reach.first = Math.min(reach.first, middle + offset);
      reach.last = Math.max(reach.last, middle + offset);
    }
  });
  return reaches.map(({ first, last }, network) => {
    const isEmpty = first === Infinity;
    const begin = isEmpty ? 0 : first;
    const slack = Math.max(0, leastBus - last + begin - busEnd * 2) / 2;
    const label = labels[network] ?? { width: 0, height: 0 };
    return { left: begin - busEnd - slack, right: last + busEnd + slack, label, isEmpty };
  });
}

/** Where each bus lies, so that none meets another one or its label. */
export function busesOf(
  grid: ClearGrid,
  items: readonly SizedItem[],
  middles: readonly number[],
  labels: readonly Size[],
): readonly Bus[] {
  const extents = extentsOf(grid, items, middles, labels);
  const lanes = new Map<number, number>();
  const isUpperLeft = straddlersAbove(grid, items);
  const levels = new Map<number, number[]>();
  grid.levels.forEach((level, network) => {
    const members = levels.get(level) ?? [];
    levels.set(level, members);
    if (extents[network]?.isEmpty === false) members.push(network);
  });
  for (const [level, members] of levels) assignLanes(members, extents, isUpperLeft.has(level), lanes);
  return extents.map(({ left, right, label }, network) => ({ left, right, label, lane: lanes.get(network) ?? 0 }));
}

/** The levels on which more items stand above several buses of it than below. */
function straddlersAbove({ levels }: ClearGrid, items: readonly SizedItem[]): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const { taps } of items) {
    if (taps.length < 2) continue;
    const seen = new Set<number>();
    for (const { network, isAbove } of taps) {
      const level = levels[network] ?? 0;
      if (seen.has(level)) counts.set(level, (counts.get(level) ?? 0) + (isAbove ? -1 : 1));
      seen.add(level);
    }
  }
  return new Set([...counts].filter(([, count]) => count > 0).map(([level]) => level));
}

/**
 * Where buses of one level would meet, the left one lies nearer to the items that hang on both: their lines then reach
 * both buses and cross no label.
 */
function assignLanes(
  members: readonly number[],
  extents: readonly BusExtent[],
  isUpperLeft: boolean,
  lanes: Map<number, number>,
): void {
  const [from, to] = [new Map<number, number>(), new Map<number, number>()];
  for (const network of members) {
    const { left, right, label } = extents[network] ?? { left: 0, right: 0, label: { width: 0 } };
    const ends = [left - label.width, right + busEnd / 2] as const;
    from.set(network, isUpperLeft ? ends[0] : -ends[1]);
    to.set(network, isUpperLeft ? ends[1] : -ends[0]);
  }
  /** Of each lane, how far it is taken. */
  const taken: number[] = [];
  for (const network of members.toSorted((a, b) => (from.get(a) ?? 0) - (from.get(b) ?? 0))) {
    const begin = from.get(network) ?? 0;
    const free = taken.findIndex(end => end < begin);
    const lane = free < 0 ? taken.length : free;
    taken[lane] = to.get(network) ?? 0;
    lanes.set(network, lane);
  }
}
