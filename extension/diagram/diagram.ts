import type { TextSpan } from '../lab/text-span.ts';

/**
 * What is drawn, before anybody has decided where: made from a `.diag` file, from a lab, or from what runs on this host.
 * The input of both layouts and of all exports. Lists are in the order in which the file mentions things first, because
 * nwdiag's layout follows from that order.
 */
export interface Diagram {
  readonly settings: DiagramSettings;
  /** Peers (`a -- b`) are among them: networks of one or two nodes without a bus. */
  readonly networks: readonly DiagramNetwork[];
  readonly nodes: readonly DiagramNode[];
  /** At most one for each node and network in nwdiag; a lab has one for each NIC. Network by network, as mentioned. */
  readonly links: readonly DiagramLink[];
  readonly groups: readonly DiagramGroup[];
  /** Network to network: a lab's wires. */
  readonly wires: readonly DiagramWire[];
  readonly routes: readonly DiagramRoute[];
}

/** Sizes in pixels, colours as CSS writes them; defaults are nwdiag's. */
export interface DiagramSettings {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  readonly spanWidth: number;
  readonly spanHeight: number;
  readonly fontSize: number;
  /** Whether the stub to the outside is drawn over the first network (`external_connector`). */
  readonly hasExternalConnector: boolean;
  readonly title: string | undefined;
}

export const defaultSettings: DiagramSettings = {
  nodeWidth: 104,
  nodeHeight: 40,
  spanWidth: 48,
  spanHeight: 104,
  fontSize: 11,
  hasExternalConnector: true,
  title: undefined,
};

/** Colours and lines as the file asks for them; undefined: the theme's. */
export interface DiagramStyle {
  readonly color?: string;
  readonly lineColor?: string;
  readonly textColor?: string;
  readonly fontSize?: number;
  readonly line?: 'solid' | 'dotted' | 'dashed' | 'none';
  /** Lengths of dashes and gaps in pixels, where the file gives them (`style = "4,2"`); `line` is then `dashed`. */
  readonly dashes?: readonly number[];
  /** Width of lines in pixels. */
  readonly thickness?: number;
}

/** What a file says of a thing and no picture shows, by the attribute's name; kept so that it can be written again. */
export type UndrawnAttributes = Readonly<Record<string, string>>;

/** A bus: a network of a `.diag`, a switch of a lab. */
export interface DiagramNetwork {
  /** Unique among networks. A switch: its name. */
  readonly id: string;
  /** The file gives it no id; the one above is made up. */
  readonly isAnonymous?: boolean;
  /** Made by a peer statement, and maybe shown all the same. */
  readonly isPeer?: boolean;
  /** Undefined: anonymous. May have several lines. */
  readonly label: string | undefined;
  /** What nwdiag 3 shows instead, where its defects do not let it show the label: an id with its quotes, say. */
  readonly nwdiagLabel?: string;
  /** `10.0.0.0/24`, one an address family. */
  readonly addresses: readonly string[];
  /** Drawn without a bus: what a peer statement makes (nwdiag shows it under certain conditions). */
  readonly isHidden: boolean;
  readonly style: DiagramStyle;
  readonly undrawn?: UndrawnAttributes;
  readonly span?: TextSpan;
}

/** What hangs between the buses: a node of a `.diag`; a VM, tap or uplink of a lab. */
export interface DiagramNode {
  /** Unique among nodes. A VM: its name; a tap `SWITCH/tap`, an uplink `SWITCH/uplink`. */
  readonly id: string;
  readonly kind: 'node' | 'vm' | 'tap' | 'uplink';
  readonly label: string;
  /** nwdiag's, PlantUML's or Cisco's name of it (`box`, `cloud`, `database`, `cisco.router`), as written. */
  readonly shape: string;
  /** Pixels; undefined: the diagram's. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly isStacked: boolean;
  /** A disc with this text on the corner. */
  readonly numbered: string | undefined;
  readonly rotate: 0 | 90 | 180 | 270;
  readonly style: DiagramStyle;
  /** Where the user pinned it in the clear layout; undefined: not pinned. */
  readonly pin?: DiagramPin;
  readonly undrawn?: UndrawnAttributes;
  readonly span?: TextSpan;
}

/** A place in the clear layout's grid: columns from 0; rows: how many buses lie above. */
export interface DiagramPin {
  readonly column: number;
  readonly row: number;
}

/** A node's tap on a bus: a NIC. */
export interface DiagramLink {
  /** Ids. */
  readonly node: string;
  readonly network: string;
  readonly addresses: readonly string[];
  /** A lab's NIC number, counted from 1. */
  readonly nic?: number;
  readonly port?: number;
  /** Untagged VLAN; absent: none. */
  readonly vlan?: number;
  readonly tagged?: readonly number[];
  readonly style: DiagramStyle;
  readonly span?: TextSpan;
}

export interface DiagramGroup {
  /** Unique among groups. */
  readonly id: string;
  readonly isAnonymous?: boolean;
  readonly label: string;
  /** Ids; a node is in at most one group. */
  readonly nodes: readonly string[];
  readonly shape: 'box' | 'line';
  readonly style: DiagramStyle;
  readonly undrawn?: UndrawnAttributes;
  readonly span?: TextSpan;
}

export interface DiagramWire {
  /** The wire's name in the lab: `lan-dmz`. */
  readonly id: string;
  /** Ids of networks. */
  readonly ends: readonly [string, string];
  /** What stands beside it: `delay 20 ms`. */
  readonly label: string;
  readonly vlan?: number;
  readonly tagged?: readonly number[];
  readonly span?: TextSpan;
}

/** `route { a -> b }`: an arrow that follows the networks from node to node. */
export interface DiagramRoute {
  readonly label: string | undefined;
  /** Ids of nodes, at least two. */
  readonly path: readonly string[];
  readonly style: DiagramStyle;
  readonly span?: TextSpan;
}
