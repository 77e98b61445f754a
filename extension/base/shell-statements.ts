import { readShellList, readShellWord } from './shell-word.ts';

/** `NAME=value` before a command, or alone. */
export interface ShellAssignment {
  readonly name: string;
  /** `NAME+=…` */
  readonly isAppended: boolean;
  /** `NAME[1]=…` */
  readonly isItem: boolean;
  /** Source text behind the equals sign: a word, or a list in brackets. */
  readonly value: string;
  readonly isList: boolean;
}

/** One simple command of a shell script, as source text; nothing is run or expanded. */
export interface ShellStatement {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly assignments: readonly ShellAssignment[];
  /** The command and its arguments, word by word as they are written, quotes and all; empty: assignments only. */
  readonly words: readonly string[];
  /** Whether it depends on something that only a shell knows: it stands in an if, a loop, a function, a pipe, behind &&. */
  readonly isConditional: boolean;
  /** A quote or bracket has no end. */
  readonly isOpen: boolean;
}

/** Reads a shell script as data: whatever it says, nothing happens. Line ends as in Unix. Takes any text, never throws. */
export const readShellStatements = (source: string): readonly ShellStatement[] => new ScriptReader(source).read();

/** Words that begin or end something in which commands may never run, or run often. */
const openers = new Set(['if', 'while', 'until', 'for', 'case', 'select', '{']);
const closers = new Set(['fi', 'done', 'esac', '}']);
/** Words in front of a command that is still to come. */
const between = new Set(['then', 'else', 'elif', 'do', '!', 'time']);

interface HereDocument {
  readonly end: string;
  readonly mayBeIndented: boolean;
}

class ScriptReader {
  private readonly source: string;
  private readonly statements: ShellStatement[] = [];
  private at = 0;
  private line = 1;
  /** Offset up to which lines are counted. */
  private counted = 0;
  private depth = 0;
  private brackets = 0;
  private isChained = false;
  private waiting: HereDocument[] = [];
  private assignments: ShellAssignment[] = [];
  private words: string[] = [];
  private startLine = 1;
  private isOpen = false;

  constructor(source: string) {
    this.source = source;
  }

  read(): readonly ShellStatement[] {
    while (this.at < this.source.length) this.step();
    this.finish(false);
    return this.statements;
  }

  private step(): void {
    const { source, at } = this;
    const char = source.charAt(at);
    if (source.startsWith('\\\n', at)) this.at += 2;
    else if (char === '\n') this.endLine();
    else if (/\s/.test(char)) this.at += 1;
    else if (char === '#') this.at = indexOrEnd(source, '\n', at);
    else if (char === '<' || char === '>') this.redirect();
    else if (/[;&|()]/.test(char)) this.operator();
    else this.word();
  }

  private operator(): void {
    const [text] = /^(?:&&|\|\||;;&?|;&|\|&|[;&|()])/.exec(this.source.slice(this.at, this.at + 3)) ?? [''];
    this.at += text.length;
    // A pipe runs both of its sides in shells of their own.
    this.finish(text.startsWith('|') && text !== '||');
    this.isChained = /^(&&|\|)/.test(text);
    if (text === '(') this.brackets += 1;
    if (text === ')') this.brackets = Math.max(0, this.brackets - 1);
  }

  private endLine(): void {
    this.finish(false);
    this.at += 1;
    for (const { end, mayBeIndented } of this.waiting.splice(0)) this.skipDocument(end, mayBeIndented);
  }

  private skipDocument(end: string, mayBeIndented: boolean): void {
    while (this.at < this.source.length) {
      const next = indexOrEnd(this.source, '\n', this.at);
      const line = this.source.slice(this.at, next);
      this.at = next + 1;
      if ((mayBeIndented ? line.replace(/^\t+/, '') : line) === end) return;
    }
  }

  private redirect(): void {
    const [sign = ''] = /^(?:<<<|<<-?|[<>][&|>(]?)/.exec(this.source.slice(this.at, this.at + 3)) ?? [];
    const from = this.at + sign.length + (/^[ \t]*/.exec(this.source.slice(this.at + sign.length))?.[0].length ?? 0);
    const target = readShellWord(this.source, from, 'list');
    // The number of a descriptor belongs to the redirection: 2>&1.
    if (/^\d$/.test(this.words.at(-1) ?? '') && /\d/.test(this.source.charAt(this.at - 1))) this.words.pop();
    this.at = Math.max(target.end, from);
    if (sign === '<<' || sign === '<<-') this.waiting.push({ end: target.text ?? '', mayBeIndented: sign === '<<-' });
  }

  private word(): void {
    if (this.words.length === 0 && this.assignments.length === 0) this.startLine = this.lineAt(this.at);
    if (this.words.length === 0 && this.assign()) return;
    const word = readShellWord(this.source, this.at, 'list');
    const text = this.source.slice(this.at, word.end);
    this.at = Math.max(word.end, this.at + 1);
    this.isOpen ||= word.isOpen;
    if (text === '{' && this.words[0] === 'function') this.open(text);
    else if (this.words.length > 0 || this.assignments.length > 0) this.words.push(text);
    else if (openers.has(text)) this.open(text);
    else if (closers.has(text)) this.depth = Math.max(0, this.depth - 1);
    else if (!between.has(text)) this.words.push(text);
  }

  /** What a loop counts over and what a case looks at is no command. */
  private open(text: string): void {
    this.depth += 1;
    if (text === 'for' || text === 'case' || text === 'select') this.words.push(text);
  }

  private assign(): boolean {
    const head = /([A-Za-z_]\w*)(\[[^\]\s]*\])?(\+?)=/y;
    head.lastIndex = this.at;
    const [text, name, index, plus] = head.exec(this.source) ?? [];
    if (text === undefined || name === undefined) return false;
    const from = this.at + text.length;
    const isList = this.source.charAt(from) === '(';
    const read = isList ? readShellList(this.source, from) : readShellWord(this.source, from, 'assignment');
    const value = this.source.slice(from, read.end);
    this.assignments.push({ name, isAppended: plus === '+', isItem: index !== undefined, value, isList });
    this.isOpen ||= read.isOpen;
    this.at = read.end;
    return true;
  }

  private finish(isPiped: boolean): void {
    const { assignments, words, isOpen, startLine: line } = this;
    const isConditional = this.depth > 0 || this.brackets > 0 || this.isChained || isPiped;
    if (assignments.length === 0 && words.length === 0) return;
    this.statements.push({ line, assignments, words, isConditional, isOpen });
    [this.assignments, this.words, this.isOpen, this.isChained] = [[], [], false, false];
  }

  private lineAt(offset: number): number {
    for (
      let at = this.source.indexOf('\n', this.counted);
      at >= 0 && at < offset;
      at = this.source.indexOf('\n', at + 1)
    ) {
      this.line += 1;
      this.counted = at + 1;
    }
    return this.line;
  }
}

function indexOrEnd(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found;
}
