import type { Diagram, DiagramGroup, DiagramLink, DiagramNetwork, DiagramNode, DiagramWire } from './diagram.ts';

/**
 * A diagram that has been laid out: everything has its place. Plain data, so that it crosses from the extension to its
 * view, and is written as JSON. Pixels, x to the right, y down, origin at the top left of the page.
 */
export interface Picture {
  readonly layout: LayoutMode;
  readonly size: Size;
  /** Of the grid that nodes stand in; a row is what lies under one network. */
  readonly columns: number;
  readonly rows: number;
  /** In the diagram's order. */
  readonly networks: readonly PlacedNetwork[];
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
  readonly groups: readonly PlacedGroup[];
  readonly wires: readonly PlacedWire[];
  /** The stub to the outside over the first network; undefined: none. */
  readonly external: Polyline | undefined;
  readonly diagram: Diagram;
}

/** `classic`: exactly nwdiag's grid and boxes. `clear`: shorter spans, fewer crossings, pinned nodes stay. */
export type LayoutMode = 'classic' | 'clear';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Left, top, right, bottom. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type Polyline = readonly Point[];

export interface PlacedNetwork {
  readonly network: DiagramNetwork;
  readonly row: number;
  /** The first column that the bus spans, and how many. */
  readonly column: number;
  readonly span: number;
  /** May differ from the diagram's: nwdiag shows some of the hidden ones. */
  readonly isHidden: boolean;
  /** The bus, eight pixels high around this line's y. */
  readonly bus: { readonly left: number; readonly right: number; readonly y: number };
  /** Right-aligned text left of the bus. */
  readonly labelBox: Box;
}

export interface PlacedNode {
  readonly node: DiagramNode;
  readonly column: number;
  readonly row: number;
  readonly box: Box;
}

export interface PlacedLink {
  readonly link: DiagramLink;
  /** From the upper end to the lower one. */
  readonly line: Polyline;
  /** Top left of the addresses' text. */
  readonly textAt: Point;
  /** Where the line jumps over a bus that it has nothing to do with: the crossing's y. */
  readonly jumps: readonly number[];
}

export interface PlacedGroup {
  readonly group: DiagramGroup;
  readonly column: number;
  readonly row: number;
  /** In columns and rows. */
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

export interface PlacedWire {
  readonly wire: DiagramWire;
  readonly line: Polyline;
  readonly textAt: Point;
}
