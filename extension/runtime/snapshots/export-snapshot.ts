import { UserError } from '../../base/user-error.ts';
import { bootFolders, resolvePath } from '../../lab/files.ts';
import type { Lab } from '../../lab/model.ts';
import { sizeWords } from '../images/image-list.ts';
import { folderOf } from '../paths.ts';
import type { ArchivedFile, FolderTree, PointArchives } from '../snapshot-ports.ts';
import { memoryPlace, writeManifest } from './archive-manifest.ts';
import { exportFolder, mendPoints } from './mend-points.ts';
import { filesToPack, pointElsewhere, type FileToPack, type PackingPlaces } from './packed-files.ts';
import { pointsFolder, type PointedLab, type SnapshotParts } from './snapshot-parts.ts';
import { pointTag, stateFile, type SnapshotPoint } from './snapshot-point.ts';
import { inTenths } from './tenths.ts';

export interface ExportOrder {
  readonly point: SnapshotPoint;
  /** The lab as it was then, see `labThen`. */
  readonly lab: Lab;
  /** Absolute path of the archive. */
  readonly archive: string;
  /** Whether an archive of that name gives way, when the new one is whole; else that is a reason to refuse. */
  readonly replaces: boolean;
}

export interface ExportParts extends SnapshotParts {
  readonly archives: PointArchives;
  /** Where the tiny guest lies if it is not beside the lab file. */
  readonly guestFolder: string;
}

export interface Exported {
  /** Length of the archive. */
  readonly bytes: number;
  /** What the lab names and the archive does not hold. */
  readonly leftOut: readonly string[];
}

/** Packs a point with all that it needs on another host into one archive. VMs go on meanwhile. */
export async function exportSnapshot(of: PointedLab, order: ExportOrder, parts: ExportParts): Promise<Exported> {
  const { point, archive, replaces } = order;
  if (!replaces && (await parts.files.exists(archive)))
    throw new UserError(`${archive} is there already, and nothing was written. Take another name, or remove it.`);
  await mendPoints(of, parts);
  const then = { path: of.path, lab: order.lab };
  const { places } = parts;
  const packing = filesToPack(then, point, {
    places,
    guest: await guestOf(of, parts),
    trees: await trees(then, parts),
  });
  refuseOwnFile(of, order, packing.files);
  await requireThere(packing.files, point, parts);
  const elsewhere = pointElsewhere(of.path, point, packing);
  const working = exportFolder(of, point.name);
  await parts.folders.makeEmpty(working);
  try {
    const files = [
      ...memoriesOf(of, point),
      ...(await copies(packing.files, { working, tag: pointTag(point.name) }, parts)),
    ];
    const manifest = writeManifest({
      ...{ lab: of.lab.name, point: elsewhere, moved: packing.moved, leftOut: packing.leftOut },
      files: files.map(({ name, place, bytes, sha256 }) => ({ name, place, bytes, sha256 })),
    });
    const onProgress = inTenths('Writing the archive', parts.onProgress);
    await parts.archives.write(archive, manifest, files, { onProgress, signal: parts.signal, replaces });
  } finally {
    await parts.folders.removeTree(working);
  }
  return { bytes: (await parts.imageFiles.look(archive))?.bytes ?? 0, leftOut: packing.leftOut };
}

/** What is in the folders that VMs boot from over the network; a folder that is not there has none. */
async function trees({ path, lab }: PointedLab, { folders, places }: ExportParts): Promise<PackingPlaces['trees']> {
  const found = new Map<string, FolderTree>();
  for (const root of bootFolders(lab)) {
    const tree = await folders.tree(resolvePath(root, folderOf(path), places.home));
    if (tree) found.set(root, tree);
  }
  return found;
}

/** A kernel beside the lab file settles it, by the rule of the scripts. */
export async function guestOf(
  { path }: PointedLab,
  { files, guestFolder }: Pick<ExportParts, 'files' | 'guestFolder'>,
): Promise<string> {
  const own = `${folderOf(path)}/guest`;
  return (await files.exists(`${own}/vmlinuz`)) ? own : guestFolder;
}

/** A slip in a dialog must not cost a lab its disk. */
function refuseOwnFile(
  { path, lab }: PointedLab,
  { archive, point }: ExportOrder,
  packed: readonly FileToPack[],
): void {
  const texts = point.files.map(({ name }) => `${folderOf(path)}/${name}`);
  if ([path, ...texts, ...packed.map(file => file.path)].includes(archive))
    throw new UserError(`${archive} is a file of lab ${lab.name} itself. Nothing was written. Take another name.`);
}

/** Before anything is written. */
async function requireThere(
  packed: readonly FileToPack[],
  { name }: SnapshotPoint,
  { files, images }: ExportParts,
): Promise<void> {
  for (const { path, isDisk } of packed) {
    if (!(await files.exists(path)))
      throw new UserError(`${path}, which the lab of the snapshot ${name} needs, is not there. Nothing was written.`);
    if (isDisk && !(await images.snapshots(path)).some(one => one.name === pointTag(name)))
      throw new UserError(`${path} has no state of the snapshot ${name} any more. Nothing was written.`);
  }
}

interface PlacedFile extends ArchivedFile {
  readonly place: string;
}

const memoriesOf = (of: PointedLab, point: SnapshotPoint): readonly PlacedFile[] =>
  point.vms.flatMap(({ name: vm, memory }) =>
    memory
      ? [
          {
            ...{ name: stateFile(vm), path: `${pointsFolder(of)}/${point.name}/${stateFile(vm)}` },
            ...{ place: memoryPlace(of.lab.name, point.name, vm), ...memory },
          },
        ]
      : [],
  );

/** Disks as they were then, each in an image that stands alone; all else as it is. */
async function copies(
  packed: readonly FileToPack[],
  { working, tag }: { readonly working: string; readonly tag: string },
  { images, imageFiles, onProgress, signal }: ExportParts,
): Promise<readonly PlacedFile[]> {
  const made: PlacedFile[] = [];
  for (const [at, { path, place, isDisk }] of packed.entries()) {
    const name = `${isDisk ? 'disk' : 'file'}-${at + 1}`;
    const copy = isDisk ? `${working}/${name}` : path;
    if (isDisk)
      await images.copyState(path, tag, copy, { onProgress: inTenths(`Copying ${place}`, onProgress), signal });
    const bytes = (await imageFiles.look(copy))?.bytes ?? 0;
    onProgress(`Packing ${place}: ${sizeWords(bytes)}`);
    const sha256 = await imageFiles.sum(copy, { signal });
    made.push({ name, path: copy, place, bytes, sha256 });
  }
  return made;
}
