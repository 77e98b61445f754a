import type { Picture, Point } from '../../extension/diagram/picture.ts';
import { linkId, thingId, type ThingId } from '../../extension/diagram/thing-id.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** One place where the keyboard can stop. */
interface Stop {
  readonly id: ThingId;
  readonly at: Point;
  /** What it hangs together with, upwards and downwards. */
  readonly up: ThingId[];
  readonly down: ThingId[];
  /** Stops of one row have the same text. */
  readonly row: string;
}

/**
 * Ways through a picture by arrow keys. Up and down follow the lines: from a node to its NIC, to the bus, to the next
 * NIC, to its node. Left and right go along a row of nodes, or along the NICs on one side of a bus.
 */
export class Ways {
  private readonly stops = new Map<ThingId, Stop>();
  private readonly rows = new Map<string, Stop[]>();

  constructor(picture: Pick<Picture, 'nodes' | 'networks' | 'links' | 'wires'>) {
    const { nodes, networks, links, wires } = picture;
    const buses = new Map(networks.map(({ network, bus }) => [network.id, bus]));
    for (const { node, box, row } of nodes) this.add(thingId('node', node.id), middleOf(box), `node ${row}`);
    for (const { network, bus, isHidden } of networks) {
      const at = { x: (bus.left + bus.right) / 2, y: bus.y };
      if (!isHidden) this.add(thingId('network', network.id), at, `network ${bus.y}`);
    }
    for (const { link, line } of links) {
      const bus = buses.get(link.network);
      const node = this.stops.get(thingId('node', link.node));
      if (!bus || !node) continue;
      const isBelow = node.at.y > bus.y;
      const at = { x: line[0]?.x ?? node.at.x, y: (node.at.y + bus.y) / 2 };
      this.add(linkId(link), at, `link ${link.network} ${isBelow}`);
      const [upper, lower] = [thingId('network', link.network), thingId('node', link.node)];
      this.connect(linkId(link), isBelow ? upper : lower, isBelow ? lower : upper);
    }
    for (const { wire, line } of wires) this.addWire(wire.id, wire.ends, line, buses);
    for (const row of this.rows.values()) row.sort((a, b) => a.at.x - b.at.x);
  }

  /** Where an arrow key leads; undefined: nowhere. `x`: where the walk along the columns began. */
  next(id: ThingId, direction: Direction, x?: number): ThingId | undefined {
    const stop = this.stops.get(id);
    if (!stop) return undefined;
    if (direction === 'up' || direction === 'down') return this.nearest(stop[direction], x ?? stop.at.x);
    const row = this.rows.get(stop.row) ?? [];
    const place = row.indexOf(stop) + (direction === 'right' ? 1 : -1);
    return row[place]?.id;
  }

  at(id: ThingId): Point | undefined {
    return this.stops.get(id)?.at;
  }

  private addWire(
    name: string,
    ends: readonly string[],
    line: readonly Point[],
    buses: ReadonlyMap<string, { y: number }>,
  ) {
    const sorted = [...ends].sort((a, b) => (buses.get(a)?.y ?? 0) - (buses.get(b)?.y ?? 0));
    const [upper, lower] = sorted.map(end => thingId('network', end));
    const from = line[0];
    if (!from || upper === undefined || lower === undefined) return;
    const id = thingId('wire', name);
    const to = line.at(-1) ?? from;
    this.add(id, { x: from.x, y: (from.y + to.y) / 2 }, `link ${sorted[0] ?? ''} true`);
    this.connect(id, upper, lower);
  }

  private add(id: ThingId, at: Point, row: string): void {
    if (this.stops.has(id)) return;
    const stop: Stop = { id, at, up: [], down: [], row };
    this.stops.set(id, stop);
    const held = this.rows.get(row);
    if (held) held.push(stop);
    else this.rows.set(row, [stop]);
  }

  /** A line between what lies over it and under it. */
  private connect(line: ThingId, upper: ThingId, lower: ThingId): void {
    this.stops.get(line)?.up.push(upper);
    this.stops.get(line)?.down.push(lower);
    this.stops.get(upper)?.down.push(line);
    this.stops.get(lower)?.up.push(line);
  }

  private nearest(ids: readonly ThingId[], x: number): ThingId | undefined {
    const stops = ids.flatMap(id => this.stops.get(id) ?? []);
    return stops.sort((a, b) => Math.abs(a.at.x - x) - Math.abs(b.at.x - x))[0]?.id;
  }
}

const middleOf = ({
  left,
  right,
  top,
  bottom,
}: {
  left: number;
  right: number;
  top: number;
  bottom: number;
}): Point => ({
  x: (left + right) / 2,
  y: (top + bottom) / 2,
});
