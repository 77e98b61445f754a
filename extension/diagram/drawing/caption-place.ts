import type { Box, Point } from '../picture.ts';
import { lineHeight, type DrawnItem, type DrawnText } from './drawing.ts';
import { textWidth } from './text.ts';

/** Between a caption and the border of its group. */
const [beside, over] = [8, 3];

/** What a caption must not lie on: texts, nodes, lines. */
export function obstaclesOf(items: readonly DrawnItem[]): readonly Box[] {
  return items.flatMap(({ kind, bounds, line = [], texts }) => [
    ...(kind === 'node' ? [bounds] : []),
    ...line.slice(1).map((to, index) => thinBox(line[index] ?? to, to)),
    ...texts.filter(({ rotate }) => rotate === undefined).map(boxOfText),
  ]);
}

/**
 * Where the caption of a group begins: its baseline, in the corner of the group where it lies on the least; the left top one
 * if that is free. Nwdiag has it in the middle, where lines with their addresses come down.
 */
export function captionPlace(group: Box, text: string, size: number, obstacles: readonly Box[]): Point {
  const width = textWidth(text, size);
  const near = obstacles.filter(box => overlap(box, group) > 0);
  const left = group.left + beside;
  const right = Math.max(left, group.right - beside - width);
  const [top, bottom] = [group.top + size + over, group.bottom - over - size / 4];
  const places = [top, bottom].flatMap(y => [left, right].map(x => ({ x, y })));
  const costs = places.map(({ x, y }) => {
    const box = { left: x, right: x + width, top: y - size, bottom: y + size / 4 };
    return near.reduce((sum, other) => sum + overlap(box, other), 0);
  });
  return places[costs.indexOf(Math.min(...costs))] ?? { x: left, y: top };
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/** A line with the blank that it needs on both sides. */
const thinBox = (from: Point, to: Point): Box => ({
  left: Math.min(from.x, to.x) - 2,
  right: Math.max(from.x, to.x) + 2,
  top: Math.min(from.y, to.y) - 2,
  bottom: Math.max(from.y, to.y) + 2,
});

function boxOfText({ lines, at, anchor, size }: DrawnText): Box {
  const width = Math.max(0, ...lines.map(line => textWidth(line, size)));
  const left = at.x - { start: 0, middle: width / 2, end: width }[anchor];
  const bottom = at.y + (lines.length - 1) * size * lineHeight + size / 4;
  return { left, right: left + width, top: at.y - size, bottom };
}
