import { repeated, UsageError, type Arguments, type OptionShape } from './arguments.ts';
import { jsonOption } from './command.ts';

const defaultConnect = '60';

/** Of all commands that play install scripts. */
export const playOptions: readonly OptionShape[] = [
  {
    name: 'var',
    value: 'NAME=VALUE',
    summary: 'Give a variable a value; may be given several times',
    isRepeated: true,
  },
  { name: 'transcript', value: 'FILE', summary: 'Write what was printed and done to this file, without secrets' },
  { name: 'connect', value: 'SECONDS', summary: `Wait so long for the console (default ${defaultConnect})` },
  jsonOption,
];

export const readVariables = (args: Arguments): ReadonlyMap<string, string> =>
  new Map(repeated(args, 'var').map(readVariable));

function readVariable(text: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--var takes NAME=VALUE, and not ${text}.`);
  return [name, value];
}

export interface PlayOptions {
  readonly transcript: string | undefined;
  readonly connectMs: number;
  readonly isJson: boolean;
}

export function readPlayOptions(options: Arguments['options']): PlayOptions {
  const seconds = options.get('connect') ?? defaultConnect;
  if (!/^\d{1,5}$/.test(seconds)) throw new UsageError(`--connect takes seconds, and not ${seconds}.`);
  return { transcript: options.get('transcript'), connectMs: Number(seconds) * 1000, isJson: options.has('json') };
}
