import { oneCharacter, type Assertion, type CharacterSet, type PatternNode } from './pattern-node.ts';

/** What is wrong with a regular expression, as a sentence. */
export class ExpressionError extends Error {}

type Ranges = CharacterSet['ranges'];

const digit: Ranges = [[0x30, 0x39]];
const word: Ranges = [...digit, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const space: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x2028, 0x2029],
];
const classes: Readonly<Record<string, Ranges>> = { d: digit, w: word, s: space };
const controls: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, e: 0x1b };
const lineEnd: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
];

/** A count over this would only make the expression slow. */
const mostTimes = 1000;
const deepestGroup = 50;

/** Reads a regular expression (without its slashes). Throws an ExpressionError. */
export function parseExpression(source: string, ignoresCase: boolean): PatternNode {
  return new ExpressionParser(source, ignoresCase).parse();
}

class ExpressionParser {
  private readonly points: readonly string[];
  private readonly ignoresCase: boolean;
  private readonly names = new Set<string>();
  private at = 0;
  private depth = 0;

  constructor(source: string, ignoresCase: boolean) {
    this.points = Array.from(source);
    this.ignoresCase = ignoresCase;
  }

  parse(): PatternNode {
    const whole = this.either();
    if (this.at < this.points.length)
      throw new ExpressionError('It has a ) without its (. Write \\) for the character.');
    return whole;
  }

  private either(): PatternNode {
    const choices = [this.sequence()];
    while (this.take('|')) choices.push(this.sequence());
    return choices.length === 1 && choices[0] ? choices[0] : { kind: 'either', choices };
  }

