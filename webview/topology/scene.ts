import type { DrawnItem, Drawing } from '../../extension/diagram/drawing/drawing.ts';
import type { Box, Point, Polyline, Size } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';

/** Side of the squares that items are sorted into. */
const cell = 256;

/** A drawing that can be asked: what is here, what can be seen. */
export class Scene {
  readonly size: Size;
  readonly items: readonly DrawnItem[];
  private readonly byId: ReadonlyMap<ThingId, DrawnItem>;
  /** Places in `items`, by square. */
  private readonly cells = new Map<string, number[]>();

  constructor(drawing: Drawing) {
    this.size = drawing.size;
    this.items = drawing.items;
    this.byId = new Map(drawing.items.flatMap(item => (item.id === undefined ? [] : [[item.id, item] as const])));
    for (const [index, { bounds }] of drawing.items.entries()) this.enter(index, bounds);
  }

  item(id: ThingId): DrawnItem | undefined {
    return this.byId.get(id);
  }

  /** In the order of painting. */
  visible(box: Box): readonly DrawnItem[] {
    const found = new Set<number>();
    for (const key of cellsOf(box)) for (const index of this.cells.get(key) ?? []) found.add(index);
    return [...found]
      .sort((a, b) => a - b)
      .flatMap(index => this.items[index] ?? [])
      .filter(({ bounds }) => overlap(bounds, box));
  }

  /** What is pointed at: nodes before lines, lines before the groups behind them; the nearest of several lines. */
  at(point: Point, tolerance: number): DrawnItem | undefined {
    const near = this.visible(around(point, tolerance)).filter(item => item.id !== undefined);
    const nodes = near.filter(({ kind, bounds }) => kind === 'node' && contains(bounds, point));
    const lines = near.flatMap(item => {
      const distance = item.line ? distanceTo(item.line, point) : Infinity;
      return distance <= tolerance ? [{ item, distance }] : [];
    });
    lines.sort((a, b) => a.distance - b.distance);
    return (
      nodes.at(-1) ??
      lines[0]?.item ??
      near.findLast(item => item.kind === 'network' && contains(labelBounds(item), point)) ??
      near.findLast(({ kind, bounds }) => kind === 'group' && contains(bounds, point))
    );
  }

  private enter(index: number, bounds: Box): void {
    for (const key of cellsOf(bounds)) {
      const held = this.cells.get(key);
      if (held) held.push(index);
      else this.cells.set(key, [index]);
    }
  }
}

/** Left of its bus a network has its label. */
const labelBounds = ({ bounds, line }: DrawnItem): Box => ({ ...bounds, right: line?.[0]?.x ?? bounds.right });

function cellsOf({ left, top, right, bottom }: Box): readonly string[] {
  const keys: string[] = [];
  for (let row = Math.floor(top / cell); row <= Math.floor(bottom / cell); row += 1)
    for (let column = Math.floor(left / cell); column <= Math.floor(right / cell); column += 1)
      keys.push(`${column} ${row}`);
  return keys;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;

const contains = ({ left, top, right, bottom }: Box, { x, y }: Point): boolean =>
  left <= x && x <= right && top <= y && y <= bottom;

const around = ({ x, y }: Point, by: number): Box => ({ left: x - by, right: x + by, top: y - by, bottom: y + by });

/** From a point to the nearest point of a line. */
function distanceTo(line: Polyline, point: Point): number {
  const distances = line.slice(1).map((to, index) => {
    const from = line[index] ?? to;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
    const part = Math.max(0, Math.min(1, along));
    return Math.hypot(point.x - from.x - part * dx, point.y - from.y - part * dy);
  });
  return Math.min(Infinity, ...distances);
}
