import { literally, type Assertion, type CharacterSet, type PatternNode } from './pattern-node.ts';

/** A pattern as a program of a machine that is in many states at once, as in Thompson's construction. */
export interface Program {
  readonly code: readonly Instruction[];
  /** Names of groups; group n has its places in 2n and 2n+1. */
  readonly groups: readonly string[];
}

export type Instruction =
  | { readonly kind: 'take'; readonly set: CharacterSet }
  /** Both; the first is the one that is wanted rather. */
  | { readonly kind: 'fork'; readonly first: number; readonly second: number }
  | { readonly kind: 'jump'; readonly to: number }
  /** Remembers the place. */
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'assert'; readonly of: Assertion }
  | { readonly kind: 'found' };

/** A value of a variable stands for itself, and only so much of it is waited for. */
const longestValue = 1000;

/** Writes a pattern out; a variable without a value is waited for as an empty text. */
export function compilePattern(node: PatternNode, values: ReadonlyMap<string, string>): Program {
  const code: Instruction[] = [];
  const groups: string[] = [];
  new Compiler(code, groups, values).write(node);
  code.push({ kind: 'found' });
  return { code, groups };
}

class Compiler {
  private readonly code: Instruction[];
  private readonly groups: string[];
  private readonly values: ReadonlyMap<string, string>;

  constructor(code: Instruction[], groups: string[], values: ReadonlyMap<string, string>) {
    this.code = code;
    this.groups = groups;
    this.values = values;
  }

  write(node: PatternNode): void {
    switch (node.kind) {
      case 'set':
        this.code.push({ kind: 'take', set: node.set });
        break;
      case 'variable':
        literally((this.values.get(node.name) ?? '').slice(0, longestValue)).forEach(one => this.write(one));
        break;
      case 'sequence':
        node.parts.forEach(part => this.write(part));
        break;
      case 'either':
        this.either(node.choices);
        break;
      case 'group':
        this.group(node.name, node.inner);
        break;
      case 'repeat':
        this.repeat(node);
        break;
      case 'assertion':
        this.code.push({ kind: 'assert', of: node.of });
        break;
    }
  }

  private either(choices: readonly PatternNode[]): void {
    const ends: number[] = [];
    choices.forEach((choice, at) => {
      const isLast = at === choices.length - 1;
      const fork = isLast ? undefined : this.reserve();
      this.write(choice);
      if (fork === undefined) return;
      ends.push(this.reserve());
      this.code[fork] = { kind: 'fork', first: fork + 1, second: this.code.length };
    });
    for (const end of ends) this.code[end] = { kind: 'jump', to: this.code.length };
  }

  /** A group that is written several times, as it is repeated, is one group. */
  private group(name: string | undefined, inner: PatternNode): void {
    if (name === undefined) {
      this.write(inner);
      return;
    }
    if (!this.groups.includes(name)) this.groups.push(name);
    const slot = 2 * this.groups.indexOf(name);
    this.code.push({ kind: 'save', slot });
    this.write(inner);
    this.code.push({ kind: 'save', slot: slot + 1 });
  }

  private repeat({ inner, least, most, isLazy }: PatternNode & { readonly kind: 'repeat' }): void {
    for (let time = 0; time < least; time += 1) this.write(inner);
    if (most === Infinity) {
      const fork = this.reserve();
      this.write(inner);
      this.code.push({ kind: 'jump', to: fork });
      this.fork(fork, isLazy);
      return;
    }
    const forks: number[] = [];
    for (let time = least; time < most; time += 1) {
      forks.push(this.reserve());
      this.write(inner);
    }
    for (const fork of forks) this.fork(fork, isLazy);
  }

  /** Goes on behind itself or at what is written next. */
  private fork(at: number, isLazy: boolean): void {
    const [inside, past] = [at + 1, this.code.length];
    this.code[at] = { kind: 'fork', first: isLazy ? past : inside, second: isLazy ? inside : past };
  }

  private reserve(): number {
    return this.code.push({ kind: 'found' }) - 1;
  }
}
