import { applyEdits } from '../lab/edits/edit.ts';
import { parseForEdit } from '../lab/edits/yaml-edit.ts';
import { readLab } from '../lab/reading/reader.ts';
import { userDefaults } from '../runtime/lab-check.ts';
import { baseName, folderOf } from '../runtime/paths.ts';
import { usedIds } from '../runtime/used-ids.ts';
import { commandsIn, importVm, noteLines, sourceName, type CommandSource } from '../runtime/vm-import.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, printJson, type CliPorts, type ExitCode } from './command.ts';
import { readText } from './diagram-file.ts';
import { openLabsHere } from './lab-file.ts';
import { printable } from './text-table.ts';

/** `kvmlab import vm FILE`, `kvmlab import vm -- qemu-system-… ARGS`: a command line becomes a VM of a lab. */
export async function runVmImport({ operands, options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const source = await sourceOf(operands, ports);
  const out = options.get('out') ?? '-';
  const target = out === '-' ? undefined : ports.folder.resolve(out);
  const text = target === undefined || options.has('force') ? undefined : await ports.files.read(target);
  await openLabsHere(ports, path => path !== target || text !== undefined);
  await ports.watcher.poll();
  const defaults = await userDefaults(ports.files, ports.labCheck);
  const fileName = baseName(target ?? 'vm.lab.yaml');
  const result = importVm(source, {
    labFolder: target === undefined ? ports.folder.resolve('.') : folderOf(target),
    text,
    usedIds: usedIds(ports.store),
    tools: { readLab: one => readLab(one, { fileName, defaults }), parse: parseForEdit },
  });
  const written = applyEdits(text ?? '', result.edits);
  if (target === undefined && !options.has('json')) ports.out(written);
  else if (target !== undefined) await ports.files.write(target, written);
  if (options.has('json'))
    printJson({ vm: result.vm, file: target ?? null, text: written, notes: result.notes }, ports);
  else for (const line of noteLines(result.notes)) ports.err(`${printable(line)}\n`);
  return exitCodes.done;
}

async function sourceOf([first, ...others]: readonly string[], ports: CliPorts): Promise<CommandSource> {
  if (first === undefined) throw new UsageError('Import which script or command line?');
  const folder = ports.folder.resolve('.');
  // Behind -- stands the command line itself; the words of one are never joined and split again.
  if (others.length > 0) return { args: [first, ...others], folder, name: 'vm' };
  const text = await readText(first, ports);
  const name = first === '-' ? 'standard input' : baseName(first);
  const [found, ...more] = commandsIn(text, name);
  for (const { line } of more)
    ports.err(`${printable(`${name}:${line}: another command line of QEMU, not imported`)}\n`);
  return {
    args: found?.args ?? [],
    folder: first === '-' ? folder : folderOf(ports.folder.resolve(first)),
    name: first === '-' ? 'vm' : sourceName(first),
  };
}
