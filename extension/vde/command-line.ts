/** What a program's options are called: each one's names, the first of them is the one it is reported by. */
export interface OptionShape {
  readonly names: readonly string[];
  readonly hasValue: boolean;
}

export interface CommandLine {
  /** By the first name of each option; of one that was given twice, the last value. `''` for an option without one. */
  readonly options: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/**
 * Reads arguments in the way of getopt_long_only(3), which the tools of VDE use: `-sock X`, `--sock=X`, `-s X`, `-sX`,
 * `-dF`, any beginning of a long name that fits only one. Unknown options are left out, as the tools ignore them.
 */
export function readCommandLine(args: readonly string[], shapes: readonly OptionShape[]): CommandLine {
  const options = new Map<string, string>();
  const operands: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      operands.push(...rest);
      break;
    }
    if (!word.startsWith('-') || word === '-') operands.push(word);
    else for (const [name, value] of readWord(word, rest, shapes)) options.set(name, value);
  }
  return { options, operands };
}

type Found = readonly [name: string, value: string];

/** Takes the value out of `rest` where it is the next word. */
function readWord(word: string, rest: string[], shapes: readonly OptionShape[]): readonly Found[] {
  const isShort = !word.startsWith('--') && word.length === 2;
  const long = isShort ? undefined : findLong(word.replace(/^--?/, ''), shapes);
  if (long) {
    const value = long.shape.hasValue ? (long.value ?? rest.shift() ?? '') : '';
    return [[nameOf(long.shape), value]];
  }
  return word.startsWith('--') ? [] : readLetters(word.slice(1), rest, shapes);
}

function findLong(text: string, shapes: readonly OptionShape[]): { shape: OptionShape; value?: string } | undefined {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? {} : { value: text.slice(equals + 1) };
  const longNames = (shape: OptionShape): readonly string[] => shape.names.filter(one => one.length > 1);
  const exact = shapes.find(shape => longNames(shape).includes(name));
  if (exact) return { shape: exact, ...value };
  const fitting = name === '' ? [] : shapes.filter(shape => longNames(shape).some(one => one.startsWith(name)));
  const [only] = fitting;
  return only && fitting.length === 1 ? { shape: only, ...value } : undefined;
}

/** Letters in one word; the first that takes a value takes what is left of the word, or else the next word. */
function readLetters(letters: string, rest: string[], shapes: readonly OptionShape[]): readonly Found[] {
  const found: Found[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const shape = shapes.find(one => one.names.includes(letters.charAt(at)));
    if (!shape) continue;
    if (shape.hasValue) return [...found, [nameOf(shape), letters.slice(at + 1) || (rest.shift() ?? '')]];
    found.push([nameOf(shape), '']);
  }
  return found;
}

const nameOf = (shape: OptionShape): string => shape.names[0] ?? '';
