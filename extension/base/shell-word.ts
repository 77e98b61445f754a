/**
 * One word of Bash, read as data; nothing is ever run. `text` is what the word says, undefined where only a shell can
 * tell (`$RAM`, `$(id)`, `*.img`). `end` is behind the last character; `isOpen`: a quote or bracket has no end.
 */
export interface ShellWord {
  readonly end: number;
  readonly text: string | undefined;
  readonly isOpen: boolean;
}

/** The items of `(a 'b c')`; undefined where only a shell can tell. */
export interface ShellList {
  readonly end: number;
  readonly items: readonly string[] | undefined;
  readonly isOpen: boolean;
}

/**
 * Reads the word at `start` up to a blank, line end or operator. In an assignment Bash expands no file names and braces,
 * in a list it does. A tilde counts as itself.
 */
export function readShellWord(source: string, start: number, place: 'assignment' | 'list'): ShellWord {
  const word = new WordReader(source, start);
  while (word.at < source.length && !/[\s;&|<>()]/.test(source.charAt(word.at))) word.part(place);
  return word.result();
}

/** Reads the list whose opening bracket is at `start`. */
export function readShellList(source: string, start: number): ShellList {
  const items: string[] = [];
  let isKnown = true;
  let at = start + 1;
  for (;;) {
    at = pastBlanks(source, at);
    if (at >= source.length) return { end: at, items: undefined, isOpen: true };
    if (source.charAt(at) === ')') return { end: at + 1, items: isKnown ? items : undefined, isOpen: false };
    const word = readShellWord(source, at, 'list');
    if (word.isOpen) return { end: word.end, items: undefined, isOpen: true };
    // An operator, or an item with an index of its own.
    isKnown &&= word.end > at && word.text !== undefined && !/^\[[^\]]*\]\+?=/.test(source.slice(at, word.end));
    items.push(word.text ?? '');
    at = word.end > at ? word.end : at + 1;
  }
}

/** Behind whatever begins at `start` and ends with an unquoted line end: of a statement that is not understood. */
export function statementEnd(source: string, start: number): number {
  const word = new WordReader(source, start);
  while (word.at < source.length && source.charAt(word.at) !== '\n') {
    if (source.charAt(word.at) === '#' && /\s/.test(source.charAt(word.at - 1) || ' ')) {
      word.at = lineEnd(source, word.at);
    } else if (source.charAt(word.at) === '(') {
      word.at = closingBracket(source, word.at, ')');
    } else word.part('assignment');
  }
  return word.at;
}

const lineEnd = (source: string, from: number): number => {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
};

