import type { TextSpan } from '../../lab/text-span.ts';
import type { DiagReport } from './problem.ts';
import type { Word } from './syntax.ts';
import type { Token, TokenKind } from './token.ts';

/** Walks over tokens. Past the last one it stays at the end. */
export class TokenReader {
  private readonly tokens: readonly Token[];
  private readonly report: DiagReport;
  /** The run of tokens that could not be used, which becomes one problem. */
  private unused: { start: number; end: number; message: string } | undefined;
  private index = 0;

  constructor(tokens: readonly Token[], report: DiagReport) {
    this.tokens = tokens;
    this.report = report;
  }

  peek(ahead = 0): Token {
    return this.tokens[this.index + ahead] ?? this.tokens.at(-1) ?? { kind: 'end', start: 0, end: 0, value: '' };
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.index += 1;
    return token;
  }

  take(kind: TokenKind): boolean {
    if (this.peek().kind !== kind) return false;
    this.next();
    return true;
  }

  /** Whether the token is an id or a value: nwdiag keeps no words for itself. */
  isWord(ahead = 0): boolean {
    const { kind } = this.peek(ahead);
    return kind === 'name' || kind === 'number' || kind === 'string' || kind === 'bare' || kind === 'open-string';
  }

  isKeyword(word: string, ahead = 0): boolean {
    const { kind, value } = this.peek(ahead);
    return kind === 'name' && value === word;
  }

  takeWord(): Word | undefined {
    if (!this.isWord()) return undefined;
    const { kind, value, start, end } = this.next();
    const span = { start, end };
    if (kind === 'open-string') this.report('unclosed', span, 'This quote is never closed. Put a " at its end.');
    const isString = kind === 'string' || kind === 'open-string';
    return { value, span, kind: isString ? 'string' : kind === 'number' || kind === 'bare' ? kind : 'name' };
  }

  /** Gives up on one token. Neighbours that nobody can use either join its problem. */
  giveUp(message: string): void {
    const { start, end } = this.next();
    const isNext = this.unused && this.previousEnd(start) <= this.unused.end;
    if (this.unused && isNext) this.unused.end = end;
    else {
      this.reportUnused();
      this.unused = { start, end, message };
    }
  }

  /** Where the last token that was taken ends. */
  lastEnd(): number {
    return this.tokens[this.index - 1]?.end ?? 0;
  }

  spanFrom(start: number): TextSpan {
    return { start, end: Math.max(start, this.lastEnd()) };
  }

  reportUnused(): void {
    if (this.unused) this.report('syntax', this.unused, this.unused.message);
    this.unused = undefined;
  }

  private previousEnd(start: number): number {
    const before = this.tokens[this.index - 2];
    return before && before.end <= start ? before.end : 0;
  }
}
