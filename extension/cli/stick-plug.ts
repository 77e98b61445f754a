import type { RunningVm } from '../runtime/state.ts';
import { vmWords } from '../runtime/sticks/stick-actions.ts';
import { chooseVm } from '../runtime/switches/switch-choice.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, type CliPorts, type ExitCode } from './command.ts';
import { openLab } from './lab-file.ts';
import { stickOperands } from './stick-operands.ts';
import { printable } from './text-table.ts';

export async function addStick({ operands }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { file, stick, other } = stickOperands(operands, ports);
  if (other === undefined) throw new UsageError('Into which VM?');
  const vm = await vmOf(file, other, ports);
  const outcome = await ports.sticks.actions.plug(vm, stick);
  const words = outcome === 'done' ? 'is in' : 'was already in';
  ports.out(printable(`${stick} ${words} ${vmWords(vm)}.`) + '\n');
  return exitCodes[outcome];
}

export async function removeStick({ operands, options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { file, stick, other } = stickOperands(operands, ports);
  const vm = other === undefined ? undefined : await vmOf(file, other, ports);
  const { signal } = ports;
  const pulled = await ports.sticks.actions.pull(stick, { vm, isForced: options.has('force'), signal });
  if (pulled === 'already') {
    ports.out(printable(`${stick} is in ${vm ? `no VM ${vm.name ?? ''}` : 'no VM'}.`) + '\n');
    return exitCodes.already;
  }
  ports.out(printable(`${stick} was pulled out of ${vmWords(pulled.from)}.`) + '\n');
  tellFaults(pulled.faults, ports);
  return exitCodes.done;
}

async function vmOf(file: string | undefined, name: string, ports: CliPorts): Promise<RunningVm> {
  const lab = file === undefined ? undefined : (await openLab(file, ports)).lab;
  await ports.watcher.poll();
  return chooseVm(lab && !name.includes('/') ? `${lab.name}/${name}` : name, ports.store.host.vms);
}

export function tellFaults(faults: readonly string[], ports: CliPorts): void {
  for (const fault of faults) ports.err(printable(fault) + '\n');
}
