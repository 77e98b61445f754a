import { readShellStatements, type ShellAssignment, type ShellStatement } from '../base/shell-statements.ts';
import { readShellWord } from '../base/shell-word.ts';
import type * as z from 'zod/mini';
import type { DefaultsLayer } from './defaults.ts';
import * as value from './schema-values.ts';
import type { DefaultKey, DefaultSource } from './setting-source.ts';

/** What `~/.kvmscript` says, and what of it is not understood. */
export interface KvmscriptReading {
  readonly layer: DefaultsLayer;
  /** In the order of the lines. */
  readonly problems: readonly KvmscriptProblem[];
}

export interface KvmscriptProblem {
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong and what to do, in one or two sentences. */
  readonly message: string;
}

/** A variable of the file: the default that it sets, and how its text is read. Any other variable is left alone. */
interface Variable {
  readonly key: DefaultKey;
  readonly schema: z.ZodMiniType;
  readonly toInput: (text: string) => unknown;
  readonly example: string;
}

const asText = (text: string): unknown => text;
const flags: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

const variables: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ['RAM', { key: 'memory', schema: value.memory, toInput: asText, example: 'RAM=512M' }],
  ['CPUS', { key: 'cpus', schema: value.cpus, toInput: Number, example: 'CPUS=2' }],
  ['ACCEL', { key: 'accel', schema: value.accel, toInput: asText, example: 'ACCEL=auto' }],
  ['NIC_MODEL', { key: 'model', schema: value.nicModel, toInput: asText, example: 'NIC_MODEL=virtio' }],
  ['MAC_PREFIX', { key: 'macPrefix', schema: value.macPrefix, toInput: asText, example: 'MAC_PREFIX=52:54:00' }],
  ['VNC', { key: 'vnc', schema: value.flag, toInput: text => flags[text], example: 'VNC=yes' }],
]);

/** Reads `~/.kvmscript`, shell assignments, without running it. The last assignment of a variable counts. */
export function readKvmscript(text: string): KvmscriptReading {
  const values: Record<string, unknown> = {};
  const sources: Partial<Record<DefaultKey, DefaultSource>> = {};
  const problems: KvmscriptProblem[] = [];
  for (const statement of readShellStatements(text.replaceAll(/\r\n?/g, '\n'))) {
    const { line } = statement;
    const trouble = statementTrouble(statement);
    if (trouble !== undefined) problems.push({ line, message: trouble });
    if (trouble !== undefined) continue;
    for (const assignment of assignmentsOf(statement)) {
      const variable = variables.get(assignment.name);
      const read = variable && readValue(assignment, variable);
      if (variable && read?.value !== undefined) {
        values[variable.key] = read.value;
        sources[variable.key] = { kind: 'kvmscript', line };
      } else if (read) problems.push({ line, message: `${assignment.name} ${read.trouble}` });
    }
  }
  return { layer: { values: values, sources }, problems };
}

/** Commands that only mark variables; their arguments are assignments. */
const declarations = /^(export|declare|typeset|readonly|local)$/;

/** Why nothing in this statement counts; undefined: it is nothing but assignments. */
function statementTrouble(statement: ShellStatement): string | undefined {
  const { words, isConditional, isOpen } = statement;
  const [command] = words;
  if (isOpen) return 'A quote or bracket that begins here has no end, so nothing behind it was read. Close it.';
  if (command !== undefined && !declarations.test(command)) {
    return `"${excerpt(words.join(' '))}" is a command. This file is read, never run: write NAME=value lines only.`;
  }
  if (!isConditional) return undefined;
  const names = assignmentsOf(statement)
    .map(({ name }) => name)
    .filter(name => variables.has(name));
  const what = names.length === 0 ? 'This' : names.join(', ');
  return `${what} depends on a condition, loop, function or other command. This file is read, never run: put NAME=value on a line of its own.`;
}

/** Those of the statement itself, and those that `export` and its like are given. */
function assignmentsOf({ assignments, words }: ShellStatement): readonly ShellAssignment[] {
  const given = words.slice(1).flatMap(word => {
    const [, name, plus, source] = /^([A-Za-z_]\w*)(\+?)=([^]*)$/.exec(word) ?? [];
    return name === undefined || source === undefined
      ? []
      : [{ name, isAppended: plus === '+', isItem: false, value: source, isList: false }];
  });
  return [...assignments, ...given];
}

type ValueRead =
  { readonly value: unknown; readonly trouble?: never } | { readonly value?: undefined; readonly trouble: string };

function readValue(
  { value: source, isList, isAppended, isItem }: ShellAssignment,
  { schema, toInput, example }: Variable,
): ValueRead {
  if (isList) return { trouble: `takes one value, not a list. Write it without brackets: ${example}.` };
  if (isAppended || isItem)
    return { trouble: `takes a whole value, not a part of one. Write it in one piece: ${example}.` };
  const { text } = readShellWord(source, 0, 'assignment');
  if (text === undefined)
    return {
      trouble: `is set with ${expansionIn(source)}. This file is read, never run: write the value itself: ${example}.`,
    };
  const read = schema.safeParse(toInput(text));
  if (read.success) return { value: read.data };
  return {
    trouble: `${read.error.issues[0]?.message ?? 'has a value that cannot be used.'} Here it is "${excerpt(text)}".`,
  };
}

/** What of a value only a shell could tell, in words. */
function expansionIn(source: string): string {
  if (/`|\$\((?!\()/.test(source)) return 'the output of a command';
  if (/\$\(\(|\$\[/.test(source)) return 'a calculation';
  const [name] = /\$(?:\w+|\{[^}]*\}?)/.exec(source) ?? [];
  return name === undefined ? 'something that only a shell can tell' : `the variable ${excerpt(name)}`;
}

/** For a message: one line, not long. */
function excerpt(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
