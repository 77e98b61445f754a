import type { Comment, Dialect, Token, TokenKind } from './token.ts';

export interface Lexed {
  /** The last one is of the kind `end`. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

/** Cuts a text into tokens, in one sweep. Never fails: what means nothing is a token too. */
export function lex(text: string, dialect: Dialect): Lexed {
  return new Lexer(text, dialect).run();
}

const blank = /[\s\uFEFF]+/y;
const lineDirective =
  /(?:[@!].*|(?:title|header|footer|caption|skinparam|scale|hide|left|right|center|mainframe)(?=[ \t]+[^\s;[=-]).*)/y;
/** What such a line begins, and what ends it. */
const blockDirectives: readonly { readonly open: RegExp; readonly close: string }[] = [
  { open: /<style>/y, close: '</style>' },
  { open: /title[ \t]*(?=[\r\n])/y, close: 'end title' },
  { open: /legend(?=[ \t\r\n])/y, close: 'endlegend' },
  { open: /legend(?=[ \t\r\n])/y, close: 'end legend' },
];
const restOfLine = /[^\r\n]*/y;
const operator = /--|->|[{};,=[\]]/y;
const names: Readonly<Record<Dialect, RegExp>> = {
  nwdiag: /[A-Za-z_\u0080-\uD7FF\uE000-\uFFFF][A-Za-z_\-.0-9\u0080-\uD7FF\uE000-\uFFFF]*/y,
  plantuml: /(?!--|->)[-.\p{L}\p{N}_\u0080-\uD7FF\uE000-\uFFFF]+/uy,
};
const numbers = /\d+(?:\.\d+){3}|[:\da-fA-F]+|-?\.\d+/y;
const bareValue = /[^\s;,[\]{}"'=]+/y;
const bareColour = /#[\da-fA-F]{3,8}(?=[\s;,\]}]|$)/y;
const unknownRun = /[^\s{};,=[\]"'#/A-Za-z\d_\u0080-\uD7FF\uE000-\uFFFF]+|./suy;

class Lexer {
  private readonly text: string;
  private readonly dialect: Dialect;
  private readonly tokens: Token[] = [];
  private readonly comments: Comment[] = [];
  /** Marks whose end was looked for in vain: it need not be looked for again, so that all takes linear time. */
  private readonly endless = new Set<string>();
  private at = 0;

  constructor(text: string, dialect: Dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  run(): Lexed {
    while (this.at < this.text.length) {
      if (this.match(blank) || this.comment()) continue;
      if (!this.directive() && !this.value() && !this.string() && !this.word()) this.unknown();
    }
    this.push('end', this.at);
    return { tokens: this.tokens, comments: this.comments };
  }

  private comment(): boolean {
    const { text, at } = this;
    if (text.startsWith('/*', at)) return this.closedComment('/*', '*/');
    if (this.dialect === 'plantuml') {
      if (text.startsWith("/'", at)) return this.closedComment("/'", "'/");
      if (text[at] === "'" && this.isAtLineStart()) return this.lineComment(1);
    }
    if (text.startsWith('//', at)) return this.lineComment(2);
    return text[at] === '#' && !(this.isAfterEquals() && this.peek(bareColour)) && this.lineComment(1);
  }

  /** A comment without its end reaches to the end of the text. */
  private closedComment(open: string, close: string): boolean {
    const found = this.text.indexOf(close, this.at + open.length);
    const inner = found < 0 ? this.text.length : found;
    this.addComment(this.at + open.length, inner, found < 0 ? inner : found + close.length);
    return true;
  }

  private lineComment(markLength: number): boolean {
    const end = this.lineEnd();
    this.addComment(this.at + markLength, end, end);
    return true;
  }

  private addComment(innerStart: number, innerEnd: number, end: number): void {
    this.comments.push({ start: this.at, end, text: this.text.slice(innerStart, innerEnd).trim() });
    this.at = end;
  }

  private directive(): boolean {
    if (this.dialect !== 'plantuml' || !this.isAtLineStart()) return false;
    const found = this.match(lineDirective) ?? this.blockDirective();
    if (found === undefined) return false;
    this.push('directive', this.at - found.length, found.trimEnd());
    return true;
  }

  private blockDirective(): string | undefined {
    for (const { open, close } of blockDirectives) {
      if (this.endless.has(close) || this.peek(open) === undefined) continue;
      const found = this.text.indexOf(close, this.at);
      if (found < 0) this.endless.add(close);
      else return this.skipTo(found + close.length);
    }
    return undefined;
  }

  /** Behind `=`: what nwdiag would cut into pieces, and PlantUML takes as one value. */
  private value(): boolean {
    if (!this.isAfterEquals()) return false;
    const bare = this.peek(bareColour) ?? this.peek(bareValue);
    if (bare === undefined) return false;
    const isWhole = (this.peek(names.nwdiag) ?? this.peek(numbers)) === bare;
    const comment = bare.search(/\/[/*]/);
    // `a//b` is a value and a comment to nwdiag; in `http://b` the value goes on.
    if (isWhole || (comment > 0 && bare[comment - 1] !== ':')) return false;
    this.at += bare.length;
    this.push('bare', this.at - bare.length, bare);
    return true;
  }

  private string(): boolean {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return false;
    for (const mark of [quote.repeat(3), quote]) {
      const close = this.text.startsWith(mark, this.at) ? this.closing(mark) : -1;
      if (close < 0) continue;
      const value = this.text.slice(this.at + mark.length, close).replaceAll(`\\${quote}`, quote);
      const start = this.at;
      this.at = close + mark.length;
      this.push('string', start, value);
      return true;
    }
    const start = this.at;
    this.at = this.lineEnd();
    this.push('open-string', start, this.text.slice(start + 1, this.at).trimEnd());
    return true;
  }

  /** The next such mark that no backslash stands before. */
  private closing(mark: string): number {
    if (this.endless.has(mark)) return -1;
    let found = this.text.indexOf(mark, this.at + mark.length);
    while (found >= 0 && this.text[found - 1] === '\\') found = this.text.indexOf(mark, found + 1);
    if (found < 0) this.endless.add(mark);
    return found;
  }

  private word(): boolean {
    if (this.take('name', names[this.dialect]) || this.takeOperator()) return true;
    return this.dialect === 'nwdiag' && this.take('number', numbers);
  }

  private take(kind: TokenKind, pattern: RegExp): boolean {
    const found = this.match(pattern);
    if (found !== undefined) this.push(kind, this.at - found.length, found);
    return found !== undefined;
  }

  private takeOperator(): boolean {
    const found = this.match(operator);
    if (found !== undefined) this.push(found as TokenKind, this.at - found.length, found);
    return found !== undefined;
  }

  private unknown(): void {
    const found = this.match(unknownRun) ?? this.text.slice(this.at, ++this.at);
    this.push('unknown', this.at - found.length, found);
  }

  private push(kind: TokenKind, start: number, value = ''): void {
    this.tokens.push({ kind, start, end: this.at, value });
  }

  private match(pattern: RegExp): string | undefined {
    const found = this.peek(pattern);
    this.at += found?.length ?? 0;
    return found;
  }

  private peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private skipTo(end: number): string {
    const start = this.at;
    this.at = end;
    return this.text.slice(start, end);
  }

  private lineEnd(): number {
    return this.at + (this.peek(restOfLine)?.length ?? 0);
  }

  private isAfterEquals(): boolean {
    return this.tokens.at(-1)?.kind === '=';
  }

  private isAtLineStart(): boolean {
    for (let before = this.at - 1; before >= 0; before -= 1) {
      const character = this.text[before];
      if (character === '\n' || character === '\r') return true;
      if (character !== ' ' && character !== '\t' && character !== '\uFEFF') return false;
    }
    return true;
  }
}