/** Blanks, line ends, continued lines and comments. */
const pastBlanks = (source: string, from: number): number => {
  const gap = /(?:\s|\\\n|(?<=[\s(])#[^\n]*)*/y;
  gap.lastIndex = from;
  gap.test(source);
  return gap.lastIndex;
};

const controlLetters: Readonly<Record<string, string>> = {
  ...{ a: '\u0007', b: '\b', e: '\u001b', E: '\u001b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '\\': '\\', "'": "'", '"': '"', '?': '?' },
};

/** Of `$(command)`, `${NAME}` and the old `$[1 + 1]`. */
const brackets: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

class WordReader {
  at: number;
  private readonly source: string;
  private text = '';
  private isKnown = true;
  private isOpen = false;

  constructor(source: string, at: number) {
    this.source = source;
    this.at = at;
  }

  result(): ShellWord {
    return { end: this.at, text: this.isKnown && !this.isOpen ? this.text : undefined, isOpen: this.isOpen };
  }

  /** Takes one character, quotation or expansion. */
  part(place: 'assignment' | 'list'): void {
    const { source, at } = this;
    const char = source.charAt(at);
    if (char === "'") this.singleQuoted();
    else if (char === '"') this.doubleQuoted();
    else if (char === '$' || char === '`') this.dollar();
    else if (char === '\\') {
      if (at + 1 === source.length) this.isOpen = true;
      if (source.charAt(at + 1) !== '\n') this.text += source.charAt(at + 1);
      this.at = Math.min(at + 2, source.length);
    } else {
      if (place === 'list' && /[*?[{~]/.test(char)) this.isKnown = false;
      this.text += char;
      this.at += 1;
    }
  }

  private doubleQuoted(): void {
    const { source } = this;
    this.at += 1;
    while (source.charAt(this.at) !== '"') {
      if (this.at >= source.length) {
        this.isOpen = true;
        return;
      }
      const pair = /^\\(?:([$`"\\])|(\n))/.exec(source.slice(this.at, this.at + 2));
      if (pair) {
        this.text += pair[1] ?? '';
        this.at += 2;
      } else if (source.charAt(this.at) === '`' || /^\$[^'"]/.test(source.slice(this.at, this.at + 2))) this.dollar();
      else {
        this.text += source.charAt(this.at);
        this.at += 1;
      }
    }
    this.at += 1;
  }

  /** An expansion, which only a shell can carry out; `$'…'`, which says itself what it means; or a lone dollar sign. */
  private dollar(): void {
    const { source, at } = this;
    const next = source.charAt(at + 1);
    if (source.charAt(at) === '`') this.skipTo(closingBracket(source, at, '`'));
    else if (next === "'") this.controlQuoted();
    else if (brackets[next] !== undefined) this.skipTo(closingBracket(source, at + 1, brackets[next]));
    else if (next === '"' || next === '\\') {
      // A translated text; or something that a continued line may make of it.
      this.isKnown = false;
      this.at += 1;
    } else if (/[\w*@#?$!-]/.test(next)) this.skipTo(at + 2);
    else {
      this.text += '$';
      this.at += 1;
    }
  }

  private skipTo(end: number): void {
    this.isKnown = false;
    if (end > this.source.length) this.isOpen = true;
    this.at = Math.min(end, this.source.length);
  }

  /** `$'two\nlines'` */
  private controlQuoted(): void {
    const whole = /\$'((?:[^\\']|\\[^])*)'/y;
    whole.lastIndex = this.at;
    const found = whole.exec(this.source);
    if (!found) {
      this.skipTo(this.source.length + 1);
      return;
    }
    this.at = whole.lastIndex;
    this.text += (found[1] ?? '').replace(
      /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|([^]))/g,
      (_, ...groups: readonly (string | undefined)[]) => this.escaped(groups),
    );
  }

  private escaped([byte, short, long, octal, letter]: readonly (string | undefined)[]): string {
    const code = octal === undefined ? Number.parseInt(byte ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
    const known = letter === undefined ? characterOf(code, byte !== undefined || octal !== undefined) : undefined;
    const text = known ?? (letter === undefined ? undefined : controlLetters[letter]);
    if (text === undefined) this.isKnown = false;
    return text ?? '';
  }

  private singleQuoted(): void {
    const end = this.source.indexOf("'", this.at + 1);
    if (end >= 0) this.text += this.source.slice(this.at + 1, end);
    else this.isOpen = true;
    this.at = end < 0 ? this.source.length : end + 1;
  }
}

/** A byte above 127 is part of a character that only bytes can tell; NUL ends a word. */
function characterOf(code: number, isByte: boolean): string | undefined {
  if (Number.isNaN(code) || code === 0 || code > 0x10ffff || (isByte && code > 0x7f)) return undefined;
  return code >= 0xd800 && code <= 0xdfff ? undefined : String.fromCodePoint(code);
}

/** Behind the bracket (or backtick) that closes the one at `start`; behind the whole text, if there is none. */
function closingBracket(source: string, start: number, mark: string): number {
  const open = source.charAt(start);
  let depth = 0;
  for (let at = start; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === '\\') at += 1;
    else if (char === "'" && mark !== '`') at = indexOrEnd(source, "'", at + 1);
    else if (char === '"' && mark !== '`') at = quoteEnd(source, at);
    else if (char === mark && (mark !== '`' || at > start)) depth -= 1;
    else if (char === open) depth += 1;
    if (depth === 0) return at + 1;
  }
  return source.length + 1;
}

function quoteEnd(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source.charAt(at) !== '"') at += source.charAt(at) === '\\' ? 2 : 1;
  return at;
}

const indexOrEnd = (source: string, mark: string, from: number): number => {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found;
};
