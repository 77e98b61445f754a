import { UserError } from '../base/user-error.ts';
import { sizeWords } from '../runtime/images/image-list.ts';
import { usedImages } from '../runtime/images/lab-images.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, printJson, type CliPorts, type ExitCode } from './command.ts';
import { baseOption, imageOperand, progressLines } from './image-operands.ts';
import { openLab, takeLabFile } from './lab-file.ts';
import { printable } from './text-table.ts';

/** Images of the VMs named, or of all VMs of the lab. */
export async function fetchImages({ operands }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { file, others: vms } = await takeLabFile(operands, ports);
  const { path, lab } = await openLab(file, ports);
  for (const name of vms)
    if (!lab.vms.some(vm => vm.name === name)) throw new UserError(`There is no VM ${name} in ${file}.`);
  const all = usedImages(path, lab, ports.images.places).filter(
    ({ role, vm }) => role === 'image' && (vms.length === 0 || vms.includes(vm)),
  );
  const images = [...new Map(all.map(one => [one.path, one])).values()];
  if (images.length === 0) ports.err('No VM of these starts from an image, so there is nothing to fetch.\n');
  for (const image of images) {
    const tell = progressLines(printable(image.text), ports);
    const onProgress = (done: number, total: number | undefined): void => {
      if (total !== undefined && total > 0) tell((100 * done) / total);
    };
    ports.out(`${printable(await ports.images.actions.fetch(image, { onProgress, signal: ports.signal }))}\n`);
  }
  return exitCodes.done;
}

export async function createImage(args: Arguments, ports: CliPorts): Promise<ExitCode> {
  const image = imageOperand(args, 2, ports);
  const size = args.operands[1];
  const base = baseOption(args, ports);
  if (size !== undefined && !/^[1-9]\d{0,8}[KMGT]$/i.test(size))
    throw new UsageError(`"${size}" is no size such as 4G.`);
  if (size === undefined && !base) throw new UsageError('Which size, such as 4G? Or over which --base?');
  await ports.images.actions.create(image, size?.toUpperCase(), base);
  ports.out(`${printable(image.path)} is made.\n`);
  return exitCodes.done;
}

export async function snapshotImage(args: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { path, format } = imageOperand(args, 2, ports);
  const { actions } = ports.images;
  const [, name] = args.operands;
  const [isRestore, isDelete] = [args.options.has('restore'), args.options.has('delete')];
  if (isRestore && isDelete) throw new UsageError('Either --restore or --delete.');
  if (format !== 'qcow2') throw new UserError(`${path} is raw, and only qcow2 images keep snapshots.`);
  if (name === undefined) {
    if (isRestore || isDelete) throw new UsageError('Which snapshot?');
    const list = await actions.snapshots(path);
    if (args.options.has('json')) printJson(list, ports);
    else for (const one of list) ports.out(`${printable(one.name)}\n`);
    return exitCodes.done;
  }
  await actions.snapshot(isRestore ? 'restore' : isDelete ? 'delete' : 'create', path, name);
  ports.out(
    printable(`Snapshot ${name} of ${path} is ${isRestore ? 'restored' : isDelete ? 'deleted' : 'made'}.`) + '\n',
  );
  return exitCodes.done;
}

export async function rebaseImage(args: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { path } = imageOperand(args, 1, ports);
  const base = baseOption(args, ports);
  if ((base === undefined) !== args.options.has('flatten')) throw new UsageError('Either --base IMAGE or --flatten.');
  const work = { onProgress: progressLines('rebase', ports), signal: ports.signal };
  await ports.images.actions.rebase(path, base, work);
  ports.out(printable(base ? `${path} lies over ${base.path} now.` : `${path} stands alone now.`) + '\n');
  return exitCodes.done;
}

export async function compactImage(args: Arguments, ports: CliPorts): Promise<ExitCode> {
  const image = imageOperand(args, 1, ports);
  const work = { onProgress: progressLines('compact', ports), signal: ports.signal };
  const { before, after } = await ports.images.actions.compact(image, work);
  ports.out(printable(`${image.path} took ${sizeWords(before)} and takes ${sizeWords(after)} now.`) + '\n');
  return exitCodes.done;
}
