import type { DiagramPin } from '../diagram.ts';
import type { Topology } from './topology.ts';

/** What takes a place of its own in the grid: a node, or a wire between two switches. */
export interface Item {
  /** Nodes first, as in the diagram, then wires. */
  readonly index: number;
  readonly networks: readonly number[];
  readonly group: number | undefined;
  readonly pin: DiagramPin | undefined;
  /** The way to the outside: belongs to the top. */
  readonly isOutside: boolean;
}

/** Things that hang together in some way, by index; nothing connects one component with another. */
export interface Component {
  readonly networks: readonly number[];
  readonly items: readonly Item[];
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
  const components = new Map<number, { networks: number[]; items: Item[] }>();
  const componentOf = (member: number): { networks: number[]; items: Item[] } => {
    const root = sets.rootOf(member);
    const known = components.get(root) ?? { networks: [], items: [] };
    components.set(root, known);
    return known;
  };
  for (let network = 0; network < networkCount; network += 1) componentOf(network).networks.push(network);
  for (const item of items) componentOf(itemSet(item)).items.push(item);
  return [...components.values()];
}

class DisjointSets {
  private readonly parents = new Map<number, number>();

  rootOf(member: number): number {
    let root = member;
    for (let up = this.parents.get(root); up !== undefined; up = this.parents.get(root)) root = up;
    for (let at = member; at !== root;) {
      const up = this.parents.get(at) ?? root;
      this.parents.set(at, root);
      at = up;
    }
    return root;
  }

  join(one: number, other: number): void {
    const [root, second] = [this.rootOf(one), this.rootOf(other)];
    if (root !== second) this.parents.set(second, root);
  }
}
