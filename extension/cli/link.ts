import { UserError } from '../base/user-error.ts';
import { queryNics } from '../qemu/live-nics.ts';
import { chooseVm } from '../runtime/switches/switch-choice.ts';
import { setCable, vmLine, type VmLine } from '../runtime/change/vm-nics.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type CliPorts, type Command } from './command.ts';
import { printable } from './text-table.ts';

export const linkCommand: Command = {
  name: 'link',
  operands: 'VM NIC [up|down]',
  summary: 'Pull the cable of a NIC of a running VM, or plug it in again',
  details: [
    'The guest sees the carrier go and come. Without up or down it prints what is.',
    'Exit code 3: it was so already.',
    'VM is a name, LAB/NAME, or a pid; NIC is its number, counted from 1.',
  ],
  options: [],
  maxOperands: 3,
  async run({ operands }, ports) {
    const [name, nic = '', state] = operands;
    if (name === undefined || !/^\d{1,3}$/.test(nic)) throw new UsageError('Which VM, and the number of which NIC?');
    if (state !== undefined && state !== 'up' && state !== 'down')
      throw new UsageError(`"${state}" is neither up nor down.`);
    const vm = await lineTo(name, ports);
    const number = Number(nic);
    const outcome = state === undefined ? 'done' : await setCable(vm, number, state === 'down');
    const isPulled = (await vm.ask(queryNics)).find(one => one.number === number)?.isPulled;
    const words = isPulled === undefined ? 'is not there' : isPulled ? 'is pulled (no carrier)' : 'is plugged in';
    ports.out(printable(`The cable of NIC ${number} of ${vm.name} ${words}.`) + '\n');
    return exitCodes[outcome];
  },
};

/** Only VMs that scripts of ours started have NICs that are known by name. */
async function lineTo(name: string, { watcher, store, qmp }: CliPorts): Promise<VmLine> {
  await watcher.poll();
  const vm = chooseVm(name, store.host.vms);
  if (vm.lab === undefined || vm.pidFile === undefined)
    throw new UserError(`VM ${name} was started by no lab, so its NICs cannot be told apart here.`);
  return vmLine(qmp, vm.name ?? name, vm.pidFile.replace(/\.pid$/, '.qmp'));
}
