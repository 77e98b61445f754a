import { sizeWords } from '../runtime/images/image-list.ts';
import { exportSnapshot } from '../runtime/snapshots/export-snapshot.ts';
import { importIntoLab } from '../runtime/snapshots/import-into-lab.ts';
import { importSnapshot, openArchive } from '../runtime/snapshots/import-snapshot.ts';
import { labThen } from '../runtime/snapshots/lab-then.ts';
import { findPoint, type SnapshotParts } from '../runtime/snapshots/snapshot-parts.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type CliPorts, type ExitCode } from './command.ts';
import type { OpenLab } from './lab-file.ts';
import { printable } from './text-table.ts';

/** `NAME ARCHIVE`: packs a point of a lab. */
export async function exportPoint(
  open: OpenLab,
  names: readonly string[],
  parts: SnapshotParts,
  ports: CliPorts,
): Promise<ExitCode> {
  const [name, file, extra] = names;
  if (name === undefined || file === undefined) throw new UsageError('Which snapshot, and into which file?');
  if (extra !== undefined) throw new UsageError(`"${extra}" is one too many: name one snapshot and one file.`);
  const point = await findPoint(open, name, parts);
  const lab = await labThen(open.path, point, ports.files, ports.labCheck);
  const archive = ports.folder.resolve(file);
  const { archives } = ports.snapshots;
  const { bytes, leftOut } = await exportSnapshot(
    open,
    { point, lab, archive, replaces: false },
    { ...parts, archives, guestFolder: ports.labCheck.guestFolder },
  );
  ports.out(`Snapshot ${point.name} is in ${printable(archive)}: ${sizeWords(bytes)}.\n`);
  tellLeftOut(leftOut, ports);
  return exitCodes.done;
}

const tellLeftOut = (leftOut: readonly string[], ports: CliPorts): void => {
  if (leftOut.length > 0) ports.err(`Not in it, though the lab names it: ${leftOut.map(printable).join(', ')}.\n`);
};

/** `ARCHIVE [FOLDER]`: makes a lab of an archive, in a new folder; without one it has the name of the lab. */
export async function importPoint(
  archive: string,
  folder: string | undefined,
  parts: SnapshotParts,
  ports: CliPorts,
): Promise<ExitCode> {
  const { archives, lock } = ports.snapshots;
  const manifest = await openArchive(archive, { archives });
  const target = ports.folder.resolve(folder ?? manifest.lab);
  tellLeftOut(manifest.leftOut, ports);
  const labFile = await importSnapshot(archive, manifest, target, { ...parts, archives, lock });
  ports.out(
    `Snapshot ${manifest.point.name} of lab ${manifest.lab} is in ${printable(target)}. Bring it back with: kvmlab snapshot restore ${printable(labFile)} ${manifest.point.name}\n`,
  );
  return exitCodes.done;
}

/** Adds the point of an archive to those of a lab that is there. `as`: its name there. */
export async function importPointInto(
  archive: string,
  open: OpenLab,
  as: string | undefined,
  parts: SnapshotParts,
  ports: CliPorts,
): Promise<ExitCode> {
  const { archives } = ports.snapshots;
  const manifest = await openArchive(archive, { archives });
  const name = as ?? manifest.point.name;
  const all = { ...parts, archives, guestFolder: ports.labCheck.guestFolder };
  const { placed, changed } = await importIntoLab(open, { archive, manifest, name }, all);
  tellLeftOut(manifest.leftOut, ports);
  for (const file of placed) ports.err(`Was not there, and comes from the archive: ${printable(file)}\n`);
  if (changed.length > 0) ports.err(`Not what it was then: ${changed.map(printable).join(', ')}.\n`);
  ports.out(
    `Snapshot ${name} is one of lab ${printable(open.lab.name)} now. Bring it back with: kvmlab snapshot restore ${printable(open.path)} ${name}${changed.length > 0 ? ' --files' : ''}\n`,
  );
  return exitCodes.done;
}
