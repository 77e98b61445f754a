import type { Box, Picture, PlacedGroup, PlacedNetwork, PlacedNode, Point, Polyline } from '../picture.ts';
import { exportGraph, type GraphEdge, type GraphThing } from './graph.ts';
import { xmlAttributes } from './xml.ts';

/** Half of a bus's height. */
const busRadius = 4;

/** A picture for draw.io (diagrams.net): everything stays where the picture has it, and lines stay tied to their ends. */
export function pictureDrawio(picture: Picture, title: string): string {
  const graph = exportGraph(picture);
  const boxes = new Map([
    ...graph.nodes.map(({ id, placed }) => [id, placed.box] as const),
    ...graph.networks.map(({ id, placed }) => [id, busBox(placed.bus)] as const),
  ]);
  const { width, height } = picture.size;
  const page = { page: 1, pageWidth: Math.ceil(width), pageHeight: Math.ceil(height), grid: 1, gridSize: 8 };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<mxfile>',
    `<diagram${xmlAttributes({ id: 'picture', name: title })}>`,
    `<mxGraphModel${xmlAttributes(page)}>`,
    '<root>',
    '<mxCell id="0"/>',
    '<mxCell id="1" parent="0"/>',
    ...graph.groups.flatMap(group => [
      vertex({ ...group, parent: '1', box: group.placed.box, style: groupStyle(group) }),
      ...group.members.map(member => nodeCell(member, group)),
    ]),
    ...graph.networks.map(({ placed: { bus }, color, ...network }) => {
      return vertex({
        ...network,
        parent: '1',
        box: busBox(bus),
        style: { ...busStyle, fillColor: color ?? '#b3d2f3' },
      });
    }),
    ...graph.single.map(node => nodeCell(node, undefined)),
    ...graph.edges.map((edge, index) => edgeCell(edge, `edge_${index + 1}`, boxes)),
    '</root>',
    '</mxGraphModel>',
    '</diagram>',
    '</mxfile>\n',
  ].join('\n');
}

type Style = Readonly<Record<string, string | number>>;

/** `html=0`: labels are text, whatever is in them. */
const busStyle: Style = {
  ...{ html: 0, whiteSpace: 'wrap', rounded: 1, arcSize: 50, strokeColor: '#4a90d9', fontStyle: 1 },
  ...{ labelPosition: 'left', verticalLabelPosition: 'middle', align: 'right', spacingRight: 8, labelWidth: 160 },
};

const groupStyle = ({ color = '#d9822b', placed: { group } }: GraphThing<PlacedGroup>): Style => ({
  ...{ html: 0, container: 1, collapsible: 0, rounded: 1, arcSize: 4, fontStyle: 1 },
  ...(group.shape === 'line' ? { fillColor: 'none', dashed: 1 } : { fillColor: color, fillOpacity: 13 }),
  ...{ strokeColor: color, verticalAlign: 'top', align: 'left', spacingLeft: 8 },
});

const shapes: Readonly<Record<string, Style>> = {
  cloud: { shape: 'cloud' },
  ellipse: { shape: 'ellipse', perimeter: 'ellipsePerimeter' },
  circle: { shape: 'ellipse', perimeter: 'ellipsePerimeter' },
  diamond: { shape: 'rhombus', perimeter: 'rhombusPerimeter' },
  database: { shape: 'cylinder3', boundedLbl: 1, size: 6 },
  actor: { shape: 'umlActor', verticalLabelPosition: 'bottom', verticalAlign: 'top' },
  hexagon: { shape: 'hexagon', perimeter: 'hexagonPerimeter2' },
  note: { shape: 'note', size: 10 },
  folder: { shape: 'folder' },
};

