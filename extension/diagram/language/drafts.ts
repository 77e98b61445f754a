import type { TextSpan } from '../../lab/text-span.ts';
import type { DiagramNode, DiagramStyle } from '../diagram.ts';

/** A diagram in the making: what the statements have said so far. */
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export type StyleDraft = Mutable<DiagramStyle>;

export interface NetworkDraft {
  /** Undefined: anonymous. */
  readonly id: string | undefined;
  readonly isPeer: boolean;
  label: string | undefined;
  /** What nwdiag 3 takes for the label, as the text has it: no escapes are resolved in ids. */
  nwdiagLabel: string | undefined;
  addresses: readonly string[];
  isHidden: boolean;
  readonly style: StyleDraft;
  readonly undrawn: Map<string, string>;
  readonly span: TextSpan;
  /** By node, in the order of first mention. */
  readonly links: Map<NodeDraft, LinkDraft>;
}

export interface LinkDraft {
  addresses: readonly string[];
  readonly span: TextSpan;
}

export interface NodeDraft {
  readonly id: string;
  label: string;
  shape: string;
  width: number | undefined;
  height: number | undefined;
  isStacked: boolean;
  numbered: string | undefined;
  rotate: DiagramNode['rotate'];
  readonly style: StyleDraft;
  readonly undrawn: Map<string, string>;
  readonly span: TextSpan;
  readonly networks: NetworkDraft[];
  group: GroupDraft | undefined;
  /** Said outside of networks: PlantUML shows it where the node is a peer, nwdiag nowhere. */
  ownAddresses: readonly string[];
}

export interface GroupDraft {
  /** Undefined: anonymous. */
  readonly id: string | undefined;
  label: string;
  readonly nodes: Set<NodeDraft>;
  shape: 'box' | 'line';
  readonly style: StyleDraft;
  readonly undrawn: Map<string, string>;
  readonly span: TextSpan;
}
