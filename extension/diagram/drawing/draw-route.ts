import type { DiagramRoute } from '../diagram.ts';
import type { Picture, PlacedLink, Point } from '../picture.ts';
import { safeColor } from './color.ts';
import type { DrawnItem } from './drawing.ts';
import { open, polygon } from './path.ts';
import { fitted } from './text.ts';

/** An arrow from node to node along the buses that they share. Undefined: its nodes share none, or are not there. */
export function drawRoute(
  route: DiagramRoute,
  picture: Pick<Picture, 'links' | 'networks' | 'nodes'>,
): DrawnItem | undefined {
  const points = route.path.slice(1).flatMap((to, index) => hop(route.path[index] ?? '', to, picture));
  const [before, end] = [points.at(-2), points.at(-1)];
  const start = points[0];
  if (!start || !before || !end) return undefined;
  const stroke = safeColor(route.style.color ?? route.style.lineColor);
  const colour = stroke === undefined ? {} : { stroke };
  const label = route.label ?? '';
  return {
    id: undefined,
    kind: 'route',
    bounds: {
      left: Math.min(...points.map(({ x }) => x)) - 8,
      right: Math.max(...points.map(({ x }) => x)) + 8,
      top: Math.min(...points.map(({ y }) => y)) - 8,
      bottom: Math.max(...points.map(({ y }) => y)) + 8,
    },
    paths: [
      {
        d: open(points),
        paint: 'route',
        ...colour,
        ...(route.style.thickness === undefined ? {} : { width: route.style.thickness }),
      },
      { d: arrowHead(before, end), paint: 'route', ...colour, ...(stroke === undefined ? {} : { fill: stroke }) },
    ],
    texts:
      label === ''
        ? []
        : [
            {
              lines: [fitted(label, 10, 160)],
              at: { x: start.x + 10, y: (start.y + (points[1]?.y ?? start.y)) / 2 },
              anchor: 'start',
              paint: 'note',
              size: 10,
            },
          ],
  };
}

/** So far beside the lines that it follows. */
const pad = 5;

/** Up or down one node's line to the bus that both hang on, along it, and to the other node. */
function hop(
  from: string,
  to: string,
  { links, networks, nodes }: Pick<Picture, 'links' | 'networks' | 'nodes'>,
): readonly Point[] {
  const linksOf = (node: string): readonly PlacedLink[] => links.filter(({ link }) => link.node === node);
  const pairs = linksOf(from).flatMap(a => {
    const b = linksOf(to).find(other => other.link.network === a.link.network);
    return b ? [{ a, b }] : [];
  });
  const [pair] = pairs;
  const bus = pair && networks.find(({ network }) => network.id === pair.a.link.network)?.bus;
  const [start, end] = [from, to].map(id => nodes.find(({ node }) => node.id === id)?.box);
  if (!pair || !bus || !start || !end) return [];
  const [x1, x2] = [xOf(pair.a), xOf(pair.b)];
  const side = Math.sign(x2 - x1) || 1;
  const [y1, y2] = [start, end].map(box => (box.top > bus.y ? box.top : box.bottom));
  const busY = bus.y + ((y1 ?? bus.y) > bus.y ? pad + 4 : -pad - 4);
  return [
    { x: x1 + pad * side, y: y1 ?? bus.y },
    { x: x1 + pad * side, y: busY },
    { x: x2 - pad * side, y: busY },
    { x: x2 - pad * side, y: y2 ?? bus.y },
  ];
}

const xOf = ({ line }: PlacedLink): number => line[0]?.x ?? 0;

function arrowHead(from: Point, to: Point): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const back = { x: to.x - dx * 9, y: to.y - dy * 9 };
  return polygon([to, { x: back.x - dy * 4, y: back.y + dx * 4 }, { x: back.x + dy * 4, y: back.y - dx * 4 }]);
}
