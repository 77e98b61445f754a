import type { Picture, PlacedNode } from '../picture.ts';
import { exportGraph, type GraphThing } from './graph.ts';
import { printableText } from './ids.ts';

/** What stands before and after the label of a node, and makes its shape. */
const shapes: Readonly<Record<string, readonly [string, string]>> = {
  cloud: ['([', '])'],
  ellipse: ['([', '])'],
  circle: ['((', '))'],
  database: ['[(', ')]'],
  storage: ['[(', ')]'],
  diamond: ['{', '}'],
  hexagon: ['{{', '}}'],
  roundedbox: ['(', ')'],
};

/** Mermaid draws no more than this, and only a page can allow more. */
export const mermaidEdges = 500;

/** A picture as a flowchart of Mermaid. */
export function pictureMermaid(picture: Picture, title: string): string {
  const { networks, groups, single, edges } = exportGraph(picture);
  return [
    '---',
    `title: ${JSON.stringify(printableText(title).replaceAll('\n', ' '))}`,
    '---',
    'flowchart TB',
    ...networks.map(({ id, label }) => `  ${id}[${quoted(label)}]`),
    ...groups.flatMap(({ id, label, members }) => [
      `  subgraph ${id}[${quoted(label)}]`,
      ...members.map(member => `    ${nodeLine(member)}`),
      '  end',
    ]),
    ...single.map(node => `  ${nodeLine(node)}`),
    ...edges.map(({ kind, from, to, label }) => {
      const line = kind === 'wire' ? '===' : '---';
      return `  ${from} ${line}${label === '' ? '' : `|${quoted(label)}|`} ${to}`;
    }),
    '  classDef network fill:#b3d2f3,stroke:#4a90d9,color:#000000',
    ...(networks.length === 0 ? [] : [`  class ${networks.map(({ id }) => id).join(',')} network`]),
    '',
  ].join('\n');
}

function nodeLine({ id, label, placed: { node } }: GraphThing<PlacedNode>): string {
  const name = node.shape.toLowerCase().replace(/^flowchart\./, '');
  const [open, close] = (Object.hasOwn(shapes, name) ? shapes[name] : undefined) ?? ['[', ']'];
  return `${id}${open}${quoted(label)}${close}`;
}

/**
 * Between quotes Mermaid still reads directives, mathematics, Markdown and HTML: whatever is no letter, digit, or common
 * in names and addresses is written as its number. An empty label would be an error.
 */
const quoted = (text: string): string =>
  `"${
    printableText(text)
      .replaceAll(/[^\p{L}\p{M}\p{N} .,:/()_\n-]|^[-.:/]/gu, char => `#${char.codePointAt(0) ?? 0};`)
      .replaceAll('\n', '<br>') || ' '
  }"`;
