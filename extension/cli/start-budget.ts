import { defaultReserveMb, shortages } from '../runtime/budget/budget.ts';
import type { ThingRef } from '../runtime/state.ts';
import { UsageError, type Arguments, type OptionShape } from './arguments.ts';
import type { CliPorts } from './command.ts';
import { printable } from './text-table.ts';

export const budgetOptions: readonly OptionShape[] = [
  { name: 'anyway', summary: 'Start also what this host has not enough for' },
  {
    name: 'reserve',
    value: 'MB',
    summary: `Memory that is to stay free for everything else (${defaultReserveMb})`,
  },
];

/** Looks, before anything starts, whether the host has what it takes, and says what it lacks. */
export async function isEnough(
  things: readonly ThingRef[],
  options: Arguments['options'],
  ports: CliPorts,
): Promise<boolean> {
  if (options.has('anyway')) return true;
  const text = options.get('reserve') ?? String(defaultReserveMb);
  if (!/^\d{1,7}$/.test(text)) throw new UsageError('--reserve takes a number of megabytes.');
  await ports.watcher.poll();
  const lacks = await shortages(things, { store: ports.store, look: ports.hostLook }, Number(text));
  if (lacks.length === 0) return true;
  ports.err([...lacks.map(printable), 'Nothing was started. To start all the same, add --anyway.', ''].join('\n'));
  return false;
}
