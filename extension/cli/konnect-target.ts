import { UserError } from '../base/user-error.ts';
import {
  consolesNamed,
  consolesOfLab,
  consolesOfRunning,
  consoleVmName,
  type KnownConsole,
} from '../runtime/console/console-list.ts';
import type { ConsoleKind } from '../runtime/console/console-target.ts';
import { readLabFile } from '../runtime/lab-check.ts';
import { UsageError } from './arguments.ts';
import type { CliPorts } from './command.ts';
import { printable } from './text-table.ts';

/** Every console of a VM that runs on this host. */
export async function runningConsoles(ports: CliPorts): Promise<readonly KnownConsole[]> {
  await ports.watcher.poll();
  return ports.store.host.vms.flatMap(consolesOfRunning);
}

/**
 * The console that the user named: of a VM of a lab file of the current folder, then of any lab, then of no lab. One
 * that runs goes before one that does not.
 */
export async function findConsole(word: string, kind: ConsoleKind, ports: CliPorts): Promise<KnownConsole> {
  const here = await consolesHere(ports);
  const running = consolesNamed(word, kind, await runningConsoles(ports));
  const isHere = (one: KnownConsole): boolean => here.some(({ lab, vm }) => lab === one.lab && vm === one.vm);
  const choices = [
    running.filter(isHere),
    running.filter(one => one.lab !== ''),
    running,
    consolesNamed(word, kind, here),
  ];
  const found = choices.find(choice => choice.length > 0) ?? [];
  if (found[0] && found.length === 1) return found[0];
  if (found.length > 1) {
    const names = found.map(one => printable(`${consoleVmName(one)} (port ${one.port})`));
    throw new UsageError(`${word} may be ${names.join(' or ')}. Say which, as LAB/VM, by its ID or by the port.`);
  }
  throw new UserError(
    `There is no ${kind} of a VM ${printable(word)}: no VM of this name or ID runs, and no lab file of this folder has it. ` +
      'See: kvmlab konnect --list',
  );
}

async function consolesHere(ports: CliPorts): Promise<readonly KnownConsole[]> {
  const files = (await ports.folder.list()).filter(name => /\.lab\.ya?ml$/.test(name));
  const readings = await Promise.all(
    files.map(file => readLabFile(ports.folder.resolve(file), ports.files, ports.labCheck)),
  );
  return readings.flatMap(({ reading: { lab } }) =>
    lab ? consolesOfLab(lab, `${ports.labCheck.runRoot}/${lab.name}`) : [],
  );
}
