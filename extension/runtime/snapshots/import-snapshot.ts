import { CalledOff, UserError } from '../../base/user-error.ts';
import { readImageHeader, refusalOf } from '../../images/image-header.ts';
import { snapshotFolder } from '../../lab/layout.ts';
import { sizeWords } from '../images/image-list.ts';
import { baseName, folderOf } from '../paths.ts';
import type { ImageFiles } from '../image-ports.ts';
import type { PointArchives } from '../snapshot-ports.ts';
import { readManifest, type ArchiveManifest } from './archive-manifest.ts';
import type { SnapshotParts } from './snapshot-parts.ts';
import { pointFile, pointTag, writePoint } from './snapshot-point.ts';
import { inTenths } from './tenths.ts';

export interface ImportParts extends Pick<
  SnapshotParts,
  'files' | 'folders' | 'images' | 'imageFiles' | 'onProgress' | 'signal'
> {
  readonly archives: PointArchives;
  /** Keeps other processes from a folder, which it makes. Undefined: another one has it. */
  readonly lock: (folder: string) => Promise<{ release(): Promise<void> } | undefined>;
}

/** What an archive says of itself. */
export async function openArchive(
  archive: string,
  { archives }: Pick<ImportParts, 'archives'>,
): Promise<ArchiveManifest> {
  const read = readManifest(await archives.manifest(archive));
  if (typeof read === 'string') throw new UserError(`${archive} ${read}. Nothing was made.`);
  return read;
}

/**
 * Makes a lab in a new folder, with the one point of an archive, ready to be restored. The folder is there whole and checked,
 * or not at all. Gives the path of the lab file.
 */
export async function importSnapshot(
  archive: string,
  manifest: ArchiveManifest,
  folder: string,
  parts: ImportParts,
): Promise<string> {
  const { folders } = parts;
  if (!(await folders.isVacant(folder)))
    throw new UserError(`${folder} is there already, and nothing was made. Name a new folder.`);
  // Beside it, so that it can be renamed. What an import that was killed left there goes away.
  const working = `${folderOf(folder)}/.${baseName(folder)}.importing`;
  const lock = await parts.lock(working);
  if (!lock) throw new UserError(`Another import works on ${folder}. Try again when it is done.`);
  try {
    await requireRoom(manifest, working, parts);
    const made = `${working}/lab`;
    await folders.makeEmpty(made);
    await unpack(archive, manifest, made, parts);
    parts.onProgress('Putting the disks in place …');
    await placeDisks(manifest, made, parts);
    await placeTexts(manifest, made, parts);
    if (parts.signal?.aborted === true) throw new CalledOff('It was called off. Nothing was made.');
    await folders.rename(made, folder);
  } finally {
    await folders.removeTree(working);
    await lock.release();
  }
  return `${folder}/${manifest.point.files[0]?.name ?? ''}`;
}

async function requireRoom({ files }: ArchiveManifest, working: string, { folders }: ImportParts): Promise<void> {
  const needed = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const free = await folders.freeBytes(working);
  if (needed > free)
    throw new UserError(
      `The snapshot takes ${sizeWords(needed)}, and only ${sizeWords(free)} are free in ${folderOf(working)}. Nothing was made.`,
    );
}

async function unpack(
  archive: string,
  { files }: ArchiveManifest,
  made: string,
  { archives, onProgress, signal }: ImportParts,
): Promise<void> {
  const placed = files.map(file => ({ ...file, path: `${made}/${file.place}` }));
  await archives.unpack(archive, placed, { onProgress: inTenths('Unpacking', onProgress), signal });
}

async function placeDisks(
  { point }: ArchiveManifest,
  made: string,
  { imageFiles, images, signal }: ImportParts,
): Promise<void> {
  for (const file of new Set(point.vms.flatMap(vm => vm.disks.map(disk => disk.file)))) {
    if (signal?.aborted === true) throw new CalledOff('It was called off. Nothing was made.');
    await requireLoneDisk(file, `${made}/${file}`, imageFiles);
    await images.snapshot('create', `${made}/${file}`, pointTag(point.name));
  }
}

/**
 * An image from somebody else may name any file of the host as its own, so its header is read by us first. `path`: where
 * it was unpacked.
 */
export async function requireLoneDisk(disk: string, path: string, images: Pick<ImageFiles, 'look'>): Promise<void> {
  const image = await images.look(path);
  if (!image) throw new UserError(`The archive does not hold the disk ${disk}. Nothing was made.`);
  const facts = readImageHeader(image.head, image.bytes, 'qcow2');
  const refusal =
    refusalOf(facts, image.head) ?? (facts.kind === 'qcow2' && facts.snapshots > 0 ? 'has snapshots' : undefined);
  if (refusal !== undefined) throw new UserError(`The disk ${disk} of the archive ${refusal}. Nothing was made.`);
}

async function placeTexts({ lab, point }: ArchiveManifest, made: string, { files }: ImportParts): Promise<void> {
  for (const { name, text } of point.files) await files.write(`${made}/${name}`, text);
  const points = `${made}/${snapshotFolder(lab)}`;
  await files.write(`${points}/${point.name}/${pointFile}`, writePoint({ ...point, parent: undefined }), 0o600);
  await files.write(`${points}/current`, `${point.name}\n`);
}
