import type { PlainPath } from '../lab/reading/plain-data.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { LooseEntry, LooseItem, LooseList, LooseMap, LooseNode, LooseScalar, LooseTree } from './loose-node.ts';
import { columnOf } from './loose-values.ts';

/** What is at an offset of a lab file, also where the file is only half typed. */
export interface Cursor {
  /** `key`: of a map; `value`: behind a key or a dash, or where a block that a key or dash lacks would begin. */
  readonly part: 'key' | 'value';
  /** To the map that the key is in, or to the value. */
  readonly path: PlainPath;
  /** What stands there already, the cursor in it or at one of its ends. */
  readonly word: CursorWord;
  /** The map that the key is in, or that holds the value or the list that it is an item of. */
  readonly map: LooseMap | undefined;
  /** The entry or item that the cursor is in. */
  readonly own: LooseEntry | LooseItem | undefined;
  readonly isFlow: boolean;
  /** Whether a block may begin here: nothing but blanks and dashes stands before it on its line. */
  readonly mayBegin: boolean;
  /** A key: whether its colon is there. */
  readonly hasColon: boolean;
  /** What is missing before it: a blank behind the colon or the dash, or the dash of a new item. */
  readonly lacks: '' | ' ' | '- ';
}

interface CursorWord {
  /** Without quotes. */
  readonly text: string;
  /** With quotes. */
  readonly span: TextSpan;
  /** Its first sign, if it is in quotes. */
  readonly quote: '' | '"' | "'";
}

/** Undefined: nothing can stand there, as in comments and block texts. */
export function cursorAt(text: string, tree: LooseTree, offset: number): Cursor | undefined {
  if (tree.comments.some(({ start, end }) => start < offset && offset <= end)) return undefined;
  return new Search(text, offset).inNode(tree.root, { path: [], map: undefined, own: undefined });
}

/** What has been passed on the way down. */
interface Way {
  readonly path: PlainPath;
  readonly map: LooseMap | undefined;
  readonly own: LooseEntry | LooseItem | undefined;
}

class Search {
  private readonly text: string;
  private readonly offset: number;
  private readonly column: number;
  /** Whether the cursor's line is blank before the cursor. */
  private readonly isIndent: boolean;

  constructor(text: string, offset: number) {
    this.text = text;
    this.offset = offset;
    this.column = columnOf(text, offset);
    this.isIndent = /^[ \t]*$/.test(text.slice(offset - this.column, offset));
  }

  inNode(node: LooseNode | undefined, way: Way): Cursor | undefined {
    if (!node) return this.nothing('value', way, { mayBegin: true });
    if (node.kind === 'scalar') return this.touches(node) ? this.scalar(node, way, true) : undefined;
    if (node.isFlow) return node.kind === 'map' ? this.inFlowMap(node, way) : this.inFlowList(node, way);
    return node.kind === 'map' ? this.inMap(node, way) : this.inList(node, way);
  }

  private inMap(map: LooseMap, { path }: Way): Cursor | undefined {
    const own = map.entries.findLast(({ keySpan }) => keySpan.start <= this.offset);
    const way = { path, map, own };
    if (!own) return this.isIndent ? this.nothing('key', way, {}) : undefined;
    if (this.offset <= own.keySpan.end) return this.key(own, way, false);
    if (!this.isAfterLineOf(own.keySpan.start)) return this.inEntry(own, way, false);
    const isBehind = own.value === undefined || this.offset > own.value.span.end;
    const isNewKey = this.isIndent && this.column <= map.column && isBehind;
    return isNewKey ? this.nothing('key', { path, map, own: undefined }, {}) : this.below(own, own.key, way);
  }

  private inList(list: LooseList, { path, map }: Way): Cursor | undefined {
    const index = list.items.findLastIndex(({ span }) => span.start <= this.offset);
    const own = list.items[index];
    const way = { path: [...path, Math.max(index, 0)], map, own };
    if (!own) return this.isIndent ? this.nothing('value', way, { lacks: '- ' }) : undefined;
    if (!this.isAfterLineOf(own.span.start)) {
      if (this.offset === own.span.start) return undefined;
      const isAtDash = this.offset === own.span.start + 1;
      return own.value && !this.touches(own.value) && !this.isBehindBlock(own.value)
        ? undefined
        : this.inValue(own.value, way, { mayBegin: true, lacks: isAtDash ? ' ' : '' });
    }
    const isBehind = own.value === undefined || this.offset > own.value.span.end;
    if (this.isIndent && this.column <= list.column && isBehind)
      return this.nothing('value', { path: [...path, index + 1], map, own: undefined }, { lacks: '- ' });
    return this.below(own, undefined, way);
  }