  private sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.at < this.points.length && this.next !== '|' && this.next !== ')') parts.push(this.repeated());
    return { kind: 'sequence', parts };
  }

  private repeated(): PatternNode {
    const inner = this.atom();
    const times = this.times();
    if (!times) return inner;
    if (inner.kind === 'assertion') throw new ExpressionError('^, $ and \\b cannot be repeated.');
    const isLazy = this.take('?');
    if (this.times())
      throw new ExpressionError('It repeats what is repeated already. Put the inner one into brackets.');
    return { kind: 'repeat', inner, ...times, isLazy };
  }

  private times(): { readonly least: number; readonly most: number } | undefined {
    if (this.take('*')) return { least: 0, most: Infinity };
    if (this.take('+')) return { least: 1, most: Infinity };
    if (this.take('?')) return { least: 0, most: 1 };
    const [whole, low = '', comma, high] = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(this.rest(16)) ?? [];
    if (whole === undefined) return undefined;
    this.at += whole.length;
    const least = Number(low);
    const most = comma === undefined ? least : high === '' ? Infinity : Number(high);
    if (most < least) throw new ExpressionError(`${whole} counts backwards.`);
    if (Math.max(least, most === Infinity ? 0 : most) > mostTimes)
      throw new ExpressionError(`${whole} counts over ${mostTimes}.`);
    return { least, most };
  }

  private atom(): PatternNode {
    const character = this.read();
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.set(this.classRanges());
      case '.':
        return this.set({ ranges: lineEnd, isNegated: true });
      case '^':
        return assertion('line start');
      case '$':
        return this.dollar();
      case '\\':
        return this.escaped();
      case '*':
      case '+':
      case '?':
        throw new ExpressionError(
          `There is nothing in front of ${character} to repeat. Write \\${character} for the character.`,
        );
      default:
        return this.character(character);
    }
  }

  /** `${name}` is a variable; a `$` alone is the end of the line. */
  private dollar(): PatternNode {
    const [whole, name] = /^\{([A-Za-z_][\w-]*)\}/.exec(this.rest(80)) ?? [];
    if (whole === undefined || name === undefined) return assertion('line end');
    this.at += whole.length;
    return { kind: 'variable', name };
  }

  private group(): PatternNode {
    const name = this.groupName();
    this.depth += 1;
    if (this.depth > deepestGroup) throw new ExpressionError('Its brackets are nested too deeply.');
    const inner = this.either();
    this.depth -= 1;
    if (!this.take(')')) throw new ExpressionError('A ( is not closed. Write \\( for the character.');
    return { kind: 'group', name, inner };
  }

  private groupName(): string | undefined {
    if (!this.take('?')) return undefined;
    if (this.take(':')) return undefined;
    const [whole, name] = /^<([A-Za-z_]\w*)>/.exec(this.rest(80)) ?? [];
    if (whole === undefined || name === undefined)
      throw new ExpressionError('Of brackets with (? there are (?:…) and (?<name>…) only.');
    if (this.names.has(name)) throw new ExpressionError(`It has two groups ${name}.`);
    this.names.add(name);
    this.at += whole.length;
    return name;
  }

  private escaped(): PatternNode {
    const letter = this.read();
    if (letter === 'b') return assertion('word border');
    if (letter === 'B') return assertion('no word border');
    const known = classes[letter.toLowerCase()];
    if (known) return this.set({ ranges: known, isNegated: letter !== letter.toLowerCase() });
    return this.character(String.fromCodePoint(this.escapedPoint(letter)));
  }

  private escapedPoint(letter: string): number {
    const control = controls[letter];
    if (control !== undefined) return control;
    const length = { x: 2, u: 4 }[letter];
    if (length !== undefined) {
      const [digits] = /^[\da-f]+/i.exec(this.rest(length)) ?? [''];
      if (digits.length < length) throw new ExpressionError(`\\${letter} takes ${length} hexadecimal digits.`);
      this.at += length;
      return Number.parseInt(digits, 16);
    }
    if (letter === '0') return 0;
    if (/[a-z\d]/i.test(letter)) throw new ExpressionError(`\\${letter} is not known here.`);
    return letter.codePointAt(0) ?? 0;
  }

  private classRanges(): Omit<CharacterSet, 'ignoresCase'> {
    const isNegated = this.take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.take(']')) {
      const first = this.classItem(ranges);
      if (first === undefined || this.next !== '-' || this.points[this.at + 1] === ']') {
        if (first !== undefined) ranges.push([first, first]);
        continue;
      }
      this.at += 1;
      const last = this.classItem(ranges) ?? -1;
      if (last < first) throw new ExpressionError('A range of […] goes backwards, or has \\d, \\w or \\s in it.');
      ranges.push([first, last]);
    }
    return { ranges, isNegated };
  }

  /** A code point; undefined: a class such as \d, which was added. */
  private classItem(ranges: (readonly [number, number])[]): number | undefined {
    if (this.at >= this.points.length) throw new ExpressionError('A [ is not closed. Write \\[ for the character.');
    const character = this.read();
    if (character !== '\\') return character.codePointAt(0) ?? 0;
    const letter = this.read();
    const known = classes[letter.toLowerCase()];
    if (known) ranges.push(...(letter === letter.toLowerCase() ? known : complement(known)));
    else return letter === 'b' ? 0x08 : this.escapedPoint(letter);
    return undefined;
  }

  private set(set: Omit<CharacterSet, 'ignoresCase'>): PatternNode {
    return { kind: 'set', set: { ...set, ignoresCase: this.ignoresCase } };
  }

  private character(character: string): PatternNode {
    return oneCharacter(character.codePointAt(0) ?? 0, this.ignoresCase);
  }

  private get next(): string | undefined {
    return this.points[this.at];
  }

  private rest(length: number): string {
    return this.points.slice(this.at, this.at + length).join('');
  }

  private read(): string {
    const character = this.points[this.at];
    if (character === undefined) throw new ExpressionError('It ends with a \\. Write \\\\ for the character.');
    this.at += 1;
    return character;
  }

  private take(character: string): boolean {
    const isThere = this.next === character;
    if (isThere) this.at += 1;
    return isThere;
  }
}

const assertion = (of: Assertion): PatternNode => ({ kind: 'assertion', of });

/** `ranges` are in order and apart. */
function complement(ranges: Ranges): Ranges {
  const others: (readonly [number, number])[] = [];
  let from = 0;
  for (const [first, last] of ranges) {
    if (first > from) others.push([from, first - 1]);
    from = last + 1;
  }
  return [...others, [from, 0x10ffff]];
}
