import type { TextSpan } from '../lab/text-span.ts';
import type { LooseEntry, LooseItem, LooseList, LooseMap, LooseNode, LooseScalar } from './loose-node.ts';

/** Brackets that are nested deeper count as plain characters, so that no text exhausts the stack. */
const deepest = 50;

/** A `#` begins a comment behind a blank only, and a colon ends a key only before one (in a flow, also before its signs). */
const plainInBlock = /(?:[^\n#]|(?<!\s)#)*/y;
const plainInFlow = /(?:[^\n#,[\]{}:]|(?<!\s)#|:(?![\s,[\]{}]|$))*/y;

/**
 * Reads values that do not depend on indentation: scalars, and flows with all that is in them. A quote ends with its
 * line; a bracket that nobody closes ends before the first line that is not to the right of its owner.
 */
export class ValueReader {
  /** Where the next sign is. */
  at = 0;
  readonly comments: TextSpan[] = [];
  private readonly text: string;
  /** Column of the owner of the flow that is being read. */
  private owner = -1;
  private open = '';

  constructor(text: string) {
    this.text = text;
  }

  /** The value at `at`, which is no blank. `owner`: the column of the key or dash that it belongs to. */
  value(owner: number): LooseNode {
    this.owner = owner;
    this.open = '';
    this.skipProperties();
    const sign = this.sign();
    return sign === '{' || sign === '[' ? this.flow() : this.scalar(false);
  }

  /** A scalar in quotes or a plain one; the latter ends with its line, a comment or, in a flow, with its piece. */
  scalar(isInFlow: boolean): LooseScalar {
    const start = this.at;
    const quote = this.sign();
    return quote === '"' || quote === "'" ? this.quoted(start, quote) : this.plain(start, isInFlow);
  }

  /** Blanks of this line. */
  skipBlanks(): void {
    while (this.sign() === ' ' || this.sign() === '\t' || this.sign() === '\r') this.at += 1;
  }

  /** Whether a comment begins here; if so it is kept, and `at` is at the end of its line. */
  skipComment(): boolean {
    const isBehindBlank = this.at === 0 || /\s/.test(this.text.charAt(this.at - 1));
    if (this.sign() !== '#' || !isBehindBlank) return false;
    const end = lineEnd(this.text, this.at);
    this.comments.push({ start: this.at, end });
    this.at = end;
    return true;
  }

  /** Anchors and tags. */
  private skipProperties(): void {
    while (this.sign() === '&' || this.sign() === '!') {
      while (this.at < this.text.length && !/[\s,[\]{}]/.test(this.sign())) this.at += 1;
      this.skipBlanks();
    }
  }

  private sign(): string {
    return this.text.charAt(this.at);
  }

  private quoted(start: number, quote: string): LooseScalar {
    const last = lineEnd(this.text, start);
    let end = start + 1;
    while (end < last && this.text[end] !== quote) end += quote === '"' && this.text[end] === '\\' ? 2 : 1;
    const isClosed = end < last;
    this.at = Math.min(isClosed ? end + 1 : last, last);
    const inside = this.text.slice(start + 1, Math.min(end, last));
    const text = quote === '"' ? inside.replace(/\\(.)/g, '$1') : inside;
    return { kind: 'scalar', text, style: 'quoted', span: { start, end: this.at } };
  }

  private plain(start: number, isInFlow: boolean): LooseScalar {
    const pattern = isInFlow ? plainInFlow : plainInBlock;
    pattern.lastIndex = start;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at = start + found.length;
    const text = found.trimEnd();
    return { kind: 'scalar', text, style: 'plain', span: { start, end: start + text.length } };
  }

  private flow(): LooseMap | LooseList {
    const isMap = this.sign() === '{';
    this.open += this.sign();
    const node = isMap ? this.flowMap(this.at) : this.flowList(this.at);
    this.open = this.open.slice(0, -1);
    return node;
  }

  private flowMap(start: number): LooseMap {
    const entries: LooseEntry[] = [];
    const end = this.pieces(start, '}', piece => {
      const { keySpan, key } = this.flowKey(piece);
      const colon = this.text[this.at] === ':' ? this.at : undefined;
      if (colon !== undefined) this.at += 1;
      const value = colon === undefined ? undefined : this.flowValue();
      return finish => {
        const isThere = key !== '' || colon !== undefined || this.text[finish] === ',';
        if (isThere) entries.push({ key, keySpan, colon, value, span: { start: piece, end: finish } });
      };
    });
    return { kind: 'map', isFlow: true, entries, span: { start, end }, column: this.owner };
  }

  private flowKey(piece: number): { readonly key: string; readonly keySpan: TextSpan } {
    if (!this.toNextSign() || /[,}\]:]/.test(this.sign())) return { key: '', keySpan: { start: piece, end: piece } };
    const { text, span } = this.scalar(true);
    this.skipBlanks();
    return { key: text, keySpan: span };
  }

  private flowList(start: number): LooseList {
    const items: LooseItem[] = [];
    const end = this.pieces(start, ']', piece => {
      const value = this.flowValue();
      return finish => {
        if (value !== undefined || this.text[finish] === ',')
          items.push({ value, span: { start: piece, end: finish } });
      };
    });
    return { kind: 'list', isFlow: true, items, span: { start, end }, column: this.owner };
  }

  /** Undefined: there is none before the next comma or bracket. */
  private flowValue(): LooseNode | undefined {
    if (!this.toNextSign()) return undefined;
    this.skipProperties();
    const sign = this.sign();
    if (/[,}\]]|^$/.test(sign)) return undefined;
    return (sign === '{' || sign === '[') && this.open.length < deepest ? this.flow() : this.scalar(true);
  }

  /** Reads what stands between commas, up to the closing bracket or to where the flow breaks off; gives its end. */
  private pieces(start: number, closing: string, read: (piece: number) => (finish: number) => void): number {
    this.at = start + 1;
    for (;;) {
      const piece = this.at;
      const keep = read(piece);
      const isThere = this.toSeparator(closing);
      keep(this.at);
      if (!isThere) return this.at;
      this.at += 1;
      if (this.text[this.at - 1] === closing) return this.at;
    }
  }

  /** To the next comma or closing bracket of ours. False: the flow breaks off here, or a bracket around it is closed. */
  private toSeparator(closing: string): boolean {
    while (this.toNextSign()) {
      const sign = this.sign();
      if (sign === ',' || sign === closing) return true;
      const opening = sign === '}' ? '{' : sign === ']' ? '[' : undefined;
      if (opening !== undefined && this.open.includes(opening)) return false;
      this.at += 1;
    }
    return false;
  }

  /** Over blanks, comments and line breaks. False: the flow breaks off; `at` is then at the end of its last line. */
  private toNextSign(): boolean {
    for (;;) {
      this.skipBlanks();
      if (this.skipComment()) continue;
      if (this.at >= this.text.length) return false;
      if (this.sign() !== '\n') return true;
      const next = nextContent(this.text, this.at + 1);
      const column = next - (this.text.lastIndexOf('\n', next - 1) + 1);
      const isOurs = column > this.owner || /[}\]]/.test(this.text.charAt(next));
      if (next >= this.text.length || !isOurs) return false;
      this.at += 1;
    }
  }
}

export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end > from ? end - 1 : end;
}

export const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** The first sign at or behind this place that is neither blank nor part of a comment on a line of its own. */
function nextContent(text: string, from: number): number {
  const sign = /[^\s]/g;
  sign.lastIndex = from;
  for (;;) {
    const at = sign.exec(text)?.index;
    if (at === undefined || text[at] !== '#') return at ?? text.length;
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    sign.lastIndex = end;
  }
}
