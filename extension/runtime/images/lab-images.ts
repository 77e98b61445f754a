import type { ImageFormat } from '../../images/image-header.ts';
import { resolvePath } from '../../lab/files.ts';
import { fetchedName } from '../../lab/images.ts';
import type { ImagePlace, Lab, Vm } from '../../lab/model.ts';
import { folderOf } from '../paths.ts';

/** Where images lie that a lab file does not place itself. */
export interface ImagePlaces {
  /** The user's home folder, for `~/`. */
  readonly home: string;
  /** Folder of the images that were fetched. */
  readonly cache: string;
}

/** An image as a VM of a lab uses it. */
export interface UsedImage {
  /** Absolute. */
  readonly path: string;
  readonly format: ImageFormat;
  readonly role: 'image' | 'overlay' | 'disk';
  /** As the lab names an image: `debian`, `images/base.qcow2`. */
  readonly text: string;
  readonly vm: string;
  /** Where it is fetched from. */
  readonly url: string | undefined;
  readonly sha256: string | undefined;
  /** A start makes it if it is missing. */
  readonly canBeMade: boolean;
}

/** Every image of a lab, in the order of its VMs; one that several use is there several times. */
export function usedImages(labPath: string, lab: Lab, places: ImagePlaces): readonly UsedImage[] {
  const absolute = (path: string): string => resolvePath(path, folderOf(labPath), places.home);
  return lab.vms.flatMap(vm => [...ownDisk(vm, places, absolute), ...disks(vm, absolute)]);
}

function ownDisk(
  { name: vm, image }: Vm,
  { cache }: ImagePlaces,
  absolute: (path: string) => string,
): readonly UsedImage[] {
  if (!image?.source) return [];
  const { place, format } = image.source;
  const common = { text: image.text, vm, sha256: place.sha256 };
  const path = place.kind === 'file' ? absolute(place.path) : `${cache}/${fetchedName(place.sha256, format)}`;
  return [
    { ...common, path, format, role: 'image', url: urlOf(place), canBeMade: false },
    { ...common, path: absolute(image.overlay), format: 'qcow2', role: 'overlay', url: undefined, canBeMade: true },
  ];
}

const urlOf = (place: ImagePlace): string | undefined => (place.kind === 'url' ? place.url : undefined);

const disks = ({ name: vm, disks: list }: Vm, absolute: (path: string) => string): readonly UsedImage[] =>
  list.map(({ file, format, size }) => ({
    ...{ path: absolute(file), format, role: 'disk', text: file, vm, url: undefined, sha256: undefined },
    canBeMade: size !== undefined,
  }));
