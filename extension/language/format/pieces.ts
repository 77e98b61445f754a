import { Parser, type CST } from 'yaml';

/** A block map or list: the column of its items as they are written, and the one that they are to have. */
export interface Block {
  readonly parent: Block | undefined;
  readonly from: number;
  readonly to: number;
}

/** A piece of a YAML text with nothing but blanks and line breaks before it. */
export interface Piece {
  readonly type: CST.Token['type'];
  readonly source: string;
  readonly offset: number;
  /** The block in which it stands; undefined: before the first one. */
  readonly block: Block | undefined;
  /** Whether an item of its block begins with it, so that it has the column of the block where it begins a line. */
  readonly isItem: boolean;
  /** Whether it stands between the brackets of a flow map or list. */
  readonly isInFlow: boolean;
  /** The lines of a block text, with their own indentation and line breaks. */
  readonly isRaw: boolean;
}

/** How much further to the right each level stands. */
const step = 2;

/** Undefined: the text has something in it that no lab file needs (explicit keys, directives), or cannot be taken apart. */
export function piecesOf(text: string): readonly Piece[] | undefined {
  const walk = new Walk();
  try {
    for (const token of new Parser().parse(text)) walk.top(token);
  } catch (error) {
    // Absurd nesting exhausts the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return walk.isStrange ? undefined : walk.pieces;
}

class Walk {
  readonly pieces: Piece[] = [];
  isStrange = false;
  private flowDepth = 0;

  top(token: CST.Token): void {
    if (token.type === 'document') {
      this.signs(token.start, undefined);
      this.value(token.value, undefined, 0);
      this.signs(token.end, undefined);
    } else this.sign(token, undefined, false);
  }

  /** A value in a block; `column`: where its items begin if it is a block itself. */
  private value(token: CST.Token | null | undefined, block: Block | undefined, column: number): void {
    if (!token) return;
    if (token.type === 'block-map' || token.type === 'block-seq')
      this.items(token, { parent: block, from: token.indent, to: column });
    else if (token.type === 'flow-collection') this.flow(token, block);
    else if (token.type === 'block-scalar') {
      this.signs(token.props, block);
      this.add({ ...token, offset: endOf(token.props.at(-1)) }, block, true);
    } else if (isFlowScalar(token)) {
      this.add(token, block);
      this.signs(token.end, block);
    } else this.sign(token, block, false);
  }

  private items(collection: CST.BlockMap | CST.BlockSequence, block: Block): void {
    for (const { start, key, sep, value } of collection.items) {
      const first = this.pieces.length;
      this.signs(start, block);
      this.value(key, block, block.to);
      this.signs(sep, block);
      this.markItem(first);
      // The dash of a list takes as much room as a level.
      this.value(value, block, block.to + step);
    }
  }

  /** The first piece that is no comment begins the item. */
  private markItem(first: number): void {
    let at = first;
    while (this.pieces[at]?.type === 'comment') at += 1;
    const piece = this.pieces[at];
    if (piece) this.pieces[at] = { ...piece, isItem: true };
  }

  private flow(collection: CST.FlowCollection, block: Block | undefined): void {
    this.sign(collection.start, block, true);
    this.flowDepth += 1;
    for (const { start, key, sep, value } of collection.items) {
      this.signs(start, block);
      this.value(key, block, 0);
      this.signs(sep, block);
      this.value(value, block, 0);
    }
    const [close, ...rest] = collection.end;
    this.signs(close ? [close] : [], block);
    this.flowDepth -= 1;
    this.signs(rest, block);
  }

  private signs(tokens: readonly CST.Token[] | undefined, block: Block | undefined): void {
    for (const token of tokens ?? []) this.sign(token, block, true);
  }

  private sign(token: CST.Token, block: Block | undefined, isPlaced: boolean): void {
    if (token.type === 'space' || token.type === 'newline') return;
    const isKnown = isPlaced && !['explicit-key-ind', 'flow-error-end', 'doc-end'].includes(token.type);
    if (!isKnown && token.type !== 'comment') this.isStrange = true;
    if ('source' in token) this.add(token, block);
  }

  private add(
    { type, source, offset }: CST.Token & { readonly source: string },
    block: Block | undefined,
    isRaw = false,
  ): void {
    this.pieces.push({ type, source, offset, block, isItem: false, isInFlow: this.flowDepth > 0, isRaw });
  }
}

const isFlowScalar = (token: CST.Token): token is CST.FlowScalar =>
  token.type === 'alias' || token.type.endsWith('scalar');

const endOf = (token: CST.Token | undefined): number =>
  token && 'source' in token ? token.offset + token.source.length : 0;
