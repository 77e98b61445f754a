import type { Picture, PlacedNode } from '../picture.ts';
import { exportGraph, type GraphThing } from './graph.ts';
import { printableText } from './ids.ts';

const shapes: Readonly<Record<string, string>> = {
  cloud: 'cloud',
  ellipse: 'oval',
  circle: 'circle',
  diamond: 'diamond',
  database: 'cylinder',
  storage: 'stored_data',
  actor: 'person',
  hexagon: 'hexagon',
  queue: 'queue',
  note: 'page',
  file: 'page',
  folder: 'package',
};

/** A picture for D2. Groups are containers, so their nodes are named through them. */
export function pictureD2(picture: Picture, title: string): string {
  const { networks, nodes, groups, single, edges } = exportGraph(picture);
  const paths = new Map([...networks, ...nodes].map(({ id }) => [id, id]));
  for (const { id, members } of groups) for (const member of members) paths.set(member.id, `${id}.${member.id}`);
  const pathOf = (id: string): string => paths.get(id) ?? id;
  return [
    `# ${printableText(title).replaceAll('\n', ' ')}`,
    ...networks.map(({ id, label, color, placed: { bus } }) => {
      const width = Math.round(Math.max(120, bus.right - bus.left));
      return `${id}: ${quoted(label)} { width: ${width}; style.fill: ${quoted(color ?? '#b3d2f3')} }`;
    }),
    ...groups.flatMap(({ id, label, color, members }) => [
      `${id}: ${quoted(label)} {`,
      ...(color === undefined ? [] : [`  style.fill: ${quoted(color)}`]),
      ...members.map(member => `  ${nodeLine(member)}`),
      '}',
    ]),
    ...single.map(nodeLine),
    ...edges.map(({ kind, from, to, label }) => {
      const text = label === '' ? '' : `: ${quoted(label)}`;
      const look = kind === 'wire' ? `${text === '' ? ':' : ''} { style.stroke-width: 4 }` : '';
      return `${pathOf(from)} -- ${pathOf(to)}${text}${look}`;
    }),
    '',
  ].join('\n');
}

function nodeLine({ id, label, color, placed: { node } }: GraphThing<PlacedNode>): string {
  const name = node.shape.toLowerCase().replace(/^flowchart\./, '');
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  const look = [
    ...(shape === undefined ? [] : [`shape: ${shape}`]),
    ...(color === undefined ? [] : [`style.fill: ${quoted(color)}`]),
  ];
  return `${id}: ${quoted(label)}${look.length === 0 ? '' : ` { ${look.join('; ')} }`}`;
}

/** D2 fills in variables (`${…}`) also between double quotes. */
const quoted = (text: string): string =>
  `"${printableText(text)
    .replaceAll(/[\\"$]/g, char => `\\${char}`)
    .replaceAll('\n', '\\n')}"`;