function nodeCell(node: GraphThing<PlacedNode>, group: GraphThing<PlacedGroup> | undefined): string {
  const { shape: written, style: own } = node.placed.node;
  const name = written.toLowerCase().replace(/^flowchart\./, '');
  const style = {
    ...{ html: 0, whiteSpace: 'wrap', rounded: 1, arcSize: 10, fontStyle: 1 },
    ...(Object.hasOwn(shapes, name) ? shapes[name] : {}),
    ...{ fillColor: node.color ?? '#f8f9fa', strokeColor: '#8b8f95' },
    ...(own.line === undefined || own.line === 'solid' ? {} : { dashed: 1 }),
  };
  const origin = group ? { x: group.placed.box.left, y: group.placed.box.top } : { x: 0, y: 0 };
  return vertex({ ...node, parent: group?.id ?? '1', box: moved(node.placed.box, origin), style });
}

interface Vertex {
  readonly id: string;
  readonly label: string;
  readonly parent: string;
  readonly box: Box;
  readonly style: Style;
}

function vertex({ id, label, parent, box, style }: Vertex): string {
  const cell = xmlAttributes({ id, value: label, style: styleText(style), vertex: 1, parent });
  const size = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
  return `<mxCell${cell}><mxGeometry${xmlAttributes({ ...size, as: 'geometry' })}/></mxCell>`;
}

function edgeCell({ kind, from, to, label, line }: GraphEdge, id: string, boxes: ReadonlyMap<string, Box>): string {
  const [start, end] = [boxes.get(from), boxes.get(to)];
  const route = line && start && end ? routeOf(line, start, end) : undefined;
  const style: Style = {
    ...{ html: 0, endArrow: 'none', strokeColor: '#8b8f95', strokeWidth: kind === 'wire' ? 2.5 : 1.5 },
    ...{ fontSize: 9, align: 'left', labelBackgroundColor: 'none', spacingLeft: 4 },
    ...(route?.style ?? { edgeStyle: 'orthogonalEdgeStyle' }),
  };
  const cell = { id, value: label, style: styleText(style), edge: 1, parent: '1', source: from, target: to };
  const points = (route?.between ?? []).map(({ x, y }) => `<mxPoint${xmlAttributes({ x, y })}/>`);
  const bends = points.length === 0 ? '' : `<Array as="points">${points.join('')}</Array>`;
  return `<mxCell${xmlAttributes(cell)}><mxGeometry relative="1" as="geometry">${bends}</mxGeometry></mxCell>`;
}

/** How an edge runs: where it leaves and enters, as parts of the boxes, and its bends. */
interface Route {
  readonly style: Style;
  readonly between: readonly Point[];
}

function routeOf(given: Polyline, start: Box, end: Box): Route | undefined {
  const offset = (point: Point | undefined): number => Math.abs((point?.y ?? 0) - (start.top + start.bottom) / 2);
  const line = offset(given[0]) <= offset(given.at(-1)) ? given : given.toReversed();
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last) return undefined;
  const [exit, entry] = [partOf(first, start), partOf(last, end)];
  return {
    style: {
      ...{ exitX: exit.x, exitY: exit.y, exitPerimeter: 0 },
      ...{ entryX: entry.x, entryY: entry.y, entryPerimeter: 0 },
    },
    between: line.slice(1, -1),
  };
}

const busBox = ({ left, right, y }: PlacedNetwork['bus']): Box => ({
  ...{ left, right, top: y - busRadius, bottom: y + busRadius },
});

function partOf({ x, y }: Point, { left, right, top, bottom }: Box): Point {
  const part = (value: number, from: number, to: number): number =>
    Math.round(Math.min(1, Math.max(0, (value - from) / (to - from || 1))) * 1000) / 1000;
  return { x: part(x, left, right), y: part(y, top, bottom) };
}

const moved = ({ left, right, top, bottom }: Box, { x, y }: Point): Box => ({
  ...{ left: left - x, right: right - x, top: top - y, bottom: bottom - y },
});

const styleText = (style: Style): string =>
  Object.entries(style)
    .map(([name, value]) => `${name}=${value};`)
    .join('');
