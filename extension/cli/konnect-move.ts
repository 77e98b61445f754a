import { UserError } from '../base/user-error.ts';
import { serialPort } from '../lab/networks/addressing.ts';
import { movedFile } from '../lab/layout.ts';
import type { Lab } from '../lab/model.ts';
import { consolesOfLab, consolesOfRunning, type KnownConsole } from '../runtime/console/console-list.ts';
import { lookFar } from '../runtime/hosts/far-look.ts';
import { readMoved, type MigrationResult } from '../runtime/migration/migration-result.ts';
import { readMove } from '../runtime/moved-vms.ts';
import { folderOf } from '../runtime/paths.ts';
import type { CliPorts } from './command.ts';
import { printable } from './text-table.ts';

/** A console of a VM that was migrated, and where that is in words. */
export interface MovedConsole {
  readonly console: KnownConsole;
  readonly to: string;
}

/**
 * Where a console is now whose VM may have been migrated. Undefined: where it was, or the VM runs nowhere that is known.
 * Rejects with a UserError if it went to a host that no lab file of the current folder tells of.
 */
export async function movedConsole(
  console: KnownConsole,
  labs: () => Promise<readonly Lab[]>,
  ports: CliPorts,
): Promise<MovedConsole | undefined> {
  if (console.lab === '') return undefined;
  const here = await onThisHost(console, ports);
  if (here) return here.console.port === console.port && !console.host ? undefined : here;
  const text = (await ports.files.read(`${ports.labCheck.runRoot}/${console.lab}/${movedFile(console.vm)}`)) ?? '';
  const ssh = readMove(text)?.ssh ?? '';
  if (ssh === '' && !console.host) return undefined;
  const lab = (await labs()).find(({ name }) => name === console.lab);
  const isKnown = console.host ?? lab?.hosts?.some(host => host.ssh === ssh);
  if (!lab || !isKnown) throw unknownHost(console, readMoved(text));
  return onAnotherHost(console, lab, ports);
}

async function onThisHost(
  console: KnownConsole,
  { watcher, store, labCheck }: CliPorts,
): Promise<MovedConsole | undefined> {
  await watcher.poll();
  const vm = store.host.vms.find(one => one.lab === console.lab && one.name === console.vm);
  const found = vm && consolesOfRunning(vm).find(({ kind }) => kind === console.kind);
  if (!found) return undefined;
  if (vm.folder !== undefined) return { console: found, to: folderOf(vm.folder) };
  return { console: found, to: console.host ? 'this host' : labCheck.runRoot };
}

async function onAnotherHost(console: KnownConsole, lab: Lab, ports: CliPorts): Promise<MovedConsole | undefined> {
  const { things } = await lookFar(ports.remote, lab);
  const vm = things.vms.find(({ name }) => name === console.vm);
  const host = lab.hosts?.find(({ name }) => name === vm?.far.host);
  if (!vm || !host || host.name === console.host?.name) return undefined;
  const [planned] = consolesOfLab(lab, '').filter(one => one.vm === console.vm && one.kind === console.kind);
  if (!planned) return undefined;
  const { lab: name, kind } = console;
  const port = vm.id === undefined || planned.id === undefined ? planned.port : planned.port + vm.id - planned.id;
  const id = vm.id ?? planned.id;
  return { console: { lab: name, vm: console.vm, kind, id, pid: undefined, port, host }, to: `host ${host.name}` };
}

function unknownHost({ vm }: KnownConsole, moved: MigrationResult | undefined): UserError {
  if (!moved) return new UserError(`${printable(vm)} has moved to another host.`);
  const id = moved.consolePort - serialPort(0);
  return new UserError(
    `${printable(vm)} has moved to ${printable(moved.to)}, which no lab file of this folder has among its hosts. ` +
      `There its serial console is port ${moved.consolePort} (ID ${id}).`,
  );
}
