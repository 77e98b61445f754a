import { didYouMean, NearestName, shown } from '../../lab/names.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { lex } from './lexer.ts';
import type { DiagReport } from './problem.ts';
import type { BlockStatement, DiagSyntax, Option, Statement, Word } from './syntax.ts';
import type { Dialect } from './token.ts';
import { TokenReader } from './token-reader.ts';

/** What a statement stands in. */
type Place = 'diagram' | BlockStatement['kind'];

/** In each place, which blocks may stand in it. */
const blocksIn: Readonly<Record<Place, readonly BlockStatement['kind'][]>> = {
  diagram: ['network', 'group', 'route'],
  network: ['group'],
  group: [],
  route: ['group'],
};

const blockKinds = ['network', 'group', 'route'] as const;
const wrappers = ['nwdiag', 'diagram'];

/** Reads statements as far as there are any. Never throws; what cannot be read is reported and left out. */
export function parseDiag(text: string, report: DiagReport): DiagSyntax {
  const dialect: Dialect = /^[ \t\uFEFF]*@start(?:uml|nwdiag)\b/m.test(text) ? 'plantuml' : 'nwdiag';
  const { tokens, comments } = lex(text, dialect);
  const statements = new Parser(new TokenReader(tokens, report), report, dialect).diagram();
  return { text, dialect, statements, tokens, comments };
}

class Parser {
  private readonly tokens: TokenReader;
  private readonly report: DiagReport;
  private readonly dialect: Dialect;
  private readonly nearest = new NearestName();
  /** Blocks whose end was assumed, so that as many braces may be left over. */
  private assumedEnds = 0;

  constructor(tokens: TokenReader, report: DiagReport, dialect: Dialect) {
    this.tokens = tokens;
    this.report = report;
    this.dialect = dialect;
  }

  diagram(): readonly Statement[] {
    const { tokens } = this;
    const statements: Statement[] = [];
    this.directives(statements);
    const { start, end } = tokens.peek();
    const isWrapped = this.wrapper();
    for (const statement of this.body('diagram', isWrapped)) statements.push(statement);
    if (isWrapped && !tokens.take('}'))
      this.report('unclosed', { start, end }, 'The braces of the diagram are never closed. Put a "}" at its end.');
    while (tokens.peek().kind !== 'end') this.afterEnd(statements);
    tokens.reportUnused();
    return statements;
  }

  private directives(into: Statement[]): void {
    for (let token = this.tokens.peek(); token.kind === 'directive'; token = this.tokens.peek()) {
      this.tokens.next();
      into.push({ kind: 'directive', text: token.value, span: { start: token.start, end: token.end } });
    }
  }

  /** `nwdiag name {`. Whether there is one, and so a brace at the end. */
  private wrapper(): boolean {
    const { tokens } = this;
    if (tokens.take('{')) return true;
    const length = tokens.peek(1).kind === '{' ? 1 : tokens.isWord(1) && tokens.peek(2).kind === '{' ? 2 : 0;
    const { value, start, end } = tokens.peek();
    const isOther = length > 0 && !blockKinds.some(kind => kind === value);
    if (!isOther || !tokens.isWord()) {
      const message = 'nwdiag wants the whole diagram in braces. Put "nwdiag {" before it and "}" behind it.';
      if (this.dialect === 'nwdiag' && tokens.peek().kind !== 'end') this.report('no-braces', { start, end }, message);
      return false;
    }
    if (!wrappers.includes(value)) {
      const message = `A network diagram begins with "nwdiag {"; this one begins with "${shown(value)}".`;
      this.report('syntax', { start, end }, message);
    }
    for (let skipped = 0; skipped <= length; skipped += 1) tokens.next();
    return true;
  }

  private afterEnd(into: Statement[]): void {
    if (this.tokens.peek().kind === 'directive') this.directives(into);
    else this.tokens.giveUp('The diagram has ended before this. Is there one "}" too many?');
  }

  private body(place: Place, isClosedByBrace: boolean): readonly Statement[] {
    const { tokens } = this;
    const statements: Statement[] = [];
    for (let token = tokens.peek(); token.kind !== 'end'; token = tokens.peek()) {
      if (token.kind === '}' && isClosedByBrace) {
        if (place !== 'diagram' || !this.isForgiven()) break;
        tokens.next();
      } else if (token.kind === 'directive') this.directives(statements);
      else if (this.isMisplacedBlock(place)) break;
      else if (!tokens.take(';')) statements.push(...this.statement(place));
    }
    tokens.reportUnused();
    return statements;
  }

