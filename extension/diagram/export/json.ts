import type { DiagramNetwork } from '../diagram.ts';
import { isNwdiagShape } from '../language/shapes.ts';
import type { LayoutMode, PlacedLink, PlacedNetwork, Picture, Polyline } from '../picture.ts';

type Pair = readonly [number, number];

/** A picture as numbers and names, for tools. Pixels; pairs are x and y; grids are columns and rows. */
export interface PictureJson {
  readonly size: Pair;
  readonly cols: number;
  readonly rows: number;
  readonly networks: readonly NetworkJson[];
  /** By id. */
  readonly nodes: Readonly<Record<string, NodeJson>>;
  readonly groups: readonly GroupJson[];
  /** Only where there are any. */
  readonly wires?: readonly WireJson[];
  /** Shapes that files name and nwdiag does not know, `cisco.router`, by node; only where there are any. */
  readonly symbols?: Readonly<Record<string, string>>;
}

interface NetworkJson {
  /** Null: the file gives it none. */
  readonly id: string | null;
  /** Name and addresses, one a line. */
  readonly label: string | null;
  readonly hidden: boolean;
  readonly row: number;
  /** The first column, and how many the bus spans. */
  readonly x: number;
  readonly colwidth: number;
  readonly trunk: readonly [Pair, Pair];
}

interface NodeJson {
  readonly grid: Pair;
  /** Left, top, right, bottom. */
  readonly box: readonly [number, number, number, number];
  /** With `\n` where a line ends, as in the file. */
  readonly label: string;
  /** nwdiag's name of it; a box for what nwdiag does not know. */
  readonly shape: string;
  /** A place in `groups`. */
  readonly group: number | null;
  readonly links: readonly LinkJson[];
}

interface LinkJson {
  /** A place in `networks`. */
  readonly net: number;
  readonly line: readonly Pair[];
  /** One a line. */
  readonly address: string | null;
}

interface GroupJson {
  readonly id: string | null;
  readonly label: string;
  readonly nodes: readonly string[];
  readonly grid: Pair;
  readonly size: Pair;
}

interface WireJson {
  readonly id: string;
  /** Places in `networks`. */
  readonly ends: Pair;
  readonly line: readonly Pair[];
}

export function pictureJson(picture: Picture): PictureJson {
  const places = new Map(picture.networks.map(({ network }, index) => [network.id, index]));
  const placeOf = (network: string): number => places.get(network) ?? -1;
  const symbols = picture.nodes.flatMap(({ node }) =>
    isNwdiagShape(node.shape) ? [] : [[node.id, node.shape] as const],
  );
  return {
    size: [picture.size.width, picture.size.height],
    cols: picture.columns,
    rows: picture.rows,
    networks: picture.networks.map(placed => networkJson(placed, picture.layout)),
    nodes: nodesJson(picture, placeOf),
    groups: picture.groups.map(({ group, column, row, width, height }) => ({
      id: group.isAnonymous ? null : group.id,
      label: escaped(group.label),
      nodes: group.nodes,
      grid: [column, row],
      size: [width, height],
    })),
    ...(symbols.length === 0 ? {} : { symbols: Object.fromEntries(symbols) }),
    ...(picture.wires.length === 0 ? {} : { wires: picture.wires.map(wire => wireJson(wire, placeOf)) }),
  };
}

function networkJson({ network, isHidden, row, column, span, bus }: PlacedNetwork, layout: LayoutMode): NetworkJson {
  return {
    id: network.isAnonymous || network.isPeer ? null : network.id,
    label: labelOf(network, layout),
    hidden: isHidden,
    row,
    x: column,
    colwidth: span,
    trunk: [
      [bus.left, bus.y],
      [bus.right, bus.y],
    ],
  };
}

/** In the classic layout also nwdiag's defects are kept, so that the two can be compared. */
function labelOf({ label, nwdiagLabel, addresses }: DiagramNetwork, layout: LayoutMode): string | null {
  const shown = layout === 'classic' ? (nwdiagLabel ?? label) : label;
  const rows = [...(shown === undefined ? [] : [escaped(shown)]), ...addresses];
  return rows.join('\n') || null;
}

function nodesJson(picture: Picture, placeOf: (network: string) => number): Readonly<Record<string, NodeJson>> {
  const links = new Map<string, PlacedLink[]>();
  for (const link of picture.links) {
    const own = links.get(link.link.node);
    if (own) own.push(link);
    else links.set(link.link.node, [link]);
  }
  const groups = new Map<string, number>();
  picture.groups.forEach(({ group }, index) => {
    for (const member of group.nodes) if (!groups.has(member)) groups.set(member, index);
  });
  const entries = picture.nodes.map(({ node, column, row, box }): [string, NodeJson] => [
    node.id,
    {
      grid: [column, row],
      box: [box.left, box.top, box.right, box.bottom],
      label: escaped(node.label),
      shape: isNwdiagShape(node.shape) ? node.shape : 'box',
      group: groups.get(node.id) ?? null,
      links: (links.get(node.id) ?? []).map(({ link, line }) => ({
        net: placeOf(link.network),
        line: pairs(line),
        address: link.addresses.join('\n') || null,
      })),
    },
  ]);
  // Object.fromEntries defines, so a node called __proto__ is a key like any other.
  return Object.fromEntries(entries);
}

function wireJson({ wire, line }: Picture['wires'][number], placeOf: (network: string) => number): WireJson {
  return { id: wire.id, ends: [placeOf(wire.ends[0]), placeOf(wire.ends[1])], line: pairs(line) };
}

const pairs = (line: Polyline): readonly Pair[] => line.map(({ x, y }) => [x, y]);

const escaped = (label: string): string => label.replaceAll('\n', '\\n');