  /** Behind what a block ends with, such as a key that has no value yet. */
  private isBehindBlock(node: LooseNode): boolean {
    return node.kind !== 'scalar' && !node.isFlow && this.offset > node.span.end;
  }

  /** On a line below a key or a dash, and to the right of it. */
  private below({ value }: LooseEntry | LooseItem, key: string | undefined, way: Way): Cursor | undefined {
    const inner = { ...way, path: key === undefined ? way.path : [...way.path, key] };
    if (!value) return this.isIndent ? this.nothing('value', inner, { mayBegin: true }) : undefined;
    if (this.touches(value)) return this.inValue(value, inner, { mayBegin: true });
    return (value.kind === 'map' || value.kind === 'list') && !value.isFlow ? this.inNode(value, inner) : undefined;
  }

  private inFlowMap(map: LooseMap, { path }: Way): Cursor | undefined {
    if (!this.isInside(map)) return undefined;
    const own = this.pieceOf(map.entries);
    const way = { path, map, own };
    if (!own || (own.key === '' && own.colon === undefined)) return this.nothing('key', way, { isFlow: true });
    if (this.offset <= own.keySpan.end) return this.offset < own.keySpan.start ? undefined : this.key(own, way, true);
    return this.inEntry(own, way, true);
  }

  private inFlowList(list: LooseList, { path, map }: Way): Cursor | undefined {
    if (!this.isInside(list)) return undefined;
    const own = this.pieceOf(list.items);
    const before = list.items.filter(({ span }) => span.end < this.offset).length;
    const way = { path: [...path, own ? list.items.indexOf(own) : before], map, own };
    if (own?.value && !this.touches(own.value)) return undefined;
    return this.inValue(own?.value, way, { isFlow: true });
  }

  /** Whether the cursor is between the brackets; a flow that breaks off has its end inside. */
  private isInside({ kind, span }: LooseMap | LooseList): boolean {
    const isClosed = this.text[span.end - 1] === (kind === 'map' ? '}' : ']');
    return span.start < this.offset && (this.offset < span.end || !isClosed);
  }

  /** The piece between commas with the cursor in it. */
  private pieceOf<Piece extends LooseEntry | LooseItem>(pieces: readonly Piece[]): Piece | undefined {
    return pieces.find(({ span }) => span.start <= this.offset && this.offset <= span.end);
  }

  /** Behind the key of an entry, on its line. */
  private inEntry(own: LooseEntry, way: Way, isFlow: boolean): Cursor | undefined {
    if (own.colon === undefined || this.offset <= own.colon) return undefined;
    if (own.value && !this.touches(own.value)) return undefined;
    const lacks = this.offset === own.colon + 1 ? ' ' : '';
    return this.inValue(own.value, { ...way, path: [...way.path, own.key] }, { isFlow, lacks });
  }

  private inValue(value: LooseNode | undefined, way: Way, more: Partial<Cursor>): Cursor | undefined {
    if (!value) return this.nothing('value', way, more);
    if (value.kind !== 'scalar') return this.inNode(value, way);
    const cursor = this.scalar(value, way, more.mayBegin ?? false);
    return cursor && { ...cursor, ...more };
  }

  private touches({ span }: LooseNode): boolean {
    return span.start <= this.offset && this.offset <= span.end;
  }

  private isAfterLineOf(offset: number): boolean {
    return offset < this.offset - this.column;
  }

  private key(own: LooseEntry, way: Way, isFlow: boolean): Cursor {
    const word = this.word(own.key, own.keySpan);
    return { part: 'key', ...way, word, isFlow, mayBegin: !isFlow, hasColon: own.colon !== undefined, lacks: '' };
  }

  private scalar({ text, span, style }: LooseScalar, way: Way, mayBegin: boolean): Cursor | undefined {
    if (style === 'block') return undefined;
    return { part: 'value', ...way, word: this.word(text, span), isFlow: false, mayBegin, hasColon: false, lacks: '' };
  }

  private word(text: string, span: TextSpan): CursorWord {
    const sign = this.text[span.start];
    return { text, span, quote: (sign === '"' || sign === "'") && !text.startsWith(sign) ? sign : '' };
  }

  private nothing(part: Cursor['part'], way: Way, more: Partial<Cursor>): Cursor {
    const word = { text: '', span: { start: this.offset, end: this.offset }, quote: '' } as const;
    const mayBegin = part === 'key' && more.isFlow !== true;
    return { part, ...way, word, isFlow: false, mayBegin, hasColon: false, lacks: '', ...more };
  }
}
