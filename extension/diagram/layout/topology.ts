import type { Diagram, DiagramGroup, DiagramLink, DiagramNetwork, DiagramNode, DiagramWire } from '../diagram.ts';

/** Who hangs on what, by number: the same diagram as layouts walk through it. Numbers are places in the diagram's lists. */
export interface Topology {
  readonly diagram: Diagram;
  readonly networks: readonly TopologyNetwork[];
  readonly nodes: readonly TopologyNode[];
  readonly groups: readonly TopologyGroup[];
  readonly wires: readonly TopologyWire[];
}

export interface TopologyNetwork {
  readonly index: number;
  readonly network: DiagramNetwork;
  /** Each node once, in the order of the links. */
  readonly nodes: readonly number[];
}

export interface TopologyNode {
  readonly index: number;
  readonly node: DiagramNode;
  /** Each network once, in the order of the links. */
  readonly networks: readonly number[];
  readonly links: readonly TopologyLink[];
  readonly group: number | undefined;
}

export interface TopologyLink {
  readonly link: DiagramLink;
  readonly network: number;
}

export interface TopologyGroup {
  readonly group: DiagramGroup;
  readonly nodes: readonly number[];
}

export interface TopologyWire {
  readonly wire: DiagramWire;
  /** Two different ones. */
  readonly networks: readonly [number, number];
}

/** Links, members and wires that name what is not there are left out: half-typed files have them. */
export function topologyOf(diagram: Diagram): Topology {
  const networkIndex = new Map(diagram.networks.map((one, index) => [one.id, index]));
  const nodeIndex = new Map(diagram.nodes.map((one, index) => [one.id, index]));
  const ofNetwork = diagram.networks.map(() => new Set<number>());
  const ofNode = diagram.nodes.map(() => ({ networks: new Set<number>(), links: new Array<TopologyLink>() }));
  for (const link of diagram.links) {
    const [network, node] = [networkIndex.get(link.network), nodeIndex.get(link.node)];
    if (network === undefined || node === undefined) continue;
    ofNetwork[network]?.add(node);
    ofNode[node]?.networks.add(network);
    ofNode[node]?.links.push({ link, network });
  }
  const groups = diagram.groups.map(group => ({ group, nodes: present(group.nodes, nodeIndex) }));
  const groupOf = new Map(groups.flatMap(({ nodes }, index) => nodes.map(node => [node, index] as const)).reverse());
  return {
    diagram,
    networks: diagram.networks.map((network, index) => ({ index, network, nodes: [...(ofNetwork[index] ?? [])] })),
    nodes: diagram.nodes.map((node, index) => ({
      index,
      node,
      networks: [...(ofNode[index]?.networks ?? [])],
      links: ofNode[index]?.links ?? [],
      group: groupOf.get(index),
    })),
    groups,
    wires: diagram.wires.flatMap(wire => {
      const [from, to] = [networkIndex.get(wire.ends[0]), networkIndex.get(wire.ends[1])];
      return from === undefined || to === undefined || from === to ? [] : [{ wire, networks: [from, to] }];
    }),
  };
}

const present = (ids: readonly string[], places: ReadonlyMap<string, number>): readonly number[] =>
  [...new Set(ids)].map(id => places.get(id)).filter(index => index !== undefined);
