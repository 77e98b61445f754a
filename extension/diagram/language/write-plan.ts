import type { Diagram, DiagramLink, DiagramNetwork, DiagramNode } from '../diagram.ts';
import type { Losses } from './losses.ts';

/** One step of a text: a network's block or a peer's line. */
export type WriteStep =
  | { readonly kind: 'network'; readonly network: DiagramNetwork; readonly links: readonly DiagramLink[] }
  | {
      readonly kind: 'peer';
      readonly network: DiagramNetwork;
      readonly left: DiagramLink;
      readonly right: DiagramLink;
    };

export interface WritePlan {
  readonly nodes: readonly DiagramNode[];
  readonly steps: readonly WriteStep[];
  /** Blocks mention the nodes in another order than the diagram has them, so they are declared before. */
  readonly needsDeclarations: boolean;
  readonly networkCount: (node: string) => number;
}

/** What is written in which order, so that who reads it meets everything in the diagram's order. */
export function planText(diagram: Diagram, losses: Losses): WritePlan {
  const { nodes, links } = withWires(diagram, losses);
  const perNetwork = groupLinks(links, losses);
  const steps = diagram.networks.flatMap(network => stepOf(network, perNetwork.get(network.id) ?? [], losses));
  checkPeers(diagram.networks, perNetwork, losses);
  const counts = new Map<string, number>();
  for (const { node } of [...perNetwork.values()].flat()) counts.set(node, (counts.get(node) ?? 0) + 1);
  for (const { id } of nodes) if (!counts.has(id)) losses.add('what is on no network', id);
  const written = nodes.filter(node => counts.has(node.id));
  const mentioned = new Set(diagram.groups.flatMap(group => group.nodes));
  for (const step of steps) for (const link of linksOf(step)) mentioned.add(link.node);
  const order = [...mentioned].filter(id => counts.has(id));
  const needsDeclarations = written.some((node, index) => node.id !== order[index]);
  return { nodes: written, steps, needsDeclarations, networkCount: node => counts.get(node) ?? 0 };
}

export const linksOf = (step: WriteStep): readonly DiagramLink[] =>
  step.kind === 'network' ? step.links : [step.left, step.right];

function stepOf(network: DiagramNetwork, links: readonly DiagramLink[], losses: Losses): readonly WriteStep[] {
  const [left, right] = links;
  if (!left) {
    losses.add('a network that nobody is on', network.label ?? network.id);
    return [];
  }
  if (network.isPeer !== true) return [{ kind: 'network', network, links }];
  // Whoever reads the peer's line makes the network of one node by itself.
  return right ? [{ kind: 'peer', network, left, right }] : [];
}

/** A wire as a node on both of its networks: neither program connects networks. */
function withWires({ nodes, links, wires }: Diagram, losses: Losses): Pick<Diagram, 'nodes' | 'links'> {
  if (wires.length === 0) return { nodes, links };
  losses.add('wires as such; each is a node on both networks', undefined);
  const ids = new Set(nodes.map(node => node.id));
  const made = wires.map(wire => {
    let id = `wire ${wire.id}`;
    while (ids.has(id)) id += '_';
    ids.add(id);
    return { wire, id };
  });
  const plain = { width: undefined, height: undefined, isStacked: false, numbered: undefined, rotate: 0 } as const;
  return {
    nodes: [
      ...nodes,
      ...made.map(({ id, wire }) => {
        return { ...plain, id, kind: 'node' as const, label: `wire ${wire.id}`, shape: 'ellipse', style: {} };
      }),
    ],
    links: [
      ...links,
      ...made.flatMap(({ wire, id }) => wire.ends.map(network => ({ node: id, network, addresses: [], style: {} }))),
    ],
  };
}

/** By network; several NICs of one node on one network become one mention. */
function groupLinks(links: readonly DiagramLink[], losses: Losses): ReadonlyMap<string, readonly DiagramLink[]> {
  const grouped = new Map<string, Map<string, DiagramLink>>();
  for (const link of links) {
    const there = grouped.get(link.network) ?? new Map<string, DiagramLink>();
    const other = there.get(link.node);
    if (other) losses.add('that a node is on one network more than once', link.node);
    if (link.vlan !== undefined || link.tagged) losses.add('VLANs', link.node);
    there.set(link.node, other ? { ...other, addresses: [...other.addresses, ...link.addresses] } : link);
    grouped.set(link.network, there);
  }
  return new Map([...grouped].map(([network, there]) => [network, [...there.values()]]));
}

/**
 * Whoever reads a peer's line makes a hidden network of its left node if that is on no network yet. Where the diagram
 * has such a network although the node is on an earlier one, a network was opened twice around the line.
 */
function checkPeers(
  networks: readonly DiagramNetwork[],
  perNetwork: ReadonlyMap<string, readonly DiagramLink[]>,
  losses: Losses,
): void {
  const seen = new Set<string>();
  let alone: string | undefined;
  for (const { id, isPeer } of networks) {
    const [left, right] = perNetwork.get(id) ?? [];
    const isStart = isPeer === true && left !== undefined && !right;
    const isExpected =
      left !== undefined && (isStart ? !seen.has(left.node) : !seen.has(left.node) === (alone === left.node));
    if (isPeer === true && left && !isExpected) losses.add('that a connection stood before the network', left.node);
    alone = isStart ? left.node : undefined;
    if (!isStart) for (const { node } of perNetwork.get(id) ?? []) seen.add(node);
  }
}
