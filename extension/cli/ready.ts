import type { ReadyReport, VmRef } from '../runtime/readiness/readiness.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { openLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { printable } from './text-table.ts';

export const readyCommand: Command = {
  name: 'ready',
  operands: '[FILE] [VM…]',
  summary: 'Wait until VMs are ready for work, as `ready:` in the lab file says',
  details: [
    'Without a VM: all that run. Each is waited for as long as its `within:` says, counted from now.',
    'A name may also be that of a group. A VM of which nothing says when it is ready is not waited for.',
    'With --json: {vms: [{name, state, message}]}; states are ready, unknown, late, stopped, cancelled.',
    'Exit code 1: some VM does not run, or was not ready in time.',
  ],
  options: [{ name: 'timeout', value: 'SECONDS', summary: 'Longest time to wait for each VM' }, jsonOption],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const withinMs = readTimeout(options.get('timeout'));
    const { file, others } = await takeLabFile(operands, ports);
    const open = await openLab(file, ports);
    await ports.watcher.poll();
    const vms = chosenVms(open, others, ports);
    if (vms.length === 0) {
      ports.err(`No VM of lab ${open.lab.name} runs.\n`);
      return exitCodes.failed;
    }
    const onReport = ({ message }: ReadyReport): void =>
      ports.err(`${message.split('\n').map(printable).join('\n')}\n`);
    const reports = await ports.readiness.waitUntilReady(vms, { signal: ports.signal, withinMs, onReport });
    if (options.has('json'))
      printJson({ vms: reports.map(({ vm, kind, message }) => ({ name: vm.vm, state: kind, message })) }, ports);
    return reports.every(({ kind }) => kind === 'ready' || kind === 'unknown') ? exitCodes.done : exitCodes.failed;
  },
};

/** Milliseconds. */
function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text)) throw new UsageError('--timeout takes a number of seconds.');
  return Number(text) * 1000;
}

function chosenVms({ path, lab }: OpenLab, names: readonly string[], { store }: CliPorts): readonly VmRef[] {
  const states = store.lab(path)?.vms;
  const running = lab.vms.filter(({ name }) => states?.get(name)?.kind === 'running').map(({ name }) => name);
  const chosen = names.length === 0 ? running : names.flatMap(name => vmsNamed(name, lab));
  return [...new Set(chosen)].map(vm => ({ lab: path, vm }));
}

function vmsNamed(name: string, lab: OpenLab['lab']): readonly string[] {
  if (lab.vms.some(vm => vm.name === name)) return [name];
  const group = lab.groups.find(one => one.name === name);
  if (group) return group.vms;
  const vms = lab.vms.map(vm => vm.name).join(', ');
  throw new UsageError(`Lab ${lab.name} has no VM ${name}. Its VMs: ${vms === '' ? 'none' : vms}.`);
}
