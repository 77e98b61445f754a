import { readShellList } from './shell-word.ts';

/** What shell variables hold; undefined: only a shell can tell. Those that are missing are not known either. */
export type ShellVariables = ReadonlyMap<string, string | readonly string[] | undefined>;

/**
 * The words that a shell makes of one word of source text, as far as that can be told from these variables; undefined
 * where only a shell can tell. Nothing is run. A tilde in front of a path stays.
 */
export function expandWord(source: string, variables: ShellVariables): readonly string[] | undefined {
  const substituted = substitute(source, variables);
  const { items, end, isOpen } = readShellList(`(${substituted}\n)`, 0);
  return isOpen || end !== substituted.length + 3 ? undefined : items;
}

/** The items of a list in brackets, in the same way. */
export function expandList(source: string, variables: ShellVariables): readonly string[] | undefined {
  const { items, isOpen } = readShellList(substitute(source, variables), 0);
  return isOpen ? undefined : items;
}

const reference = /"\$\{(\w+)\[@\]\}"|\$\{(\w+)(\[@\])?\}|\$([A-Za-z_]\w*)/y;

/** Puts text, quoted, where variables stand that are known; everything else stays as it is. */
function substitute(source: string, variables: ShellVariables): string {
  let result = '';
  let isQuoted = false;
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    reference.lastIndex = at;
    const found = reference.exec(source);
    const text = found && valueOf(found, isQuoted, variables);
    if (found && text !== undefined && text !== null) {
      result += text;
      at = reference.lastIndex;
      continue;
    }
    const length = literalLength(source, at, isQuoted);
    if (char === '"') isQuoted = !isQuoted;
    const isHome = char === '~' && !isQuoted && /^([=:]?)~\//.test(source.slice(Math.max(0, at - 1), at + 2));
    result += isHome || (char === '~' && at === 0) ? "'~'" : source.slice(at, at + length);
    at += length;
  }
  return result;
}

/** Of what is left as it is: an escaped character, `$$` and its like, a text in single quotes. */
function literalLength(source: string, at: number, isQuoted: boolean): number {
  const char = source.charAt(at);
  if (char === '\\' || /^\$[$?!#*@\d-]/.test(source.slice(at, at + 2))) return 2;
  if (isQuoted) return 1;
  const start = char === "'" ? at + 1 : source.startsWith("$'", at) ? at + 2 : undefined;
  if (start === undefined) return 1;
  let end = start;
  while (end < source.length && source.charAt(end) !== "'") end += char === '$' && source.charAt(end) === '\\' ? 2 : 1;
  return end + 1 - at;
}

/** The text to put there; undefined: not known. */
function valueOf(found: RegExpExecArray, isQuoted: boolean, variables: ShellVariables): string | undefined {
  const [, whole, braced, all, bare] = found;
  const value = variables.get(whole ?? braced ?? bare ?? '');
  if (value === undefined) return undefined;
  if (whole !== undefined) return isQuoted ? undefined : listOf(value).map(quoted).join(' ');
  if (all !== undefined) return isQuoted ? undefined : listOf(value).flatMap(fields).map(quoted).join(' ');
  const text = listOf(value)[0] ?? '';
  return isQuoted ? text.replace(/[\\"$`]/g, '\\$&') : fields(text).map(quoted).join(' ');
}

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);
const fields = (text: string): readonly string[] => text.split(/[ \t\n]+/).filter(field => field !== '');
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
