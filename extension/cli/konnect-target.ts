import { UserError } from '../base/user-error.ts';
import type { Lab } from '../lab/model.ts';
import {
  consolesNamed,
  consolesOfLab,
  consolesOfRunning,
  consoleVmName,
  type KnownConsole,
} from '../runtime/console/console-list.ts';
import type { ConsoleKind } from '../runtime/console/console-target.ts';
import { lookFar } from '../runtime/hosts/far-look.ts';
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
  const labs = await labsHere(ports);
  const here = labs.flatMap(lab => consolesOfLab(lab, `${ports.labCheck.runRoot}/${lab.name}`));
  const running = consolesNamed(word, kind, await runningConsoles(ports));
  const isHere = (one: KnownConsole): boolean => here.some(({ lab, vm }) => lab === one.lab && vm === one.vm);
  const choices = [
    running.filter(isHere),
    consolesNamed(
      word,
      kind,
      here.filter(({ host }) => host),
    ),
    running.filter(one => one.lab !== ''),
    running,
    consolesNamed(word, kind, here),
  ];
  const found = choices.find(choice => choice.length > 0) ?? [];
  if (found[0] && found.length === 1) return whereItRuns(found[0], labs, ports);
  if (found.length > 1) {
    const names = found.map(one => printable(`${consoleVmName(one)} (port ${one.port})`));
    throw new UsageError(`${word} may be ${names.join(' or ')}. Say which, as LAB/VM, by its ID or by the port.`);
  }
  throw new UserError(
    `There is no ${kind} of a VM ${printable(word)}: no VM of this name or ID runs, and no lab file of this folder has it. ` +
      'See: kvmlab konnect --list',
  );
}

/** A VM of another host may have been moved since it was started. */
async function whereItRuns(console: KnownConsole, labs: readonly Lab[], ports: CliPorts): Promise<KnownConsole> {
  const { host, vm } = console;
  const lab = labs.find(({ name }) => name === console.lab);
  if (!host || !lab) return console;
  const { things, unknown } = await lookFar(ports.remote, lab);
  const place = things.vms.find(({ name }) => name === vm)?.far.host;
  const found = lab.hosts?.find(({ name }) => name === place);
  if (found) return { ...console, host: found };
  throw new UserError(
    unknown.get(host.name) ?? `VM ${vm} does not run on host ${host.name}. Start it: kvmlab start ${vm}`,
  );
}

/** The labs of the current folder, as far as they can be read. */
export async function labsHere(ports: CliPorts): Promise<readonly Lab[]> {
  const files = (await ports.folder.list()).filter(name => /\.lab\.ya?ml$/.test(name));
  const readings = await Promise.all(
    files.map(file => readLabFile(ports.folder.resolve(file), ports.files, ports.labCheck)),
  );
  return readings.flatMap(({ reading: { lab } }) => lab ?? []);
}
