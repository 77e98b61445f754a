import type { Diagram } from '../diagram.ts';
import { nothingLive, type LivePicture } from '../live.ts';
import type { Picture, Point } from '../picture.ts';
import { obstaclesOf } from './caption-place.ts';
import { drawGroup } from './draw-group.ts';
import { drawLink, drawWire, type LineContext } from './draw-link.ts';
import { drawNetwork, drawPeers } from './draw-network.ts';
import { drawNode } from './draw-node.ts';
import { drawRoute } from './draw-route.ts';
import type { DrawnItem, Drawing } from './drawing.ts';
import { open } from './path.ts';
import { fitted } from './text.ts';

/** A picture without what its places were made from: all that drawing needs. */
export type DrawablePicture = Omit<Picture, 'diagram'> & {
  readonly diagram: Pick<Diagram, 'settings' | 'routes'>;
};

/** A picture as shapes and texts, with the states of what runs if they are known. */
export function drawPicture(picture: DrawablePicture, live: LivePicture = nothingLive): Drawing {
  const { fontSize } = picture.diagram.settings;
  const context: LineContext = { live, vlans: vlanPlaces(picture), buses: busHeights(picture) };
  const things = [
    ...picture.wires.map(wire => drawWire(wire, context)),
    ...picture.networks.flatMap(network =>
      network.isHidden ? (drawPeers(network, picture.links) ?? []) : [drawNetwork(network, fontSize, live)],
    ),
    ...picture.links.map(link => drawLink(link, context)),
    ...picture.nodes.map(node => drawNode(node, fontSize, live)),
  ];
  const obstacles = picture.groups.length === 0 ? [] : obstaclesOf(things);
  const groups = (shape: 'box' | 'line'): readonly DrawnItem[] =>
    picture.groups.filter(({ group }) => group.shape === shape).map(group => drawGroup(group, fontSize, obstacles));
  return {
    size: picture.size,
    items: [
      ...groups('box'),
      ...external(picture),
      ...things,
      ...groups('line'),
      ...picture.diagram.routes.flatMap(route => drawRoute(route, picture) ?? []),
      ...title(picture),
    ],
  };
}

/** The VLANs that something of the picture is in, ascending: each has its colour by its place. */
export function vlansOf({ links, wires }: Pick<Picture, 'links' | 'wires'>): readonly number[] {
  const vlans = new Set<number>();
  for (const { vlan, tagged } of [...links.map(one => one.link), ...wires.map(one => one.wire)])
    for (const one of [...(vlan === undefined ? [] : [vlan]), ...(tagged ?? [])]) vlans.add(one);
  return [...vlans].sort((a, b) => a - b);
}

const vlanPlaces = (picture: DrawablePicture): ReadonlyMap<number, number> =>
  new Map(vlansOf(picture).map((vlan, place) => [vlan, place]));

const busHeights = ({ networks }: DrawablePicture): ReadonlyMap<string, number> =>
  new Map(networks.filter(({ isHidden }) => !isHidden).map(({ network, bus }) => [network.id, bus.y]));

function external({ external: line }: DrawablePicture): readonly DrawnItem[] {
  if (!line) return [];
  const bounds = boundsOf(line);
  return [{ id: undefined, kind: 'external', bounds, paths: [{ d: open(line), paint: 'external' }], texts: [] }];
}

function title({ diagram, size }: DrawablePicture): readonly DrawnItem[] {
  const text = diagram.settings.title;
  if (text === undefined || text === '') return [];
  const at = { x: size.width / 2, y: 22 };
  const lines = [fitted(text, 15, size.width)];
  const bounds = { left: 0, right: size.width, top: 0, bottom: 30 };
  return [
    {
      id: undefined,
      kind: 'title',
      bounds,
      paths: [],
      texts: [{ lines, at, anchor: 'middle', paint: 'caption', size: 15 }],
    },
  ];
}

function boundsOf(line: readonly Point[]) {
  const xs = line.map(({ x }) => x);
  const ys = line.map(({ y }) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}
