import { folderOf } from '../runtime/paths.ts';
import { stickPath } from '../runtime/sticks/stick-list.ts';
import { UsageError } from './arguments.ts';
import type { CliPorts } from './command.ts';

export interface StickOperands {
  /** The lab file, as it was named. Undefined: none was. */
  readonly file: string | undefined;
  /** Absolute path of the stick. */
  readonly stick: string;
  /** The word behind the stick. */
  readonly other: string | undefined;
}

/** `[FILE] STICK [WORD]`. */
export function stickOperands(operands: readonly string[], ports: CliPorts): StickOperands {
  const [first = '', ...rest] = operands;
  const file = isYaml(first) ? first : undefined;
  const [text, other, surplus] = file === undefined ? operands : rest;
  if (text === undefined) throw new UsageError('Which stick?');
  if (surplus !== undefined) throw new UsageError(`"kvmstick" can do nothing with ${surplus}.`);
  const folder = file === undefined ? ports.folder.resolve('.') : folderOf(ports.folder.resolve(file));
  return { file, stick: /[/.]/.test(text) ? ports.folder.resolve(text) : stickPath(text, folder), other };
}

const isYaml = (word: string): boolean => /\.ya?ml$/i.test(word);