  /** A brace too many that belongs to a block whose end was assumed earlier. */
  private isForgiven(): boolean {
    const { kind } = this.tokens.peek(1);
    if (this.assumedEnds === 0 || kind === 'end' || kind === 'directive') return false;
    this.assumedEnds -= 1;
    return true;
  }

  private statement(place: Place): readonly Statement[] {
    const { tokens } = this;
    if (this.blockLength() > 0) return [this.block(this.blockKind(place))];
    const { start } = tokens.peek();
    if (place === 'diagram' && this.isExtension()) return [this.extension()];
    const id = tokens.takeWord();
    if (!id) {
      tokens.giveUp(unexpected(tokens.peek().value || tokens.peek().kind));
      return [];
    }
    const { kind } = tokens.peek();
    if (kind === '=') return this.attribute(id);
    if (kind === '--' || kind === '->') return this.chain(id, kind, place);
    this.checkSplit(id);
    return [{ kind: 'node', id, options: this.options(), span: tokens.spanFrom(start) }];
  }

  /** nwdiag ends a number where its digits end: `01web` are two nodes. */
  private checkSplit(id: Word): void {
    const { value, start, end } = this.tokens.peek();
    if (id.kind !== 'number' || start !== id.span.end || !this.tokens.isWord()) return;
    const message = `nwdiag reads two nodes here, ${id.value} and ${shown(value)}. Put the name into double quotes.`;
    this.report('split-name', { start: id.span.start, end }, message, 'warning');
  }

  /** How many words stand before the brace, if a block begins here: `network {` or `network lan {`. */
  private blockLength(): number {
    const { tokens } = this;
    if (tokens.peek().kind !== 'name') return 0;
    if (tokens.peek(1).kind === '{') return 1;
    return tokens.isWord(1) && tokens.peek(2).kind === '{' ? 2 : 0;
  }

  /** A block that cannot stand here ends what is open: mostly it is a brace that has not been typed yet. */
  private isMisplacedBlock(place: Place): boolean {
    const { value, start, end } = this.tokens.peek();
    const kind = blockKinds.find(one => one === value);
    if (this.blockLength() === 0 || place === 'diagram' || (kind ? blocksIn[place].includes(kind) : place !== 'group'))
      return false;
    const what = kind ? `A ${kind}` : `A block such as "${shown(value)} {"`;
    const message = `${what} cannot stand in a ${place}. Is a "}" missing before it? Else move it out of the ${place}.`;
    this.report('nesting', { start, end }, message);
    return true;
  }

  private blockKind(place: Place): BlockStatement['kind'] {
    const { value, start, end } = this.tokens.peek();
    const kind = blockKinds.find(one => one === value);
    if (kind) return kind;
    const hint = didYouMean(this.nearest.find(value, blockKinds));
    this.report('unknown-block', { start, end }, `There is no block "${shown(value)}".${hint} Use network or group.`);
    return place === 'diagram' ? 'network' : 'group';
  }

  private block(kind: BlockStatement['kind']): BlockStatement {
    const { tokens } = this;
    const { start } = tokens.next();
    const id = tokens.takeWord();
    const headSpan = tokens.spanFrom(start);
    tokens.next();
    const body = this.body(kind, true);
    if (!tokens.take('}')) {
      const isAssumed = tokens.peek().kind !== 'end';
      if (isAssumed) this.assumedEnds += 1;
      const name = id ? `${kind} ${shown(id.value)}` : kind;
      const message = `The braces of this ${name} are never closed. Put a "}" at its end.`;
      if (!isAssumed) this.report('unclosed', headSpan, message);
    }
    return { kind, id, body, headSpan, span: tokens.spanFrom(start) };
  }

  /** `class hot [color = red]`; `class` alone is a node of that name. */
  private isExtension(): boolean {
    const { tokens } = this;
    return (tokens.isKeyword('class') || tokens.isKeyword('plugin')) && tokens.isWord(1);
  }

