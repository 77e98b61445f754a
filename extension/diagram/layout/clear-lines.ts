import type { Box, PlacedLink, PlacedWire, Point, Polyline } from '../picture.ts';
import type { DiagramLink, DiagramWire } from '../diagram.ts';
import type { Tap } from './clear-taps.ts';

/** A bus that lines may have to jump over. */
export interface Hurdle {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

const textAside = 5;
const textAbove = 4;

export interface ClearTap {
  readonly link: DiagramLink;
  readonly tap: Tap;
  /** The node's. */
  readonly box: Box;
  readonly busY: number;
  /** Where a line without a bus goes on to, at the height of the bus. */
  readonly farX: number | undefined;
  readonly hurdles: readonly Hurdle[];
}

/** A line between a node and a bus; its addresses stand at the node, right of the line. */
export function clearLink({ link, tap, box, busY, farX, hurdles }: ClearTap): PlacedLink {
  const x = Math.round((box.left + box.right) / 2) + tap.offset;
  const edge = tap.isAbove ? box.top : box.bottom;
  const atNode = { x, y: edge };
  const atBus = { x, y: busY };
  const beyond: Polyline = farX === undefined || farX === x ? [] : [{ x: farX, y: busY }];
  const textY = tap.isAbove ? edge - tap.text.height - textAbove : edge + textAbove;
  return {
    link,
    line: tap.isAbove ? [...beyond, atBus, atNode] : [atNode, atBus, ...beyond],
    textAt: { x: x + textAside, y: textY },
    jumps: jumpsOf(x, edge, busY, hurdles),
  };
}

/** From bus to bus: straight down, or down and up again where both lie on the same side. */
export function clearWire(wire: DiagramWire, ends: readonly Point[], turnY: number, textHeight: number): PlacedWire {
  const sorted = ends.toSorted((a, b) => a.y - b.y || a.x - b.x);
  const [first, last] = [sorted[0] ?? { x: 0, y: 0 }, sorted.at(-1) ?? { x: 0, y: 0 }];
  const turn: Polyline =
    first.x === last.x
      ? []
      : [
          { x: first.x, y: turnY },
          { x: last.x, y: turnY },
        ];
  return {
    wire,
    line: [first, ...turn, last],
    textAt: { x: Math.max(first.x, last.x) + textAside, y: turnY - textHeight / 2 },
  };
}

/** `hurdles`: from top to bottom. */
function jumpsOf(x: number, one: number, other: number, hurdles: readonly Hurdle[]): readonly number[] {
  const to = Math.max(one, other);
  const jumps: number[] = [];
  for (let at = firstBelow(Math.min(one, other), hurdles); at < hurdles.length; at += 1) {
    const { left, right, y } = hurdles[at] ?? { left: x, right: x, y: to };
    if (y >= to) break;
    if (left < x && x < right) jumps.push(y);
  }
  return jumps;
}

function firstBelow(height: number, hurdles: readonly Hurdle[]): number {
  let [from, to] = [0, hurdles.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((hurdles[middle]?.y ?? 0) > height) to = middle;
    else from = middle + 1;
  }
  return from;
}
