import { sizeWords } from '../runtime/images/image-list.ts';
import { listSticks, placesOf, stickFolder, type StickRow } from '../runtime/sticks/stick-list.ts';
import { largestStick, smallestStick } from '../runtime/sticks/stick-maker.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, printJson, type CliPorts, type ExitCode } from './command.ts';
import { progressLines } from './image-operands.ts';
import { openLab, openLabsHere } from './lab-file.ts';
import { stickOperands } from './stick-operands.ts';
import { tellFaults } from './stick-plug.ts';
import { printable, renderTable } from './text-table.ts';

export async function packStick({ operands, options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { stick, other } = stickOperands(operands, ports);
  const order = {
    folder: other === undefined ? undefined : ports.folder.resolve(other),
    bytes: sizeOf(options.get('size')),
    label: labelOf(options.get('label')),
    replace: options.has('replace'),
  };
  const work = { onProgress: progressLines('pack', ports), signal: ports.signal };
  const { bytes, count, leftOut } = await ports.sticks.maker.pack(stick, order, work);
  for (const path of leftOut) ports.err(printable(`Left out, as it is no file and no folder: ${path}`) + '\n');
  const content = order.folder === undefined ? 'empty' : `${count} ${count === 1 ? 'item' : 'items'} on it`;
  ports.out(printable(`${stick} is made: ${sizeWords(bytes)}, ${content}.`) + '\n');
  return exitCodes.done;
}

export async function unpackStick({ operands }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { stick, other } = stickOperands(operands, ports);
  if (other === undefined) throw new UsageError('Into which folder?');
  const folder = ports.folder.resolve(other);
  const work = { onProgress: progressLines('unpack', ports), signal: ports.signal };
  const { count, faults } = await ports.sticks.maker.unpack(stick, folder, work);
  tellFaults(faults, ports);
  ports.out(printable(`${count} ${count === 1 ? 'item' : 'items'} of ${stick} are in ${folder}.`) + '\n');
  return faults.length === 0 ? exitCodes.done : exitCodes.failed;
}

export async function checkStick({ operands, options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { stick, other } = stickOperands(operands, ports);
  if (other !== undefined) throw new UsageError(`"kvmstick check" can do nothing with ${other}.`);
  const faults = await ports.sticks.maker.check(stick);
  if (options.has('json')) printJson({ stick, faults }, ports);
  else if (faults.length === 0) ports.out(printable(`${stick} has no faults.`) + '\n');
  else tellFaults(faults, ports);
  return faults.length === 0 ? exitCodes.done : exitCodes.failed;
}

/** Of the labs named, or of the current folder. */
export async function listSticksHere({ operands, options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const unread = operands.length === 0 ? await openLabsHere(ports) : [];
  for (const file of operands) await openLab(file, ports);
  for (const file of unread) ports.err(`${file} is no lab file that can be read; its sticks are not listed.\n`);
  const { folders, more } = placesOf(ports.store.labs, ports.images.places.home);
  const here = operands.length === 0 ? [stickFolder(ports.folder.resolve('.'))] : [];
  const { actions, files } = ports.sticks;
  const rows = await listSticks({ folders: [...folders, ...here], more }, await actions.plugged(), files);
  if (options.has('json')) printJson(rows, ports);
  else ports.out(renderTable(['STICK', 'SIZE', 'TAKES', 'FORMAT', 'IN', 'STATE'], rows.map(rowOf)));
  return exitCodes.done;
}

const rowOf = (row: StickRow) => [
  row.path,
  sizeWords(row.bytes),
  sizeWords(row.allocatedBytes),
  row.fileSystem ?? undefined,
  row.vm === null ? undefined : `${row.lab ?? ''}/${row.vm}`,
  row.isMounted ? 'mounted' : row.isClean === false ? 'not unmounted' : undefined,
];

function sizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, unit] = /^([1-9]\d{0,6})([MGT])$/i.exec(text) ?? [];
  const bytes = Number(digits) * 2 ** (10 * ('MGT'.indexOf(unit?.toUpperCase() ?? 'M') + 2));
  if (bytes >= smallestStick && bytes <= largestStick) return bytes;
  throw new UsageError(
    `--size ${text}: say a size from ${sizeWords(smallestStick)} to ${sizeWords(largestStick)}, such as 512M or 8G.`,
  );
}

function labelOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Z0-9_-]{1,11}$/i.test(text)) return text?.toUpperCase();
  throw new UsageError(`--label ${text}: at most 11 letters, digits, "_" and "-".`);
}
