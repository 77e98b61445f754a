import { defaultSettings, type Diagram, type DiagramNetwork } from '../../extension/diagram/diagram.ts';

/** What a test says of a diagram; everything else is as nwdiag has it by default. */
export interface DiagramSketch {
  /** Nodes of each network, in order. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  /** Networks without a bus. */
  readonly hidden?: readonly string[];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly settings?: Partial<Diagram['settings']>;
  /** By node: what differs from a plain box. */
  readonly nodes?: Readonly<Record<string, Partial<Diagram['nodes'][number]>>>;
  readonly wires?: Readonly<Record<string, readonly [string, string]>>;
}

/** A diagram with nodes in the order in which the sketch mentions them. */
export function diagramOf(sketch: DiagramSketch): Diagram {
  const { networks, hidden = [], groups = {}, settings = {}, nodes = {}, wires = {} } = sketch;
  const ids = new Set([...Object.values(networks).flat(), ...Object.values(groups).flat(), ...Object.keys(nodes)]);
  return {
    settings: { ...defaultSettings, ...settings },
    networks: Object.keys(networks).map((id): DiagramNetwork => ({
      id,
      label: id,
      addresses: [],
      isHidden: hidden.includes(id),
      style: {},
    })),
    nodes: [...ids].map(id => ({
      id,
      kind: 'node',
      label: id,
      shape: 'box',
      width: undefined,
      height: undefined,
      isStacked: false,
      numbered: undefined,
      rotate: 0,
      style: {},
      ...nodes[id],
    })),
    links: Object.entries(networks).flatMap(([network, members]) =>
      members.map(node => ({ node, network, addresses: [], style: {} })),
    ),
    groups: Object.entries(groups).map(([id, members]) => ({ id, label: id, nodes: members, shape: 'box', style: {} })),
    wires: Object.entries(wires).map(([id, ends]) => ({ id, ends, label: '' })),
    routes: [],
  };
}
