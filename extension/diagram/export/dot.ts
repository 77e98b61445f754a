import type { Picture, PlacedNode } from '../picture.ts';
import { exportGraph, type GraphEdge, type GraphThing } from './graph.ts';
import { printableText } from './ids.ts';

const shapes: Readonly<Record<string, string>> = {
  cloud: 'ellipse',
  ellipse: 'ellipse',
  circle: 'circle',
  diamond: 'diamond',
  database: 'cylinder',
  storage: 'cylinder',
  note: 'note',
  folder: 'folder',
  component: 'component',
  hexagon: 'hexagon',
  textbox: 'plaintext',
};

/** A picture for Graphviz: networks as boxes as wide as their buses, lines in between. */
export function pictureDot(picture: Picture, title: string): string {
  const { networks, groups, single, edges } = exportGraph(picture);
  return [
    `graph ${quoted(title)} {`,
    '  graph [ranksep=0.7, nodesep=0.35, compound=true, fontname="sans-serif", fontsize=11];',
    '  node [shape=box, style="filled,rounded", fillcolor=white, fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...networks.map(({ id, label, color, placed: { bus } }) => {
      const width = inches(bus.right - bus.left);
      const look = { style: 'filled', fillcolor: color ?? '#b3d2f3', color: '#4a90d9', width, height: '0.3' };
      return `  ${id} ${attributes({ label, ...look })};`;
    }),
    ...groups.flatMap(({ id, label, color, members }) => [
      `  subgraph cluster_${id} {`,
      `    graph ${attributes({ label, style: 'filled,rounded', color: pale(color ?? '#d9822b') })};`,
      ...members.map(member => `    ${nodeLine(member)}`),
      '  }',
    ]),
    ...single.map(node => `  ${nodeLine(node)}`),
    ...edges.map(edge => `  ${edgeLine(edge)}`),
    '}\n',
  ].join('\n');
}

function nodeLine({ id, label, color, placed: { node } }: GraphThing<PlacedNode>): string {
  const name = node.shape.toLowerCase().replace(/^flowchart\./, '');
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  // Rounded corners are of boxes alone.
  const look = shape === undefined ? {} : { shape, style: 'filled' };
  return `${id} ${attributes({ label, ...look, ...(color === undefined ? {} : { fillcolor: color }) })};`;
}

function edgeLine({ kind, from, to, label }: GraphEdge): string {
  const look = { ...(label === '' ? {} : { label }), ...(kind === 'wire' ? { penwidth: '2.5' } : {}) };
  return `${from} -- ${to}${Object.keys(look).length === 0 ? '' : ` ${attributes(look)}`};`;
}

/** See-through where the colour is given in digits; of names Graphviz has no other shade. */
const pale = (color: string): string => (/^#[0-9a-f]{6}$/i.test(color) ? `${color}33` : color);

/** Graphviz reads 72 points an inch, and no box of more is of use. */
const inches = (pixels: number): string => Math.min(100, Math.max(1.5, pixels / 72)).toFixed(2);

const attributes = (values: Readonly<Record<string, string>>): string =>
  `[${Object.entries(values)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(', ')}]`;

/** Graphviz reads escapes (`\N`) and entities (`&amp;`) in labels. */
const quoted = (text: string): string =>
  `"${printableText(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replaceAll('\n', '\\n')}"`;
