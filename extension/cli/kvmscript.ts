import { kvmscriptOf } from '../runtime/lab-check.ts';
import type { CliPorts } from './command.ts';
import { printable } from './text-table.ts';

/** Tells what of `~/.kvmscript` is not understood, a line each. */
export async function warnOfKvmscript({ files, labCheck, err }: CliPorts): Promise<void> {
  const { problems } = await kvmscriptOf(files, labCheck);
  for (const { line, message } of problems) err(`${printable(`~/.kvmscript:${line}: warning: ${message}`)}\n`);
}
