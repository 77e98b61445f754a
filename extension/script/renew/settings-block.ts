import { readShellList, readShellWord, statementEnd } from '../../base/shell-word.ts';

/** A value of a settings block: text, a list of words, or what only a shell can tell. */
export type SettingValue = string | readonly string[] | undefined;

/** `NAME=value` in a settings block. Places are offsets in the text of the script. */
export interface Assignment {
  readonly name: string;
  readonly value: SettingValue;
  /** As it is written. */
  readonly valueText: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** One statement or a line without one, with its line end. */
export interface BlockStatement {
  readonly kind: 'blank' | 'assignments' | 'notUnderstood';
  readonly start: number;
  readonly end: number;
  /** Those that set a variable; `NAME+=more` adds to one and is left to the user. */
  readonly assignments: readonly Assignment[];
}

export interface SettingsBlock {
  /** Behind the line that begins the block. */
  readonly start: number;
  /** Where the line begins that ends it. */
  readonly end: number;
  readonly statements: readonly BlockStatement[];
}

/** Reads a settings block as data, from behind its first line to the line `endLine`. Undefined: it has no end. */
export function readSettingsBlock(text: string, start: number, endLine: string): SettingsBlock | undefined {
  const statements: BlockStatement[] = [];
  let at = start;
  while (at < text.length) {
    if (lineAt(text, at).trimEnd() === endLine) return { start, end: at, statements };
    const statement = readStatement(text, at, endLine);
    statements.push(statement);
    at = statement.end;
  }
  return undefined;
}

/** The assignment of each variable that counts: the last one. */
export function assignmentsOf({ statements }: SettingsBlock): ReadonlyMap<string, Assignment> {
  return new Map(statements.flatMap(({ assignments }) => assignments).map(one => [one.name, one]));
}

export const lineAt = (text: string, start: number): string => {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
};

function readStatement(text: string, start: number, endLine: string): BlockStatement {
  const read = /^\s*(#|$)/.test(lineAt(text, start))
    ? { kind: 'blank' as const, end: start + lineAt(text, start).length, assignments: [] }
    : readAssignments(text, start);
  if (read) return { ...read, start, end: Math.min(read.end + 1, text.length) };
  const end = notUnderstoodEnd(text, start, endLine);
  return { kind: 'notUnderstood', start, end: Math.min(end + 1, text.length), assignments: [] };
}

/** A here-document may hold anything: what follows is left alone up to the end of the block. */
function notUnderstoodEnd(text: string, start: number, endLine: string): number {
  const end = statementEnd(text, start);
  if (!text.slice(start, end).includes('<<')) return end;
  const last = text.indexOf(`\n${endLine}`, start);
  return last < 0 ? text.length : last;
}

/** Assignments in a row and perhaps a comment, up to the end of the line. Undefined: there is something else. */
function readAssignments(text: string, start: number): Omit<BlockStatement, 'start'> | undefined {
  const assignments: Assignment[] = [];
  let at = start;
  for (;;) {
    const name = matchAt(/[ \t]*([A-Za-z_]\w*)(\+?)=/y, text, at);
    if (!name) return undefined;
    const valueStart = at + name[0].length;
    const { end, value, isOpen } = readValue(text, valueStart);
    if (isOpen) return undefined;
    const own = { name: name[1] ?? '', value, valueText: text.slice(valueStart, end), valueStart, valueEnd: end };
    if (name[2] === '') assignments.push(own);
    const rest = matchAt(/(?:[ \t]*;)?(?:[ \t]+#[^\n]*|[ \t\r]*)(?=\n|$)/y, text, end);
    if (rest) return { kind: 'assignments', end: end + rest[0].length, assignments };
    const gap = matchAt(/[ \t]*;[ \t]*|[ \t]+/y, text, end);
    if (!gap) return undefined;
    at = end + gap[0].length;
  }
}

function readValue(
  text: string,
  start: number,
): { readonly end: number; readonly value: SettingValue; readonly isOpen: boolean } {
  if (text.charAt(start) !== '(') {
    const { end, text: value, isOpen } = readShellWord(text, start, 'assignment');
    return { end, value, isOpen };
  }
  const { end, items, isOpen } = readShellList(text, start);
  return { end, value: items, isOpen };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
