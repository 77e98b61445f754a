import type { DiagramPin } from '../diagram.ts';
import type { Topology } from './topology.ts';

/** What takes a place of its own in the grid: a node, or a wire between two switches. */
export interface Item {
  /** In the diagram nodes first, as they stand there, then wires; in a component its own numbers. */
  readonly index: number;
  readonly networks: readonly number[];
  readonly group: number | undefined;
  readonly pin: DiagramPin | undefined;
  /** The way to the outside: belongs to the top. */
  readonly isOutside: boolean;
}

/**
 * Things that hang together in some way; nothing connects one component with another. Both lists give each its number in
 * the component, from 0 on; items have these numbers, and know their networks by them.
 */
export interface Component {
  /** Their numbers in the diagram. */
  readonly networks: readonly number[];
  readonly items: readonly Item[];
  /** What the items' numbers are in the diagram. */
  readonly indices: readonly number[];
}

/** A peer's line without a bus and without a second end, as nwdiag makes them: there is nothing to draw. */
export function isStub({ networks }: Topology, index: number): boolean {
  const one = networks[index];
  return one !== undefined && one.network.isHidden && one.nodes.length < 2;
}

export function itemsOf(topology: Topology): readonly Item[] {
  const { nodes, wires } = topology;
  return [
    ...nodes.map(({ index, node, networks, group }) => ({
      index,
      networks: networks.filter(network => !isStub(topology, network)),
      group,
      pin: cellOf(node.pin),
      isOutside: node.kind === 'uplink' || node.shape.includes('cloud'),
    })),
    ...wires.map(({ networks }, wire) => ({
      ...{ index: nodes.length + wire, networks, group: undefined, pin: undefined, isOutside: false },
    })),
  ];
}

/** A picture is never so large; a file may ask for anything. */
const lastCell = 999;

function cellOf(pin: DiagramPin | undefined): DiagramPin | undefined {
  if (!pin) return undefined;
  const within = (at: number): number => Math.max(0, Math.min(lastCell, Math.round(at)));
  return { column: within(pin.column), row: within(pin.row) };
}

/**
 * In the order of their first networks; what has no network comes last, all together. What has pinned members makes one
 * component, as pins are places in the whole picture.
 */
export function componentsOf(networkCount: number, items: readonly Item[]): readonly Component[] {
  const sets = new DisjointSets();
  const groupSet = (group: number): number => networkCount + items.length + group;
  const itemSet = (item: Item): number => item.networks[0] ?? networkCount + item.index;
  const pinned = items.find(item => item.pin);
  let loose: number | undefined;
  for (const item of items) {
    const own = itemSet(item);
    for (const network of item.networks) sets.join(own, network);
    if (item.group !== undefined) sets.join(own, groupSet(item.group));
    else if (item.networks.length === 0) sets.join((loose ??= own), own);
    if (pinned && item.pin) sets.join(itemSet(pinned), own);
  }
  const components = new Map<number, ComponentDraft>();
  const componentOf = (member: number): ComponentDraft => {
    const root = sets.rootOf(member);
    const known = components.get(root) ?? { networks: [], items: [], indices: [] };
    components.set(root, known);
    return known;
  };
  const places: number[] = [];
  for (let network = 0; network < networkCount; network += 1)
    places.push(componentOf(network).networks.push(network) - 1);
  for (const item of items) {
    const own = componentOf(itemSet(item));
    const networks = item.networks.map(network => places[network] ?? 0);
    own.items.push({ ...item, index: own.indices.push(item.index) - 1, networks });
  }
  return [...components.values()];
}

interface ComponentDraft {
  readonly networks: number[];
  readonly items: Item[];
  readonly indices: number[];
}

class DisjointSets {
  /** Of each member another one of its set; none: it stands for the set. */
  private readonly parents: number[] = [];

  rootOf(member: number): number {
    let root = member;
    for (let up = this.parents[root]; up !== undefined; up = this.parents[root]) root = up;
    for (let at = member; at !== root;) {
      const up = this.parents[at] ?? root;
      this.parents[at] = root;
      at = up;
    }
    return root;
  }

  join(one: number, other: number): void {
    const root = this.rootOf(one);
    const second = this.rootOf(other);
    if (root !== second) this.parents[second] = root;
  }
}
