import { holderName } from '../runtime/console/console-target.ts';
import { exitCodes, printJson, type CliPorts, type ExitCode } from './command.ts';
import { runningConsoles } from './konnect-target.ts';
import { renderTable } from './text-table.ts';

/** Every console of this host, its port, and who is connected to it. */
export async function listConsoles(isJson: boolean, ports: CliPorts): Promise<ExitCode> {
  const consoles = await runningConsoles(ports);
  const holders = await ports.consoles.holders.find(consoles.map(({ port }) => port));
  const rows = consoles.map(({ vm, lab, id, kind, port, logPath }) => ({
    ...{ vm, lab: lab === '' ? null : lab, id: id ?? null, console: kind, port, log: logPath ?? null },
    holder: holders.get(port) ?? null,
  }));
  if (isJson) printJson(rows, ports);
  else if (rows.length === 0) ports.out('No VM with a console runs on this host.\n');
  else ports.out(renderTable(header, rows.map(toCells)));
  return exitCodes.done;
}

interface Row {
  readonly vm: string;
  readonly lab: string | null;
  readonly id: number | null;
  readonly console: string;
  readonly port: number;
  readonly holder: { readonly pid: number; readonly program: string } | null;
}

const header = ['VM', 'LAB', 'ID', 'CONSOLE', 'PORT', 'HELD BY'];

const toCells = ({ vm, lab, id, console, port, holder }: Row) => {
  return [vm, lab ?? undefined, id ?? undefined, console, port, holder ? holderName(holder) : undefined];
};
