import { UserError } from '../base/user-error.ts';
import { importLab } from '../diagram/import/import-lab.ts';
import { lettersOf } from '../diagram/import/names.ts';
import { readLab } from '../lab/reading/reader.ts';
import { usedIds } from '../runtime/used-ids.ts';
import { baseName } from '../runtime/paths.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, type CliPorts, type Command } from './command.ts';
import { openDiag } from './diagram-file.ts';
import { runVmImport } from './import-vm.ts';
import { openLabsHere } from './lab-file.ts';
import { printable } from './text-table.ts';

export const importCommand: Command = {
  name: 'import',
  operands: 'FILE | vm FILE | vm -- COMMAND…',
  summary: 'Make a lab file of a .diag, or a VM of a start script or QEMU command',
  details: [
    'vm: the command line of QEMU in a shell script, which is read and never run, or the one behind --',
    'becomes a VM: what a lab has keys for, the rest as extra arguments. With -o and a lab file that is',
    'there, it is put into it by the smallest edit. What became of each option is told on standard error.',
    'With --json: {vm, file, text, notes: [{kind, words, text}]}; kind is key, common, extra or lost.',
    'Of a .diag (nwdiag, PlantUML):',
    'Networks become switches, nodes become VMs with free IDs, lines become NICs, clouds become uplinks.',
    'What could not be carried over is told on standard error. FILE - is standard input.',
  ],
  options: [
    {
      name: 'out',
      letter: 'o',
      value: 'FILE',
      summary: 'Write to FILE, such as x.lab.yaml, instead of standard output',
    },
    { name: 'force', summary: 'Write that file anew, even if it is there' },
    jsonOption,
  ],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const [file, surplus] = operands;
    if (file === 'vm') return runVmImport({ operands: operands.slice(1), options }, ports);
    if (file === undefined) throw new UsageError('Import which .diag?');
    if (surplus !== undefined) throw new UsageError(`"import" can do nothing with ${surplus}.`);
    if (options.has('json')) throw new UsageError('Option --json is for "import vm" only.');
    const out = options.get('out') ?? '-';
    const target = out === '-' ? undefined : ports.folder.resolve(out);
    if (target !== undefined && !options.has('force') && (await ports.files.exists(target)))
      throw new UserError(`${out} is there already, and nothing was written. Take another name, or --force.`);
    const { text, reading } = await openDiag(file, ports);
    const name = lettersOf(labNameOf(target ?? file)) || 'lab';
    const lab = importLab(text, reading, { name, usedIds: await idsInUse(target, ports), readLab });
    for (const line of lab.losses) ports.err(`${printable(line)}\n`);
    if (target === undefined) ports.out(lab.text);
    else await ports.files.write(target, lab.text);
    return exitCodes.done;
  },
};

const labNameOf = (file: string): string => baseName(file).replace(/(\.lab)?\.[^.]*$/, '');

/** Those of VMs that run, and of the labs in the current folder, but not of the file that is written anew. */
async function idsInUse(target: string | undefined, ports: CliPorts): Promise<readonly number[]> {
  // One that cannot be read has no IDs that could be looked at.
  await openLabsHere(ports, path => path !== target);
  await ports.watcher.poll();
  return usedIds(ports.store);
}
