import { UserError } from '../../base/user-error.ts';
import { bootFolders, neededFiles, resolvePath } from '../../lab/files.ts';
import type { Lab } from '../../lab/model.ts';
import { usedImages, type ImagePlaces } from '../images/lab-images.ts';
import { baseName, folderOf } from '../paths.ts';
import type { FolderTree } from '../snapshot-ports.ts';
import { fullPath, type PointedLab } from './snapshot-parts.ts';
import { isInside, type SnapshotPoint } from './snapshot-point.ts';
import { isTaken, type ArchiveManifest } from './archive-manifest.ts';
import { movedText, movedWords, type Move } from './moved-words.ts';

/** A file of a lab on its way into an archive. */
export interface FileToPack {
  /** Absolute. */
  readonly path: string;
  /** Where it goes, from the lab file's folder. */
  readonly place: string;
  /** A disk keeps what is packed inside, under the point's tag. */
  readonly isDisk: boolean;
}

/** All that goes into an archive, and what does not. */
export interface Packing extends Pick<ArchiveManifest, 'moved' | 'leftOut'> {
  readonly files: readonly FileToPack[];
}

/** What has to be known of the host to pack. */
export interface PackingPlaces {
  readonly places: ImagePlaces;
  /** The folder of the tiny guest. */
  readonly guest: string;
  /** What is in the folders that VMs boot from over the network, by their names in the lab file. */
  readonly trees: ReadonlyMap<string, FolderTree>;
}

interface Wanted {
  readonly path: string;
  /** As the lab file, or the point, says it. */
  readonly text: string;
  readonly isDisk: boolean;
}

/** Files from outside of the lab file's folder come to lie in this one. */
const outsideFolder = 'from-outside';

/** Far more than a boot loader and its kernels: a mirror of a distribution stays where it is. */
const mostBootFiles = 10_000;

/**
 * All that a point needs on another host, each file once: its disks, and what its VMs boot from. `of`: the lab as it was
 * then. Disks that were made from images have these inside.
 */
export function filesToPack(of: PointedLab, point: SnapshotPoint, host: PackingPlaces): Packing {
  const { places, guest } = host;
  const used = new Map(usedImages(of.path, of.lab, places).map(image => [image.path, image]));
  const disks = point.vms.flatMap(vm =>
    vm.disks.map(({ file }): Wanted => {
      const path = fullPath(file, of.path);
      return { path, text: used.get(path)?.role === 'disk' ? (used.get(path)?.text ?? file) : file, isDisk: true };
    }),
  );
  const taken = new Set<string>();
  const moved = new Map<string, string>();
  const placeFor = (text: string, named = text): string => {
    const place = placeOf(text, taken);
    taken.add(place);
    if (place !== text) moved.set(named, place);
    return place;
  };
  const found = new Map<string, FileToPack>();
  for (const { path, text, isDisk } of [...disks, ...bootFiles(of, point, places)])
    if (!found.has(path)) found.set(path, { path, place: placeFor(text), isDisk });
  const network = networkFiles(of, host, placeFor);
  const kernels = of.lab.vms.some(vm => vm.isTinyGuest) ? ['vmlinuz', 'initrd'] : [];
  return {
    files: [
      ...found.values(),
      ...network.files,
      ...kernels.map(name => ({ path: `${guest}/${name}`, place: `guest/${name}`, isDisk: false })),
    ],
    moved: [...moved].map(([from, to]) => ({ from, to })),
    leftOut: [...network.leftOut, ...installFiles(of.lab)],
  };
}

/** The folders that VMs boot from over the network. What an archive must not hold, as it could be run or read as a lab, is left out. */
function networkFiles(
  { path, lab }: PointedLab,
  { places, trees }: PackingPlaces,
  placeFor: (text: string, named: string) => string,
): Pick<Packing, 'files' | 'leftOut'> {
  const [files, leftOut]: [FileToPack[], string[]] = [[], []];
  for (const root of new Set(bootFolders(lab))) {
    const tree = trees.get(root);
    const text = root.replace(/\/+$/, '');
    if (!tree) throw new UserError(`${root}, which VMs boot from over the network, is not there. Nothing was written.`);
    if (tree.files.length > mostBootFiles) {
      leftOut.push(root);
      continue;
    }
    const place = placeFor(text, root);
    const folder = resolvePath(text, folderOf(path), places.home);
    const mayGo = (name: string): boolean => isTaken(`${place}/${name}`, lab.name, new Set());
    for (const name of tree.files.filter(mayGo))
      files.push({ path: `${folder}/${name}`, place: `${place}/${name}`, isDisk: false });
    leftOut.push(...[...tree.files.filter(name => !mayGo(name)), ...tree.others].map(name => `${text}/${name}`));
  }
  return { files, leftOut };
}

/** What VMs are installed with; a snapshot goes on without it. */
const installFiles = ({ vms }: Lab): readonly string[] => {
  const named = vms.flatMap(({ install }) => [install?.script, install?.kernel, install?.initrd, install?.cdrom]);
  return [...new Set(named.filter(one => one !== undefined))];
};

/** Beside the disks. An image is needed only by those that have no disk over it yet. */
function bootFiles({ path, lab }: PointedLab, point: SnapshotPoint, { home }: ImagePlaces): readonly Wanted[] {
  const withDisk = new Set(
    point.vms.filter(vm => vm.disks.some(disk => overlayOf(lab, vm.name) === disk.file)).map(vm => vm.name),
  );
  return neededFiles(lab)
    .filter(({ kind, vm }) => kind !== 'disk' && !(kind === 'image' && withDisk.has(vm)))
    .map(({ path: text }) => ({ path: resolvePath(text, folderOf(path), home), text, isDisk: false }));
}

const overlayOf = (lab: Lab, vm: string): string | undefined => lab.vms.find(one => one.name === vm)?.image?.overlay;

function placeOf(text: string, taken: ReadonlySet<string>): string {
  if (isInside(text) && !text.split('/').some(part => part.startsWith('.') || part.startsWith('~'))) return text;
  const name =
    baseName(text)
      .replace(/[^\w.+-]/g, '-')
      .replace(/^\.+/, '') || 'file';
  let place = `${outsideFolder}/${name}`;
  for (let number = 2; taken.has(place); number += 1) place = `${outsideFolder}/${number}-${name}`;
  return place;
}

/** The point as it is where its files have been put: in the texts of the lab, as disks, and in command lines. */
export function pointElsewhere(
  labPath: string,
  point: SnapshotPoint,
  { files: packed, moved }: Pick<Packing, 'files' | 'moved'>,
): SnapshotPoint {
  const { places } = point;
  if (!places && point.vms.some(({ memory }) => memory))
    throw new UserError(
      `The snapshot ${point.name} was made by an older version and fits only where it is. Restore it, save it again, and export that.`,
    );
  const files = point.files.map(({ name, text }) => ({
    name,
    text: moved.reduce((all, { from, to }) => movedText(all, from, to), text),
  }));
  const moves = packed.map(({ path, place }): Move => [path, `${places?.folder ?? ''}/${place}`]);
  const placeOfDisk = new Map(packed.map(({ path, place }) => [path, place]));
  const vms = point.vms.map(vm => ({
    ...vm,
    command: movedWords(vm.command, moves),
    disks: vm.disks.map(disk => ({ ...disk, file: placeOfDisk.get(fullPath(disk.file, labPath)) ?? disk.file })),
  }));
  return { ...point, files, vms };
}
