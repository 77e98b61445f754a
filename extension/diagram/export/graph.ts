import type { DiagramNode } from '../diagram.ts';
import { vlanWords } from '../drawing/draw-link.ts';
import { safeColor } from '../drawing/color.ts';
import type { Picture, PlacedGroup, PlacedNetwork, PlacedNode, Polyline } from '../picture.ts';
import { ExportIds } from './ids.ts';

/**
 * A picture as nodes and edges, for programs that lay out by themselves. Ids are of letters, digits and underscores, so
 * no language has to quote them; names are in the labels, where each language quotes them.
 */
export interface ExportGraph {
  readonly networks: readonly GraphThing<PlacedNetwork>[];
  readonly nodes: readonly GraphThing<PlacedNode>[];
  readonly groups: readonly GraphGroup[];
  /** Nodes in no group. */
  readonly single: readonly GraphThing<PlacedNode>[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphThing<Placed> {
  readonly id: string;
  /** May have several lines. */
  readonly label: string;
  readonly color: string | undefined;
  readonly placed: Placed;
}

export interface GraphGroup extends GraphThing<PlacedGroup> {
  readonly members: readonly GraphThing<PlacedNode>[];
}

/**
 * `link`: node and network; `peers`: two nodes without a bus; `wire`: two networks. From what stands higher in the picture
 * to what stands lower: programs that lay out by layers take that for their order.
 */
export interface GraphEdge {
  readonly kind: 'link' | 'peers' | 'wire';
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** In the picture; undefined: between peers, who may have two. */
  readonly line?: Polyline;
}

const prefixes: Readonly<Record<DiagramNode['kind'], string>> = {
  node: 'node',
  vm: 'vm',
  tap: 'tap',
  uplink: 'uplink',
};

export function exportGraph(picture: Picture): ExportGraph {
  const ids = new ExportIds();
  const networks = picture.networks
    .filter(({ isHidden }) => !isHidden)
    .map(placed => {
      const { id, label, addresses, style } = placed.network;
      const lines = [...(label === undefined || label === '' ? [] : [label]), ...addresses];
      return { id: ids.of('net', id), label: lines.join('\n'), color: safeColor(style.color), placed };
    });
  const nodes = picture.nodes.map(placed => {
    const { id, kind, label, style } = placed.node;
    return { id: ids.of(prefixes[kind], id), label, color: safeColor(style.color), placed };
  });
  const nodeOf = new Map(nodes.map(node => [node.placed.node.id, node]));
  const networkOf = new Map(networks.map(network => [network.placed.network.id, network]));
  const grouped = new Set<string>();
  const groups = picture.groups.map(placed => {
    const { id, label, nodes: names, style } = placed.group;
    const members = names.flatMap(name => (grouped.has(name) ? [] : (nodeOf.get(name) ?? [])));
    for (const member of members) grouped.add(member.placed.node.id);
    return { id: ids.of('group', id), label, color: safeColor(style.color), members, placed };
  });
  const single = nodes.filter(({ placed }) => !grouped.has(placed.node.id));
  return { networks, nodes, groups, single, edges: edgesOf(picture, nodeOf, networkOf) };
}

/** By the diagram's ids. */
type Things<Placed> = ReadonlyMap<string, GraphThing<Placed>>;

function edgesOf(picture: Picture, nodes: Things<PlacedNode>, networks: Things<PlacedNetwork>): readonly GraphEdge[] {
  const peers = new Map<string, { readonly node: string; readonly label: string }[]>();
  const edges: GraphEdge[] = [];
  for (const link of picture.links) {
    const [node, network] = [nodes.get(link.link.node), networks.get(link.link.network)];
    const label = labelOf([...link.link.addresses, vlanWords(link.link)]);
    if (node !== undefined && network !== undefined) {
      const [from, to] = isAbove(node, network) ? [node, network] : [network, node];
      edges.push({ kind: 'link', from: from.id, to: to.id, label, line: link.line });
    } else if (node !== undefined) {
      const ends = peers.get(link.link.network) ?? [];
      peers.set(link.link.network, [...ends, { node: node.id, label }]);
    }
  }
  for (const [a, b] of peers.values())
    if (a && b) edges.push({ kind: 'peers', from: a.node, to: b.node, label: labelOf([a.label, b.label]) });
  for (const { wire, line } of picture.wires) {
    const [a, b] = wire.ends.map(end => networks.get(end));
    if (!a || !b) continue;
    const [from, to] = a.placed.bus.y <= b.placed.bus.y ? [a, b] : [b, a];
    edges.push({ kind: 'wire', from: from.id, to: to.id, label: labelOf([wire.label, vlanWords(wire)]), line });
  }
  return edges;
}

const labelOf = (rows: readonly string[]): string => rows.filter(row => row !== '').join('\n');

const isAbove = (node: GraphThing<PlacedNode>, network: GraphThing<PlacedNetwork>): boolean =>
  node.placed.box.bottom <= network.placed.bus.y;
