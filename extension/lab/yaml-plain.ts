import type { TextSpan } from './text-span.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';

/**
 * Reads the plain part of YAML in which nearly every lab is written: block maps and lists, flow maps and lists on one
 * line, plain texts, quotes without escapes, comments. Undefined for anything else, be it good YAML or bad: the real
 * parser then has the word. It is there because that parser takes most of the time that a lab of a thousand VMs costs;
 * a test holds that both see the same.
 */
export function readPlainYaml(text: string): YamlNode | undefined {
  try {
    return new PlainReader(text).root();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {}

interface Line {
  /** Column of the first character that is no blank. */
  readonly indent: number;
  readonly start: number;
  readonly end: number;
}

/** Control characters but the line feed, and the byte order mark: what they mean in YAML is not ours to say. */
const strange = /(?!\n)[\p{Cc}\uFEFF]/u;
const keyPattern = /[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(?=:(?: |\n|$))/y;
const plainStart = /[A-Za-z0-9_./]|-[A-Za-z0-9]/y;
const deepest = 50;

class PlainReader {
  private readonly text: string;
  private line: Line | undefined;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    if (strange.test(text)) throw new NotPlain();
    this.line = this.lineFrom(0);
  }

  root(): YamlNode {
    const first = this.line;
    if (first?.indent !== 0) throw new NotPlain();
    const node = this.block(first);
    this.expectNothingDeeperThan(-1);
    return node;
  }

  private expectNothingDeeperThan(indent: number): void {
    if (this.line && this.line.indent > indent) throw new NotPlain();
  }

  /** The line at or behind the offset that is neither blank nor a comment. */
  private lineFrom(offset: number): Line | undefined {
    for (let lineStart = offset; lineStart < this.text.length;) {
      const newline = this.text.indexOf('\n', lineStart);
      const end = newline < 0 ? this.text.length : newline;
      const start = this.skipBlanks(lineStart, end);
      if (start < end && this.text[start] !== '#') return { indent: start - lineStart, start, end };
      lineStart = end + 1;
    }
    return undefined;
  }

  private skipBlanks(from: number, end: number): number {
    let at = from;
    while (at < end && this.text[at] === ' ') at += 1;
    return at;
  }

  private block(line: Line): YamlNode {
    this.depth += 1;
    if (this.depth > deepest) throw new NotPlain();
    const node = this.isItem(line) ? this.list(line) : this.map(line);
    this.depth -= 1;
    return node;
  }

  private isItem(line: Line): boolean {
    return this.text.startsWith('- ', line.start);
  }

  private map({ indent, start }: Line): YamlMap {
    const entries: YamlEntry[] = [];
    const seen = new Set<string>();
    let end = start;
    for (let line = this.line; line?.indent === indent && !this.isItem(line); line = this.line) {
      const keySpan = this.key(line.start);
      const key = this.text.slice(keySpan.start, keySpan.end);
      // Whatever is there twice is a problem to be told by the one that tells problems.
      if (seen.has(key)) throw new NotPlain();
      seen.add(key);
      const value = this.value(line, keySpan.end);
      end = Math.max(keySpan.end, value.span.end);
      entries.push({ key, keySpan, value });
    }
    if (entries.length === 0) throw new NotPlain();
    this.expectNothingDeeperThan(indent);
    return { kind: 'map', entries, span: { start, end } };
  }

  private key(at: number): TextSpan {
    keyPattern.lastIndex = at;
    const match = keyPattern.exec(this.text);
    if (!match) throw new NotPlain();
    return { start: at, end: at + match[0].length };
  }

  /** What follows a key's colon: on its line, or as a block under it; a list may stand right under its key. */
  private value(line: Line, colon: number): YamlNode {
    const at = this.skipBlanks(colon + 1, line.end);
    if (at < line.end && this.text[at] !== '#') return this.inline(line, at);
    this.line = this.lineFrom(line.end + 1);
    const next = this.line;
    if (next && (next.indent > line.indent || (next.indent === line.indent && this.isItem(next))))
      return this.block(next);
    return { kind: 'scalar', value: null, text: '', span: { start: colon, end: colon } };
  }

  private list({ indent, start }: Line): YamlList {
    const items: YamlNode[] = [];
    for (let line = this.line; line?.indent === indent && this.isItem(line); line = this.line) {
      const at = this.skipBlanks(line.start + 1, line.end);
      if (at >= line.end) throw new NotPlain();
      keyPattern.lastIndex = at;
      if (!keyPattern.test(this.text)) items.push(this.inline(line, at));
      else {
        this.line = { indent: indent + at - line.start, start: at, end: line.end };
        items.push(this.block(this.line));
      }
    }
    this.expectNothingDeeperThan(indent);
    return { kind: 'list', items, span: { start, end: items.at(-1)?.span.end ?? start } };
  }

  /** A value that ends on this line. Goes on to the next line. */
  private inline(line: Line, at: number): YamlNode {
    const node = this.isOneOf('{["\'', at) ? this.enclosed(line, at) : this.plain(line, at);
    const rest = this.skipBlanks(node.span.end, line.end);
    const isComment = this.text[rest] === '#' && rest > node.span.end;
    if (rest < line.end && !isComment) throw new NotPlain();
    this.line = this.lineFrom(line.end + 1);
    return node;
  }

  private plain(line: Line, at: number): YamlScalar {
    const comment = this.text.slice(at, line.end).indexOf(' #');
    const text = this.text.slice(at, comment < 0 ? line.end : at + comment).trimEnd();
    if (text.includes(': ') || text.endsWith(':')) throw new NotPlain();
    return this.plainScalar(text, at);
  }

  private plainScalar(text: string, at: number): YamlScalar {
    plainStart.lastIndex = at;
    if (!plainStart.test(this.text)) throw new NotPlain();
    return { kind: 'scalar', value: resolve(text), text, span: { start: at, end: at + text.length } };
  }

  private enclosed(line: Line, at: number): YamlNode {
    if (this.text[at] === '{') return this.flowMap(line, at);
    if (this.text[at] === '[') return this.flowList(line, at);
    return this.quoted(line, at);
  }

  private quoted(line: Line, at: number): YamlScalar {
    const quote = this.text[at] ?? '';
    const close = this.text.indexOf(quote, at + 1);
    const text = this.text.slice(at + 1, close);
    const isEscaped = quote === '"' ? text.includes('\\') : this.text[close + 1] === quote;
    if (close < 0 || close >= line.end || isEscaped) throw new NotPlain();
    return { kind: 'scalar', value: text, text, span: { start: at, end: close + 1 } };
  }

  private flowMap(line: Line, open: number): YamlMap {
    const entries: YamlEntry[] = [];
    const seen = new Set<string>();
    const end = this.flowItems(line, open, '}', at => {
      const keySpan = this.key(at);
      const key = this.text.slice(keySpan.start, keySpan.end);
      if (seen.has(key)) throw new NotPlain();
      seen.add(key);
      const value = this.flowValue(line, this.skipBlanks(keySpan.end + 1, line.end));
      entries.push({ key, keySpan, value });
      return value.span.end;
    });
    return { kind: 'map', entries, span: { start: open, end } };
  }

  private flowList(line: Line, open: number): YamlList {
    const items: YamlNode[] = [];
    const end = this.flowItems(line, open, ']', at => {
      const item = this.flowValue(line, at);
      items.push(item);
      return item.span.end;
    });
    return { kind: 'list', items, span: { start: open, end } };
  }

  /** Calls `read` for each item, which gives the item's end. Gives the end of the whole. */
  private flowItems(line: Line, open: number, close: string, read: (at: number) => number): number {
    this.depth += 1;
    if (this.depth > deepest) throw new NotPlain();
    let at = this.skipBlanks(open + 1, line.end);
    while (this.text[at] !== close) {
      at = this.skipBlanks(read(at), line.end);
      if (this.text[at] === close) break;
      if (this.text[at] !== ',') throw new NotPlain();
      at = this.skipBlanks(at + 1, line.end);
      if (this.text[at] === close) throw new NotPlain();
    }
    this.depth -= 1;
    return at + 1;
  }

  private flowValue(line: Line, at: number): YamlNode {
    if (this.isOneOf('{["\'', at)) return this.enclosed(line, at);
    let end = at;
    while (end < line.end && !this.isOneOf(',[]{}', end)) end += 1;
    const text = this.text.slice(at, end).trimEnd();
    if (text.includes(': ') || text.endsWith(':') || text.includes(' #')) throw new NotPlain();
    return this.plainScalar(text, at);
  }

  private isOneOf(characters: string, at: number): boolean {
    return at < this.text.length && characters.includes(this.text.charAt(at));
  }
}

/** The core schema of YAML 1.2, for texts that begin as `plainStart` allows. */
function resolve(text: string): YamlScalar['value'] {
  if (/^(?:null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (!/^[-.\d]/.test(text)) return text;
  if (/^0o[0-7]+$/.test(text) || /^0x[\da-fA-F]+$/.test(text)) return Number(text);
  if (/^-?(?:\.\d+|\d+\.?\d*)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  if (/^-?\.(?:inf|Inf|INF|nan|NaN|NAN)$/.test(text)) throw new NotPlain();
  return text;
}
