import type { HmpCommand } from '../../qemu/hmp-help.ts';

/** One line of the pick list for the monitor. */
export interface MonitorItem {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  /** What is to be run, or to be gone on with: `eject ` waits for its arguments. */
  readonly line: string;
  /** The line is whole and can be run as it stands. */
  readonly isWhole: boolean;
}

/**
 * What can be picked when `typed` stands in the box: first the typed line itself, then what was run before, then all
 * commands with their arguments and their help.
 */
export function monitorItems(
  typed: string,
  history: readonly string[],
  commands: readonly HmpCommand[],
): readonly MonitorItem[] {
  const line = typed.trim();
  const own: MonitorItem = { label: line, description: describe(line, commands), line, isWhole: true };
  const before = history.filter(one => one !== line).map(one => item(one, 'run before'));
  return [...(line === '' ? [] : [own]), ...before, ...commands.map(commandItem)];
}

const item = (line: string, description: string): MonitorItem => ({ label: line, description, line, isWhole: true });

function commandItem({ name, aliases, args, summary }: HmpCommand): MonitorItem {
  const also = aliases.length > 0 ? ` (also ${aliases.join(', ')})` : '';
  // An argument in brackets may be left out, so such a command can be run at once.
  const isWhole = args === '' || /^\[[^\]]*\](\s*\[[^\]]*\])*$/.test(args);
  const line = isWhole ? name : `${name} `;
  return { label: name, description: args, detail: `${summary}${also}`, line, isWhole };
}

/** The arguments of the command that is being typed, as a reminder. */
function describe(line: string, commands: readonly HmpCommand[]): string {
  const fits = ({ name, aliases }: HmpCommand): boolean =>
    [name, ...aliases].some(one => line === one || line.startsWith(`${one} `));
  const command = [...commands].sort((a, b) => b.name.length - a.name.length).find(fits);
  if (!command) return 'run this line';
  return command.args === '' ? 'run this line' : `run this line · ${command.name} ${command.args}`;
}
