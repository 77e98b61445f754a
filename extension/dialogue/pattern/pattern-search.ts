import type { Instruction, Program } from './compile-pattern.ts';
import type { Assertion, CharacterSet } from './pattern-node.ts';

export interface PatternMatch {
  /** How many UTF-16 units of the text were looked at until its end. */
  readonly end: number;
  readonly start: number;
  /** Start and end of each named group. */
  readonly groups: ReadonlyMap<string, readonly [start: number, end: number]>;
}

/** One way through the program: where it is, and the places that it remembered. */
interface Thread {
  readonly at: number;
  readonly start: number;
  readonly saved: readonly number[];
}

/** What stands behind a place: a code point, the end of the text, or nobody knows yet. */
type Ahead = number | 'end' | 'unknown';

/** A find that could still grow is taken as it is after so many characters: it does not wait for ever. */
const longestGrowth = 4096;

/**
 * Looks for a pattern in a text that arrives character by character. Each character costs as much as the program is
 * long at most, whatever the pattern: there is no going back. The first place where it is found counts, and there what
 * the pattern would rather have (greedy or lazy), as in other regular expressions. As nothing depends on how the text
 * was cut, a find that could go on counts when it does not, or when nothing more comes (`quiet`).
 */
export class PatternSearch {
  private readonly program: Program;
  private threads: Thread[] = [];
  private found: PatternMatch | undefined;
  /** Where something was found first; it may have grown since. */
  private firstEnd: number | undefined;
  private position = 0;
  private before: number;

  /** `before`: the code point before the text; a line begins where there is none. */
  constructor(program: Program, before: number | undefined) {
    this.program = program;
    this.before = before ?? newline;
  }

  /** What is found for sure, once it is. */
  push(point: number): PatternMatch | undefined {
    const step = this.spread(point);
    this.found = step.found ?? this.found;
    this.firstEnd ??= this.found?.end;
    this.threads = step.takers.flatMap(thread => {
      const instruction = this.program.code[thread.at];
      const fits = instruction?.kind === 'take' && contains(instruction.set, point);
      return fits ? [{ ...thread, at: thread.at + 1 }] : [];
    });
    this.position += point > 0xffff ? 2 : 1;
    this.before = point;
    return this.decided();
  }

  /** Nothing more came for a while: what is found now counts. */
  quiet(): PatternMatch | undefined {
    return this.spread('end').found ?? this.found;
  }

  /** Whether `quiet` could find something. */
  get isHopeful(): boolean {
    return this.quiet() !== undefined;
  }

  private decided(): PatternMatch | undefined {
    const hasGrown = this.position - (this.firstEnd ?? this.position) > longestGrowth;
    if (this.found && (this.threads.length === 0 || hasGrown)) return this.found;
    if (this.threads.length === 0) return undefined;
    const step = this.spread('unknown');
    return step.isCertain ? step.found : undefined;
  }

  /** Follows all that takes no character, the preferred first. What comes behind a find is not wanted any more. */
  private spread(ahead: Ahead): {
    readonly takers: readonly Thread[];
    readonly found: PatternMatch | undefined;
    /** Nothing that is preferred can come any more. */
    readonly isCertain: boolean;
  } {
    const takers: Thread[] = [];
    const walk: Walk = { ahead, seen: new Set(), takers, isBlocked: false, found: undefined };
    for (const thread of this.threads) {
      this.follow(thread, walk);
      if (walk.found) break;
    }
    const begin = { at: 0, start: this.position, saved: [] };
    if (!walk.found && !this.found) this.follow(begin, walk);
    return { takers, found: walk.found, isCertain: walk.found !== undefined && takers.length === 0 && !walk.isBlocked };
  }

  private follow(first: Thread, walk: Walk): void {
    const open = [first];
    for (let thread = open.pop(); thread && !walk.found; thread = open.pop()) {
      if (walk.seen.has(thread.at)) continue;
      walk.seen.add(thread.at);
      const instruction = this.program.code[thread.at];
      if (instruction) open.push(...this.onwards(thread, instruction, walk));
    }
  }

  /** Where a thread goes without a character; the preferred way is last. */
  private onwards(thread: Thread, instruction: Instruction, walk: Walk): readonly Thread[] {
    switch (instruction.kind) {
      case 'take':
        walk.takers.push(thread);
        return [];
      case 'found':
        walk.found = this.match(thread);
        return [];
      case 'jump':
        return [{ ...thread, at: instruction.to }];
      case 'fork':
        return [
          { ...thread, at: instruction.second },
          { ...thread, at: instruction.first },
        ];
      case 'save':
        return [{ ...thread, at: thread.at + 1, saved: withPlace(thread.saved, instruction.slot, this.position) }];
      case 'assert': {
        const holds = this.holds(instruction.of, walk.ahead);
        walk.isBlocked ||= holds === undefined;
        return holds === true ? [{ ...thread, at: thread.at + 1 }] : [];
      }
    }
  }

  /** Undefined: that depends on what comes. */
  private holds(assertion: Assertion, ahead: Ahead): boolean | undefined {
    if (assertion === 'line start') return this.before === newline;
    if (ahead === 'unknown') return undefined;
    if (assertion === 'line end') return ahead === 'end' || ahead === newline;
    const isBorder = isWord(this.before) !== (ahead !== 'end' && isWord(ahead));
    return isBorder === (assertion === 'word border');
  }

  private match({ start, saved }: Thread): PatternMatch {
    const groups = new Map<string, readonly [number, number]>();
    this.program.groups.forEach((name, at) => {
      const [from, to] = [saved[2 * at], saved[2 * at + 1]];
      if (from !== undefined && to !== undefined) groups.set(name, [from, to]);
    });
    return { start, end: this.position, groups };
  }
}

interface Walk {
  readonly ahead: Ahead;
  readonly seen: Set<number>;
  readonly takers: Thread[];
  /** An assertion could hold that nobody can tell yet. */
  isBlocked: boolean;
  found: PatternMatch | undefined;
}

const newline = 0x0a;

function withPlace(saved: readonly number[], slot: number, place: number): readonly number[] {
  const copy = saved.slice();
  copy[slot] = place;
  return copy;
}

function contains({ ranges, isNegated, ignoresCase }: CharacterSet, point: number): boolean {
  const has = (one: number): boolean => ranges.some(([first, last]) => one >= first && one <= last);
  const others = ignoresCase ? caseVariants(point) : [];
  return (has(point) || others.some(has)) !== isNegated;
}

function caseVariants(point: number): readonly number[] {
  const character = String.fromCodePoint(point);
  return [character.toLowerCase(), character.toUpperCase()].map(one => one.codePointAt(0) ?? point);
}

const isWord = (point: number): boolean =>
  (point >= 0x30 && point <= 0x39) ||
  (point >= 0x41 && point <= 0x5a) ||
  point === 0x5f ||
  (point >= 0x61 && point <= 0x7a);