  private extension(): Statement {
    const { tokens } = this;
    const { start, value } = tokens.next();
    const id = tokens.takeWord() ?? { value: '', kind: 'name', span: tokens.spanFrom(start) };
    const kind = value === 'class' ? 'class' : 'plugin';
    return { kind, id, options: this.options(), span: tokens.spanFrom(start) };
  }

  private attribute(name: Word): readonly Statement[] {
    const { tokens } = this;
    tokens.next();
    const value = tokens.takeWord();
    const span = tokens.spanFrom(name.span.start);
    if (value) return [{ kind: 'attribute', name, value, span: tokens.spanFrom(name.span.start) }];
    this.report('syntax', span, `${shown(name.value)} has no value. Write one behind the "=".`);
    return [];
  }

  /** `a -- b -- c` and `a -> b`, with options behind. */
  private chain(first: Word, sign: '--' | '->', place: Place): readonly Statement[] {
    const { tokens } = this;
    const ids = [first];
    while (tokens.peek().kind === '--' || tokens.peek().kind === '->') {
      const { start, end, kind } = tokens.next();
      if (kind !== sign) this.report('syntax', { start, end }, 'One chain has either "--" or "->", not both.');
      const id = tokens.takeWord();
      if (id) ids.push(id);
      else this.report('syntax', { start, end }, `An id is missing behind "${kind}".`);
    }
    const options = this.options();
    const span = tokens.spanFrom(first.span.start);
    this.checkChain(sign, place, span);
    if (ids.length < 2) return [{ kind: 'node', id: first, options, span }];
    return [{ kind: sign === '--' ? 'peer' : 'arrow', ids, options, span }];
  }

  private checkChain(sign: '--' | '->', place: Place, span: TextSpan): void {
    const { report } = this;
    if (sign === '->' && place !== 'route') {
      report('nesting', span, 'An arrow stands in a route only: "route { a -> b }". For a connection write "a -- b".');
    } else if (sign === '--' && place === 'route') {
      report('nesting', span, 'A route has arrows: write "->" instead of "--".');
    } else if (sign === '--' && place !== 'diagram' && this.dialect === 'nwdiag') {
      const message = `nwdiag takes "--" outside of blocks only; PlantUML does not mind. Move it out of the ${place}.`;
      report('not-nwdiag', span, message, 'warning');
    }
  }

  private options(): readonly Option[] {
    const { tokens } = this;
    const { start, end } = tokens.peek();
    const options: Option[] = [];
    if (!tokens.take('[')) return options;
    while (tokens.isWord() || tokens.peek().kind === ',') {
      const name = tokens.takeWord();
      if (name) options.push({ name, value: this.optionValue(name) });
      this.optionEnd(name !== undefined);
    }
    if (!tokens.take(']')) this.report('unclosed', { start, end }, 'This "[" is never closed. Put a "]" at its end.');
    return options;
  }

  private optionValue(name: Word): Word | undefined {
    if (!this.tokens.take('=')) return undefined;
    const value = this.tokens.takeWord();
    if (!value) this.report('syntax', name.span, `${shown(name.value)} has no value. Write one behind the "=".`);
    return value;
  }

  /** A comma lies between two options and nowhere else; PlantUML does not mind. */
  private optionEnd(isAfterOption: boolean): void {
    const { tokens } = this;
    const { kind, start, end } = tokens.peek();
    if (kind === ',') {
      tokens.next();
      const isGood = isAfterOption && tokens.isWord();
      const message = 'nwdiag rejects a comma without an attribute on both sides. Leave it out.';
      if (!isGood && this.dialect === 'nwdiag') this.report('not-nwdiag', { start, end }, message, 'warning');
    } else if (isAfterOption && tokens.isWord()) {
      const message = 'nwdiag rejects attributes without a comma between them. Put one before this.';
      if (this.dialect === 'nwdiag') this.report('not-nwdiag', { start, end }, message, 'warning');
    }
  }
}

function unexpected(sign: string): string {
  if (sign === ',') return 'nwdiag knows no lists of nodes. Write one node a line, without a comma.';
  if (sign === '{') return 'This brace belongs to nothing. Write "network NAME {" or "group NAME {".';
  if (sign === '}') return 'There is no open brace that this one could close. Leave it out.';
  const hint = 'Put names with blanks or signs into double quotes.';
  return `"${shown(sign)}" means nothing here. ${hint}`;
}
