import type { Box } from '../picture.ts';
import type { Bus } from './clear-buses.ts';
import type { ClearGrid } from './clear-grid.ts';
import type { SizedItem } from './clear-taps.ts';
import { largest, smallest } from './extremes.ts';

/** Where rows and buses lie, in pixels from the top. */
export interface Heights {
  /** Middles of rows. */
  readonly rows: readonly number[];
  /** Of each network. */
  readonly buses: readonly number[];
}

/** Between a node and a bus without any text. */
const leastGap = 36;
const textGap = 14;
const lanePitch = 38;
/** For the frame of a group and its caption. */
const captionHeight = 16;
const frame = 10;

export function heightsOf(grid: ClearGrid, items: readonly SizedItem[], buses: readonly Bus[], top: number): Heights {
  const bands = bandsOf(grid, items);
  const lanes = new Array<number>(grid.rows).fill(0);
  const labels = new Array<number>(grid.rows).fill(0);
  buses.forEach(({ lane, label }, network) => {
    const level = grid.levels[network] ?? 0;
    lanes[level] = Math.max(lanes[level] ?? 0, lane + 1);
    labels[level] = Math.max(labels[level] ?? 0, label.height);
  });
  const [rows, levels]: [number[], number[]] = [[], []];
  let y = top;
  bands.forEach(({ above, height, below }, row) => {
    const half = Math.ceil((labels[row] ?? 0) / 2) + 4;
    const isEmpty = height === 0;
    y += isEmpty ? 0 : Math.max(above, row === 0 ? 0 : Math.ceil((labels[row - 1] ?? 0) / 2) + 4);
    rows.push(y + height / 2);
    y += height + (isEmpty && row > 0 ? 0 : Math.max(below, isEmpty ? half : 0));
    levels.push(y + (isEmpty && row > 0 ? lanePitch : 0));
    y = (levels[row] ?? 0) + Math.max(0, (lanes[row] ?? 0) - 1) * lanePitch;
  });
  return {
    rows,
    buses: buses.map(({ lane }, network) => (levels[grid.levels[network] ?? 0] ?? 0) + lane * lanePitch),
  };
}

interface Band {
  readonly above: number;
  readonly height: number;
  readonly below: number;
}

/** Of each row, how high its items are and how much room their texts, and groups around them, need on both sides. */
function bandsOf({ rows, cells, groups }: ClearGrid, items: readonly SizedItem[]): readonly Band[] {
  const bands = Array.from({ length: rows }, () => ({ above: 0, height: 0, below: 0 }));
  items.forEach(({ height, taps }, index) => {
    const band = bands[cells[index]?.row ?? 0];
    if (!band) return;
    band.height = Math.max(band.height, height, 1);
    band.above = Math.max(band.above, leastGap, textHeight(taps, true) + textGap);
    band.below = Math.max(band.below, leastGap, textHeight(taps, false) + textGap);
  });
  for (const { row, height, width } of groups) {
    if (width === 0) continue;
    const [first, last] = [bands[row], bands[row + height - 1]];
    if (first) first.above += captionHeight;
    if (last) last.below += frame / 2;
  }
  return bands;
}

/** A node's box with the addresses above and below it. */
export function withTexts(box: Box | undefined, item: SizedItem | undefined): Box {
  const { left, top, right, bottom } = box ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const { taps = [], reachRight = 0 } = item ?? {};
  return {
    left,
    top: top - textHeight(taps, true),
    right: Math.max(right, (left + right) / 2 + reachRight),
    bottom: bottom + textHeight(taps, false),
  };
}

/** A group's frame around what it holds, with room for its caption at the top. */
export function frameOf(boxes: readonly Box[]): Box {
  if (boxes.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  return {
    left: smallest(boxes.map(box => box.left)) - frame,
    top: smallest(boxes.map(box => box.top)) - frame / 2 - captionHeight,
    right: largest(boxes.map(box => box.right)) + frame,
    bottom: largest(boxes.map(box => box.bottom)) + frame,
  };
}

/** How high the addresses on one side are. */
function textHeight(taps: SizedItem['taps'], isAbove: boolean): number {
  let height = 0;
  for (const tap of taps)
    if (tap.isAbove === isAbove && tap.text.height > 0) height = Math.max(height, tap.text.height + 4);
  return height;
}
