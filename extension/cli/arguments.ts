/** An option of a command: `--json`, or with a value `--out DIR`. */
export interface OptionShape {
  readonly name: string;
  /** One letter that means the same: `-w FILE`. */
  readonly letter?: string;
  /** What the help calls the value; undefined: the option has none. */
  readonly value?: string;
  readonly summary: string;
  /** It may be given several times; see `repeated`. */
  readonly isRepeated?: boolean;
}

/** No argument of a program can have it. */
const between = '\0';

/** All values of an option that may be given several times. */
export const repeated = ({ options }: Pick<Arguments, 'options'>, name: string): readonly string[] =>
  options.get(name)?.split(between) ?? [];

export interface Arguments {
  readonly operands: readonly string[];
  /** By name; `''` for an option without a value. */
  readonly options: ReadonlyMap<string, string>;
}

/** The command line makes no sense: exit code 2, and a hint where the help is. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Options may stand anywhere; after `--` all words are operands, and so is `-20` (a VLAN). Throws a UsageError. */
export function readArguments(words: readonly string[], shapes: readonly OptionShape[]): Arguments {
  const operands: string[] = [];
  const options = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') operands.push(...rest.splice(0));
    else if (/^([^-]|$|-$|-\d)/.test(word)) operands.push(word);
    else {
      const [name, value] = readOption(word, rest, shapes);
      const before = shapes.some(one => one.name === name && one.isRepeated) ? options.get(name) : undefined;
      options.set(name, before === undefined ? value : before + between + value);
    }
  }
  return { operands, options };
}

/** Takes the value out of `rest` where it is the next word. */
function readOption(word: string, rest: string[], shapes: readonly OptionShape[]): [name: string, value: string] {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word === '-h' ? '--help' : word) ?? [];
  const shape = shapes.find(one => one.name === name || (one.letter !== undefined && word === `-${one.letter}`));
  if (!shape) throw new UsageError(`There is no option ${word}.`);
  if (shape.value === undefined) {
    if (value !== undefined) throw new UsageError(`Option --${name} takes no value.`);
    return [shape.name, ''];
  }
  const given = value ?? rest.shift();
  if (given === undefined || given === '')
    throw new UsageError(`Option --${shape.name} needs a value: ${shape.value}.`);
  return [shape.name, given];
}
