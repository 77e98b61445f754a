import { CalledOff, UserError } from '../../base/user-error.ts';
import { sizeWords } from '../images/image-list.ts';
import { folderOf } from '../paths.ts';
import type { PointArchives } from '../snapshot-ports.ts';
import type { ArchiveManifest } from './archive-manifest.ts';
import { fitPoint, type FittedFile, type FittedPoint } from './archive-fit.ts';
import { guestOf } from './export-snapshot.ts';
import { requireLoneDisk } from './import-snapshot.ts';
import { importFolder, mendPoints, undoImport } from './mend-points.ts';
import { changedFiles } from './restore-snapshot.ts';
import { requireSameMachines } from './same-machines.ts';
import { liveVms, pointsFolder, type PointedLab, type SnapshotParts } from './snapshot-parts.ts';
import { isPointName, pointFile, pointTag, writePoint, type SnapshotPoint } from './snapshot-point.ts';
import { inTenths } from './tenths.ts';

export interface IntoLabOrder {
  /** Absolute path of the archive. */
  readonly archive: string;
  readonly manifest: ArchiveManifest;
  /** What the point is called in the lab. */
  readonly name: string;
}

export interface IntoLabParts extends SnapshotParts {
  readonly archives: PointArchives;
  /** Where the tiny guest lies if it is not beside the lab file. */
  readonly guestFolder: string;
}

export interface IntoLab {
  /** Files that the lab names and that were not there. */
  readonly placed: readonly string[];
  /** Files of the lab that are not what they were then. */
  readonly changed: readonly string[];
}

/** A file of the archive, unpacked, on its way to its place. */
interface Unpacked extends FittedFile {
  readonly path: string;
}

/**
 * Adds the point of an archive to those of a lab that is there, if it fits; else it is said what does not. Nothing is
 * overwritten: disks get one more state inside, and the lab stays where it is.
 */
export async function importIntoLab(of: PointedLab, order: IntoLabOrder, parts: IntoLabParts): Promise<IntoLab> {
  const { manifest, name } = order;
  if (!isPointName(name)) throw new UserError(`"${name}" cannot be the name of a snapshot. Nothing was imported.`);
  await mendPoints(of, parts);
  if ((await parts.folders.folders(pointsFolder(of))).includes(name))
    throw new UserError(
      `Lab ${of.lab.name} has a snapshot ${name} already. Nothing was imported. Give this one another name.`,
    );
  const fitted = fitPoint(manifest, of, { places: parts.places, guest: await guestOf(of, parts) }, name);
  const changed = (await changedFiles(of, fitted.point, parts)).map(file => file.name);
  await requireFit(of, order, fitted, parts);
  await requireStopped(of, fitted.point, parts);
  if (changed.length === 0) await requireSameMachines(of, fitted.point, 'Nothing was imported', parts);
  const working = importFolder(of, name);
  await parts.folders.makeEmpty(working);
  const placed: string[] = [];
  try {
    const missing = await addDisks(order, await unpack(of, order, fitted, parts), parts);
    if (parts.signal?.aborted === true) throw new CalledOff('It was called off. Nothing was imported.');
    for (const { path, goal } of missing) {
      await parts.folders.place(path, goal);
      placed.push(goal);
    }
    await parts.folders.removeTree(`${working}/${unpackedFolder}`);
    await parts.files.write(`${working}/${pointFile}`, writePoint(fitted.point), 0o600);
    await parts.folders.rename(working, `${pointsFolder(of)}/${name}`);
    return { placed, changed };
  } catch (error) {
    for (const goal of placed) await parts.imageFiles.remove(goal);
    // What cannot be undone now is by the next command, which finds the folder.
    await undoImport(of, name, parts).catch(() => undefined);
    throw error;
  }
}

/**
 * All that can be found wrong without unpacking: what the lab does not name, and files that are others. Those that are
 * missing are put beside the lab file only: what lies elsewhere may be for other labs as well.
 */
async function requireFit(
  { path, lab }: PointedLab,
  { archive }: IntoLabOrder,
  { files, misfits }: FittedPoint,
  { imageFiles, signal }: IntoLabParts,
): Promise<void> {
  const found = [...misfits];
  for (const { kind, goal, bytes, sha256 } of misfits.length > 0 ? [] : files) {
    if (kind === 'memory') continue;
    const here = await imageFiles.look(goal);
    if (!here && !goal.startsWith(`${folderOf(path)}/`)) found.push(`${goal} is not there`);
    if (kind === 'part' && here && (here.bytes !== bytes || (await imageFiles.sum(goal, { signal })) !== sha256))
      found.push(`${goal} is another file here`);
  }
  if (found.length === 0) return;
  throw new UserError(
    `${archive} does not fit lab ${lab.name}: ${found.join('; ')}. Nothing was imported. It can become a lab of its own, in a new folder.`,
  );
}

/** A VM keeps its disks open, and only it could add to them. */
async function requireStopped(of: PointedLab, point: SnapshotPoint, parts: IntoLabParts): Promise<void> {
  const withDisks = new Set(point.vms.filter(({ disks }) => disks.length > 0).map(({ name }) => name));
  const running = (await liveVms(of, parts)).map(({ thing }) => thing.name).filter(name => withDisks.has(name));
  if (running.length > 0)
    throw new UserError(
      `${running.join(', ')} of lab ${of.lab.name} ${running.length === 1 ? 'runs' : 'run'}, and disks take a state from elsewhere only while nobody has them open. Nothing was imported. Stop ${running.length === 1 ? 'it' : 'them'} first.`,
    );
}

async function unpack(
  of: PointedLab,
  { archive, name }: IntoLabOrder,
  { files }: FittedPoint,
  { archives, folders, onProgress, signal }: IntoLabParts,
): Promise<readonly Unpacked[]> {
  const working = importFolder(of, name);
  // Disks are there twice for a while: as they come, and inside the image that takes their state.
  const needed = files.reduce((sum, { bytes, kind }) => sum + (kind === 'disk' ? 2 : 1) * bytes, 0);
  const free = await folders.freeBytes(working);
  if (needed > free)
    throw new UserError(
      `The snapshot takes ${sizeWords(needed)}, and only ${sizeWords(free)} are free in ${folderOf(of.path)}. Nothing was imported.`,
    );
  const placed = files.map(file => ({
    ...file,
    path: `${working}/${file.kind === 'memory' ? file.goal : `${unpackedFolder}/${file.name}`}`,
  }));
  await archives.unpack(archive, placed, { onProgress: inTenths('Unpacking', onProgress), signal });
  return placed;
}

/** In the folder of the import: what does not stay with the point. */
const unpackedFolder = 'unpacked';

/** Gives disks that are there the state of then. What is not there, disks among it, is given back, ready to be put there. */
async function addDisks(
  { name }: IntoLabOrder,
  files: readonly Unpacked[],
  { files: texts, images, imageFiles, onProgress, signal }: IntoLabParts,
): Promise<readonly Unpacked[]> {
  const missing: Unpacked[] = [];
  for (const file of files) {
    const isThere = file.kind === 'memory' || (await texts.exists(file.goal));
    if (!isThere) missing.push(file);
    if (file.kind !== 'disk') continue;
    await requireLoneDisk(file.place, file.path, imageFiles);
    const work = { onProgress: inTenths(`Adding to ${file.place}`, onProgress), signal };
    if (isThere) await images.addState(file.goal, pointTag(name), file.path, work);
    else await images.snapshot('create', file.path, pointTag(name));
  }
  return missing;
}
