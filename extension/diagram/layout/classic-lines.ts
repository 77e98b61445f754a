import type { DiagramSettings, DiagramWire } from '../diagram.ts';
import type { Box, PlacedLink, PlacedNetwork, PlacedWire } from '../picture.ts';
import { largest, smallest } from './extremes.ts';
import { unit } from './grid-sizes.ts';
import { linkTextHeight, wireTextSize } from './link-text.ts';
import type { TopologyLink } from './topology.ts';

export interface ClassicTap {
  readonly x: number;
  /** The network lies above the node. */
  readonly isAbove: boolean;
  /** The node's. */
  readonly box: Box;
  readonly networks: readonly PlacedNetwork[];
  readonly settings: DiagramSettings;
}

/** A vertical line from the edge of the bus to the node; to where the bus would be, if it is hidden. */
export function classicLink({ link, network }: TopologyLink, tap: ClassicTap): PlacedLink {
  const { x, isAbove, box, networks, settings } = tap;
  const busY = edgeOf(networks[network], isAbove);
  const [from, to] = isAbove ? [busY, box.top] : [box.bottom, busY];
  const room = Math.floor(settings.spanHeight / 2);
  const height = linkTextHeight(link);
  return {
    link,
    line: [
      { x, y: from },
      { x, y: to },
    ],
    textAt: { x: x + unit / 2, y: to - room + Math.floor((room - height) / 2) },
    jumps: jumpsOf(x, from, to, networks),
  };
}

/** A vertical line between two buses. */
export function classicWire(
  wire: DiagramWire,
  x: number,
  ends: readonly number[],
  networks: readonly PlacedNetwork[],
): PlacedWire {
  const [from, to] = [edgeOf(networks[smallest(ends)], true), edgeOf(networks[largest(ends)], false)];
  const { height } = wireTextSize(wire);
  return {
    wire,
    line: [
      { x, y: from },
      { x, y: to },
    ],
    textAt: { x: x + unit / 2, y: Math.floor((from + to - height) / 2) },
  };
}

function edgeOf(network: PlacedNetwork | undefined, isBelowBus: boolean): number {
  const { bus, isHidden } = network ?? { bus: { y: 0 }, isHidden: true };
  return bus.y + (isHidden ? 0 : isBelowBus ? unit / 2 : -unit / 2);
}

function jumpsOf(x: number, from: number, to: number, networks: readonly PlacedNetwork[]): readonly number[] {
  return networks
    .filter(
      ({ isHidden, bus }) => !isHidden && bus.left < x && x < bus.right && from < bus.y - unit && bus.y + unit < to,
    )
    .map(({ bus }) => bus.y);
}
