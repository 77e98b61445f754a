import { expandList, expandWord, type ShellVariables } from '../../base/shell-expand.ts';
import { readShellStatements, type ShellAssignment, type ShellStatement } from '../../base/shell-statements.ts';

/** A command line of QEMU that was found in a script. */
export interface FoundCommand {
  /** Counted from 1. */
  readonly line: number;
  /** Of QEMU, with the program first. A word that only a shell can tell is an `unknownWord`. */
  readonly args: readonly string[];
}

/** Stands for a word that only a shell can tell; no argument of a program can hold a NUL. */
const unknownWord = (source: string): string => `\0${source}`;
export const isUnknownWord = (word: string): boolean => word.startsWith('\0');
/** The source text of an unknown word. */
export const unknownSource = (word: string): string => word.slice(1);

/**
 * The command lines of QEMU in a shell script, or in a line that was pasted. It is read as data: variables that are set
 * to plain text are put in, nothing is run.
 */
export function findQemuCommands(text: string): readonly FoundCommand[] {
  const variables = new Map<string, string | readonly string[] | undefined>();
  const found: FoundCommand[] = [];
  for (const statement of readShellStatements(text.replaceAll(/\r\n?/g, '\n'))) {
    if (statement.words.length === 0) assignAll(statement, variables);
    const args = qemuArguments(statement, variables);
    if (args) found.push({ line: statement.line, args });
  }
  return found;
}

const isQemu = (word: string): boolean => /^(qemu-system-[\w-]+|qemu-kvm|kvm)$/.test(word.split('/').at(-1) ?? '');

/** QEMU may stand behind `sudo`, `exec`, `nohup` and their like. Copies of its name further behind are arguments. */
function qemuArguments({ words }: ShellStatement, variables: ShellVariables): readonly string[] | undefined {
  const expanded = words.flatMap(word => expandWord(word, variables) ?? [unknownWord(word)]);
  const at = expanded.findIndex(isQemu);
  const isCommand = expanded
    .slice(0, at)
    .every(word => /^(sudo|exec|nohup|setsid|nice|ionice|env|command|time|taskset|-[\w-]+|\d+|\w+=.*)$/.test(word));
  return at >= 0 && isCommand ? expanded.slice(at) : undefined;
}

/** What depends on a condition is not known afterwards. */
function assignAll(
  { assignments, isConditional }: ShellStatement,
  variables: Map<string, string | readonly string[] | undefined>,
): void {
  for (const assignment of assignments)
    variables.set(assignment.name, isConditional ? undefined : valueOf(assignment, variables));
}

function valueOf(
  { name, value, isList, isAppended, isItem }: ShellAssignment,
  variables: ShellVariables,
): string | readonly string[] | undefined {
  const read = isList ? expandList(value, variables) : textOf(value, variables);
  if (isItem) return undefined;
  if (!isAppended || read === undefined) return read;
  const before = variables.get(name);
  if (before === undefined) return undefined;
  if (typeof before === 'string') return typeof read === 'string' ? before + read : [before, ...read];
  return typeof read === 'string' ? [`${before[0] ?? ''}${read}`, ...before.slice(1)] : [...before, ...read];
}

/** In an assignment nothing is split at blanks. */
const textOf = (source: string, variables: ShellVariables): string | undefined => {
  const words = expandWord(source, variables);
  return words?.join(' ');
};
