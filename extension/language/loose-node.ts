import type { TextSpan } from '../lab/text-span.ts';

/**
 * The text of a lab file as it stands in the editor, half-typed lines and unclosed brackets included. It says where
 * things are and promises nothing of what they mean: aliases, tags and numbers stay as they are written.
 */
export type LooseNode = LooseScalar | LooseMap | LooseList;

export interface LooseScalar {
  readonly kind: 'scalar';
  /** Without quotes; of a block text (`|`, `>`) only its sign. */
  readonly text: string;
  readonly style: 'plain' | 'quoted' | 'block';
  /** With its quotes. */
  readonly span: TextSpan;
}

export interface LooseMap {
  readonly kind: 'map';
  readonly isFlow: boolean;
  /** In file order; a key may be there twice. */
  readonly entries: readonly LooseEntry[];
  /** A block: from its first key to its last value. A flow: from its bracket to the closing one, or to where it breaks off. */
  readonly span: TextSpan;
  /** Column of its keys; of a flow, of what it belongs to. */
  readonly column: number;
}

export interface LooseEntry {
  /** Without quotes; empty for a piece of a flow map in which nothing stands yet. */
  readonly key: string;
  readonly keySpan: TextSpan;
  /** Offset of the colon; undefined while the key is being typed. */
  readonly colon: number | undefined;
  readonly value: LooseNode | undefined;
  /** From the key to the end of its value; in a flow, all between its commas. */
  readonly span: TextSpan;
}

export interface LooseList {
  readonly kind: 'list';
  readonly isFlow: boolean;
  readonly items: readonly LooseItem[];
  readonly span: TextSpan;
  /** Column of its dashes; of a flow, of what it belongs to. */
  readonly column: number;
}

export interface LooseItem {
  readonly value: LooseNode | undefined;
  /** From the dash to the end of its value; in a flow, all between its commas. */
  readonly span: TextSpan;
}

export interface LooseTree {
  /** Undefined: nothing but blanks and comments. */
  readonly root: LooseNode | undefined;
  /** In file order, each from its `#` to the end of the line. */
  readonly comments: readonly TextSpan[];
}
