import { UserError } from '../base/user-error.ts';
import {
  consolesNamed,
  consolesOfLab,
  consolesOfRunning,
  consoleVmName,
  type KnownConsole,
} from '../runtime/console-list.ts';
import type { ConsoleKind } from '../runtime/console-target.ts';
import { readLabFile } from '../runtime/lab-check.ts';
import { UsageError } from './arguments.ts';
import type { CliPorts } from './command.ts';
import { printable } from './text-table.ts';

/** Every console of a VM that runs on this host. */
export async function runningConsoles(ports: CliPorts): Promise<readonly KnownConsole[]> {
  await ports.watcher.poll();
  return ports.store.host.vms.flatMap(consolesOfRunning);
}

/** The console that the user named: of a VM that runs, or of one in a lab file of the current folder. */
export async function findConsole(word: string, kind: ConsoleKind, ports: CliPorts): Promise<KnownConsole> {
  const here = await consolesHere(ports);
  const running = consolesNamed(word, await runningConsoles(ports)).filter(one => one.kind === kind);
  const ours = running.filter(one => here.some(({ lab, vm }) => lab === one.lab && vm === one.vm));
  const found = onlyOne(word, ours.length > 0 ? ours : running);
  if (found) return found;
  const stopped = onlyOne(
    word,
    consolesNamed(word, here).filter(one => one.kind === kind),
  );
  if (stopped) return stopped;
  throw new UserError(
    `There is no ${kind} of a VM ${printable(word)}: no VM of this name or ID runs, and no lab file of this folder has it. ` +
      'See: kvmlab konnect --list',
  );
}

function onlyOne(word: string, found: readonly KnownConsole[]): KnownConsole | undefined {
  if (found.length <= 1) return found[0];
  const names = found.map(one => printable(`${consoleVmName(one)}${one.id === undefined ? '' : ` (ID ${one.id})`}`));
  throw new UsageError(`${word} may be ${names.join(' or ')}. Say which, as LAB/VM or by its ID.`);
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
