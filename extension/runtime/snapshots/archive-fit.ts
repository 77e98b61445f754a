import { bootFolders, neededFiles, resolvePath } from '../../lab/files.ts';
import { usedImages, type ImagePlaces } from '../images/lab-images.ts';
import { folderOf } from '../paths.ts';
import { memoryPlace, type ArchiveManifest, type PackedFile } from './archive-manifest.ts';
import { movedText, movedWords, type Move } from './moved-words.ts';
import { keptPath, type PointedLab } from './snapshot-parts.ts';
import { stateFile, type SnapshotPoint } from './snapshot-point.ts';

/** A file of an archive, and where it belongs in a lab that is there. */
export interface FittedFile extends PackedFile {
  readonly kind: 'memory' | 'disk' | 'part';
  /** Absolute; of a memory, the name in the folder of its point. */
  readonly goal: string;
}

export interface FittedPoint {
  /** As it is in that lab. */
  readonly point: SnapshotPoint;
  /** In the order of the archive. */
  readonly files: readonly FittedFile[];
  /** Why it is no point of that lab; empty: so far it may be one. */
  readonly misfits: readonly string[];
}

interface FitPlaces {
  readonly places: ImagePlaces;
  /** The folder of the tiny guest. */
  readonly guest: string;
}

/**
 * Whether the point of an archive may be one of a lab that is there, by what both say. An archive may come from anybody, so
 * its files go only where the lab itself names them.
 */
export function fitPoint(manifest: ArchiveManifest, of: PointedLab, host: FitPlaces, name: string): FittedPoint {
  const { lab, point } = manifest;
  const goalOf = goals(manifest, of, host);
  const memories = new Map(point.vms.map(vm => [memoryPlace(lab, point.name, vm.name), stateFile(vm.name)]));
  const disks = new Set(point.vms.flatMap(vm => vm.disks.map(({ file }) => file)));
  const files = manifest.files.map((file): FittedFile => {
    const memory = memories.get(file.place);
    if (memory !== undefined) return { ...file, kind: 'memory', goal: memory };
    return { ...file, kind: disks.has(file.place) ? 'disk' : 'part', goal: goalOf(file.place) };
  });
  const isNamed = namedBy(of, host);
  const strays = files.filter(({ kind, goal }) => kind === 'part' && !isNamed(goal));
  const misfits = [
    ...(lab === of.lab.name ? [] : [`it is of lab ${lab}`]),
    ...vmMisfits(point, of, host, goalOf),
    ...strays.map(({ place }) => `the lab names no file ${place}`),
  ];
  return { point: { ...pointHere(manifest, of, goalOf), name, parent: undefined }, files, misfits };
}

/** Where a file of the archive belongs: what was moved for it goes back. Absolute. */
function goals(
  { moved }: ArchiveManifest,
  { path }: PointedLab,
  { places, guest }: FitPlaces,
): (place: string) => string {
  const absolute = (text: string): string => resolvePath(text, folderOf(path), places.home);
  return place => {
    const kernel = /^guest\/(vmlinuz|initrd)$/.exec(place)?.[1];
    if (kernel !== undefined) return `${guest}/${kernel}`;
    const back = moved.find(({ to }) => place === to || place.startsWith(`${to}/`));
    return absolute(back ? back.from.replace(/\/+$/, '') + place.slice(back.to.length) : place);
  };
}

function namedBy({ path, lab }: PointedLab, { places, guest }: FitPlaces): (goal: string) => boolean {
  const absolute = (text: string): string => resolvePath(text, folderOf(path), places.home);
  const named = new Set(neededFiles(lab).map(file => absolute(file.path)));
  if (lab.vms.some(vm => vm.isTinyGuest)) for (const one of ['vmlinuz', 'initrd']) named.add(`${guest}/${one}`);
  const roots = bootFolders(lab).map(root => `${absolute(root).replace(/\/+$/, '')}/`);
  return goal => named.has(goal) || roots.some(root => goal.startsWith(root));
}

function vmMisfits(
  point: SnapshotPoint,
  of: PointedLab,
  { places }: FitPlaces,
  goalOf: (place: string) => string,
): readonly string[] {
  const used = usedImages(of.path, of.lab, places).filter(({ role }) => role !== 'image');
  return point.vms.flatMap(({ name, disks }) => {
    if (!of.lab.vms.some(vm => vm.name === name)) return [`the lab has no VM ${name}`];
    return disks.flatMap(({ file }) => {
      const disk = used.find(({ vm, path }) => vm === name && path === goalOf(file));
      if (!disk) return [`${name} has no disk ${file} here`];
      return disk.format === 'qcow2'
        ? []
        : [`${disk.text} of ${name} is raw here, and only qcow2 disks keep snapshots`];
    });
  });
}

/** Texts, disks and command lines as they are where that lab is. */
function pointHere(
  { point, moved, files }: ArchiveManifest,
  { path }: PointedLab,
  goalOf: (place: string) => string,
): SnapshotPoint {
  const then = point.places?.folder ?? '';
  const outside = files.flatMap(({ place }): readonly Move[] => {
    const [from, to] = [`${then}/${place}`, goalOf(place)];
    return to === `${folderOf(path)}/${place}` ? [] : [[from, to]];
  });
  return {
    ...point,
    files: point.files.map(({ name, text }) => ({
      name,
      text: moved.reduce((all, { from, to }) => movedText(all, to, from), text),
    })),
    vms: point.vms.map(vm => ({
      ...vm,
      command: movedWords(vm.command, outside),
      disks: vm.disks.map(disk => ({ ...disk, file: keptPath(goalOf(disk.file), path) })),
    })),
  };
}
