import { isMonitorError } from '../qemu/hmp-help.ts';
import { VmActions } from '../runtime/vms/vm-actions.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { openFarQmp } from './far-qmp.ts';
import { openLab, takeLabFile } from './lab-file.ts';
import { printable } from './text-table.ts';

export const monitorCommand: Command = {
  name: 'monitor',
  operands: '[FILE] VM COMMAND…',
  summary: "Give a VM's QEMU monitor one command and print its answer",
  details: [
    "For example: kvmlab monitor fw 'info status'. All commands: kvmlab monitor fw help.",
    'Words after VM are joined; put -- before COMMAND if it has options of its own, or quote it.',
    'Exit code 1 if the monitor says that the command failed.',
  ],
  options: [],
  maxOperands: Infinity,
  async run({ operands }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const [name, ...words] = others;
    const line = words.join(' ').trim();
    if (name === undefined || line === '') throw new UsageError('"monitor" needs a VM and a command.');
    const { path, lab } = await openLab(file, ports);
    if (!lab.vms.some(vm => vm.name === name)) throw new UsageError(`Lab ${lab.name} has no VM ${name}.`);
    const { store, watcher, qmp } = ports;
    await watcher.poll();
    const far = lab.hosts ? await openFarQmp(path, lab, name, ports) : undefined;
    const runDir = (one: string): string => far?.folder ?? `${ports.labCheck.runRoot}/${one}`;
    const actions = new VmActions({ store, qmp, runDir, look: () => watcher.poll() });
    const asking = actions.monitor({ lab: path, kind: 'vm', name }, line);
    const answer = await asking.finally(() => far?.dispose());
    const isError = isMonitorError(answer);
    const text = textOf(answer);
    if (text !== '') (isError ? ports.err : ports.out)(`${text}\n`);
    return isError ? exitCodes.failed : exitCodes.done;
  },
};

/** Much of an answer comes from the guest or from names of files. */
const textOf = (answer: string): string =>
  answer
    .trimEnd()
    .split('\n')
    .map(line => printable(line.replaceAll('\t', ' '.repeat(8))))
    .join('\n');
