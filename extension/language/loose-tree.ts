import type { TextSpan } from '../lab/text-span.ts';
import type { LooseEntry, LooseItem, LooseList, LooseMap, LooseNode, LooseTree } from './loose-node.ts';
import { columnOf, lineEnd, ValueReader } from './loose-values.ts';

/** Reads any text as far as its indentation and brackets tell, in one sweep. Never throws. */
export function readLoosely(text: string): LooseTree {
  return new BlockReader(text).tree();
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Slot = Mutable<LooseEntry> | Mutable<LooseItem>;
interface BlockMap extends Mutable<LooseMap> {
  readonly entries: Mutable<LooseEntry>[];
}
interface BlockList extends Mutable<LooseList> {
  readonly items: Mutable<LooseItem>[];
}
type Block = BlockMap | BlockList;

/** Blocks that are still open, the outermost first; each further to the right than the one before, or a list at its key's column. */
class BlockReader {
  private readonly text: string;
  private readonly values: ValueReader;
  private readonly open: Block[] = [];
  private readonly root: Mutable<LooseItem> = { value: undefined, span: { start: 0, end: 0 } };

  constructor(text: string) {
    this.text = text;
    this.values = new ValueReader(text);
  }

  tree(): LooseTree {
    const { text, values } = this;
    while (values.at < text.length) {
      const start = values.at;
      values.skipBlanks();
      if (!values.skipComment() && text[values.at] !== '\n' && values.at < text.length) this.line(start);
      // Whatever is left of a line has no place in the tree.
      this.skipRest();
    }
    this.close(-1);
    return { root: this.root.value, comments: values.comments };
  }

  private skipRest(): void {
    const { text, values } = this;
    values.skipBlanks();
    values.skipComment();
    const end = lineEnd(text, values.at);
    const hash = text.slice(values.at, end).search(/(?<=\s)#/);
    if (hash >= 0) values.comments.push({ start: values.at + hash, end });
    const next = text.indexOf('\n', end);
    values.at = next < 0 ? text.length : next + 1;
  }

  /** One line, from its first sign on. */
  private line(start: number): void {
    const { text, values } = this;
    if (values.at === start && /^(---|\.\.\.)(?=\s|$)/.test(text.slice(start, start + 4))) return;
    for (;;) {
      const { at } = values;
      const column = at - start;
      const isDash = text[at] === '-' && /\s|^$/.test(text.charAt(at + 1));
      const colon = isDash ? undefined : this.colonOf(at);
      this.makeRoom(column, isDash, colon !== undefined);
      if (!isDash) {
        if (colon === undefined) this.loneScalar(column);
        else this.entry(at, colon, column);
        return;
      }
      this.itemAt(at, column);
      values.at = at + 1;
      values.skipBlanks();
      if (values.skipComment() || values.at >= text.length || text[values.at] === '\n') return;
    }
  }

  /** Closes the blocks that a line at this column does not belong to. */
  private makeRoom(column: number, isDash: boolean, isKey: boolean): void {
    this.close(column);
    const last = this.open.at(-1);
    if (last?.kind === 'list' && last.column === column && !isDash) this.closeLast();
    const { value } = this.slot();
    // What looked like a value was a half-typed key: its neighbour is one.
    const isHalfKey =
      value?.kind === 'scalar' && value.style === 'plain' && columnOf(this.text, value.span.start) === column;
    if (!isHalfKey || !isKey) return;
    const key = { key: value.text, keySpan: value.span, colon: undefined, value: undefined, span: value.span };
    this.begin({ kind: 'map', isFlow: false, entries: [key], span: { ...value.span }, column });
  }

  /** What the next block, if it is further to the right, is the value of. */
  private slot(): Slot {
    const last = this.open.at(-1);
    return (last?.kind === 'map' ? last.entries.at(-1) : last?.items.at(-1)) ?? this.root;
  }

  private begin(block: Block): void {
    this.slot().value = block;
    this.open.push(block);
  }

  /** Closes all blocks further to the right. */
  private close(column: number): void {
    while ((this.open.at(-1)?.column ?? -1) > column) {
      const isLast = this.open.length === 1 && column >= 0;
      if (isLast) return;
      this.closeLast();
    }
  }

  private closeLast(): void {
    const block = this.open.pop();
    const last = block?.kind === 'map' ? block.entries.at(-1) : block?.items.at(-1);
    if (!block || !last) return;
    block.span = { start: block.span.start, end: last.span.end };
    const slot = this.slot();
    slot.span = { start: slot.span.start, end: last.span.end };
  }

  private itemAt(at: number, column: number): void {
    const item: Mutable<LooseItem> = { value: undefined, span: { start: at, end: at + 1 } };
    const list = this.blockFor('list', column, at);
    if (list?.kind === 'list') list.items.push(item);
  }

  private entry(at: number, colon: number, column: number): void {
    const { values, text } = this;
    const { text: key, span: keySpan } = this.keyAt(at, colon);
    const entry: Mutable<LooseEntry> = { key, keySpan, colon, value: undefined, span: { start: at, end: colon + 1 } };
    const map = this.blockFor('map', column, at);
    if (map?.kind !== 'map') return;
    map.entries.push(entry);
    values.at = colon + 1;
    values.skipBlanks();
    if (values.skipComment() || values.at >= text.length || text[values.at] === '\n') return;
    this.fill(entry, column);
  }

  /** The open block at this column, or a new one where there is room for it. Undefined: there is none. */
  private blockFor(kind: Block['kind'], column: number, at: number): Block | undefined {
    const last = this.open.at(-1);
    if (last?.kind === kind && last.column === column) return last;
    const slot = this.slot();
    if (slot.value === undefined && ('keySpan' in slot ? true : slot === this.root || column > (last?.column ?? -1))) {
      const span = { start: at, end: at };
      this.begin(
        kind === 'map'
          ? { kind, isFlow: false, entries: [], span, column }
          : { kind, isFlow: false, items: [], span, column },
      );
      return this.open.at(-1);
    }
    // A line that is not quite at the column of its neighbours.
    return this.reopened(slot.value, kind) ?? (last?.kind === kind ? last : undefined);
  }

  private reopened(value: LooseNode | undefined, kind: Block['kind']): Block | undefined {
    if (value?.kind !== kind || value.isFlow) return undefined;
    const block = value as Block;
    this.open.push(block);
    return block;
  }

  /** A line that is neither a key nor an item: a value, more of one, or a key that is being typed. */
  private loneScalar(column: number): void {
    const { values } = this;
    const last = this.open.at(-1);
    const slot = this.slot();
    if (last?.kind === 'map' && last.column === column && !isMoreOf(slot, column, last.column)) {
      const { text: key, span } = values.scalar(false);
      last.entries.push({ key, keySpan: span, colon: undefined, value: undefined, span });
    } else if (slot.value === undefined) this.fill(slot, last?.column ?? -1);
    else if (slot.value.kind === 'scalar') {
      const { span } = values.scalar(false);
      slot.value = { ...slot.value, span: { start: slot.value.span.start, end: span.end } };
      slot.span = { start: slot.span.start, end: span.end };
    } else if (slot.value.kind === 'map' && !slot.value.isFlow) {
      const { text: key, span } = values.scalar(false);
      (slot.value as BlockMap).entries.push({ key, keySpan: span, colon: undefined, value: undefined, span });
    }
  }

  /** Reads the value at the place where the reader is. */
  private fill(slot: Slot, owner: number): void {
    const { values, text } = this;
    const start = values.at;
    const sign = text.charAt(start);
    const value = sign === '|' || sign === '>' ? this.blockText(start, owner) : values.value(owner);
    // An anchor or a tag alone: what they belong to is a block on the next lines, or nothing.
    if (value.kind === 'scalar' && value.style === 'plain' && value.text === '') return;
    slot.value = value;
    slot.span = { start: slot.span.start, end: value.span.end };
  }

  /** All lines to the right of its owner, blank ones between them too. */
  private blockText(start: number, owner: number): LooseNode {
    const { text, values } = this;
    let end = lineEnd(text, start);
    for (let line = text.indexOf('\n', end) + 1; line > 0; line = text.indexOf('\n', line) + 1) {
      const indent = /^[ ]*/.exec(text.slice(line, line + owner + 2))?.[0].length ?? 0;
      const isBlank = text.slice(line, lineEnd(text, line)).trim() === '';
      if (!isBlank && indent <= owner) break;
      if (!isBlank) end = lineEnd(text, line);
    }
    values.at = end;
    return { kind: 'scalar', text: text.charAt(start), style: 'block', span: { start, end } };
  }

  private keyAt(at: number, colon: number): { readonly text: string; readonly span: TextSpan } {
    this.values.at = at;
    const sign = this.text.charAt(at);
    if (sign === '"' || sign === "'") return this.values.scalar(false);
    const key = this.text.slice(at, colon).trimEnd();
    return { text: key, span: { start: at, end: at + key.length } };
  }

  /** The colon behind the key that begins here; undefined: it is no key. */
  private colonOf(at: number): number | undefined {
    blockKey.lastIndex = at;
    const found = blockKey.exec(this.text)?.[0] ?? '';
    return found.length > 1 ? at + found.length - 1 : undefined;
  }
}

/** With its colon. */
const blockKey =
  /(?:"(?:[^"\\\n]|\\.)*"[ \t]*|'[^'\n]*'[ \t]*|[^\s#'"{}[\],&*!|>%@`:][^#:\n]*(?:(?::(?=\S)|(?<=\S)#)[^#:\n]*)*):(?=\s|$)/y;

const isMoreOf = (slot: Slot, column: number, owner: number): boolean =>
  slot.value?.kind === 'scalar' && column > owner;
