import { isSafeName } from '../../lab/names.ts';
import { snapshotFolder } from '../../lab/layout.ts';
import { isTarName } from '../../images/tar-header.ts';
import { listOf, member, textOf } from '../../qemu/json-value.ts';
import type { SavedBytes } from '../snapshot-ports.ts';
import { isInside, plainPoint, readPoint, stateFile, type SnapshotPoint } from './snapshot-point.ts';

/** What an archive of a snapshot holds. */
export interface ArchiveManifest {
  /** Name of the lab. */
  readonly lab: string;
  readonly point: SnapshotPoint;
  readonly files: readonly PackedFile[];
  /** What the lab file named elsewhere: files, and folders with all that is in them. */
  readonly moved: readonly MovedFile[];
  /** What the lab names and the archive does not hold, as the lab names it. */
  readonly leftOut: readonly string[];
}

export interface MovedFile {
  /** As the lab file named it. */
  readonly from: string;
  /** As it names it now, from its folder. */
  readonly to: string;
}

export interface PackedFile extends SavedBytes {
  /** In the archive. */
  readonly name: string;
  /** Where it belongs, from the lab file's folder. */
  readonly place: string;
}

const format = 1;

/** Where the memory of a VM belongs, from the lab file's folder. */
export const memoryPlace = (lab: string, point: string, vm: string): string =>
  `${snapshotFolder(lab)}/${point}/${stateFile(vm)}`;

export const writeManifest = ({ point, ...others }: ArchiveManifest): string =>
  `${JSON.stringify({ kvmlab: 'snapshot', format, ...others, point: plainPoint(point) }, undefined, 2)}\n`;

/** A text: why it is refused, the end of a sentence that begins with the archive. The manifest may come from anybody. */
export function readManifest(text: string): ArchiveManifest | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'is no archive of a snapshot';
  }
  if (member(json, 'kvmlab') !== 'snapshot') return 'is no archive of a snapshot';
  if (member(json, 'format') !== format)
    return `is of format ${JSON.stringify(member(json, 'format'))}, and this program reads format ${format}. Take a newer one`;
  const lab = textOf(member(json, 'lab')) ?? '';
  const point = readPoint(JSON.stringify(member(json, 'point') ?? ''));
  if (!isSafeName(lab) || !point) return 'holds no snapshot that can be read';
  const packed = listOf(member(json, 'files'));
  const files = packed.flatMap(readFile);
  if (files.length !== packed.length) return 'does not say what files it holds';
  const moved = listOf(member(json, 'moved')).flatMap(readMoved);
  const leftOut = listOf(member(json, 'leftOut')).filter(one => typeof one === 'string');
  const manifest = { lab, point, files, moved, leftOut };
  return refusalOf(manifest) ?? manifest;
}

function readFile(value: unknown): readonly PackedFile[] {
  const [name, place] = [textOf(member(value, 'name')), textOf(member(value, 'place'))];
  const [bytes, sha256] = [member(value, 'bytes'), textOf(member(value, 'sha256'))];
  if (name === undefined || !isTarName(name) || place === undefined) return [];
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) return [];
  return sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? [{ name, place, bytes, sha256 }] : [];
}

function readMoved(value: unknown): readonly MovedFile[] {
  const [from, to] = [textOf(member(value, 'from')), textOf(member(value, 'to'))];
  return from === undefined || from === '' || to === undefined || !isHarmless(to) ? [] : [{ from, to }];
}

/** Nothing of it may be taken for something else, such as a script of the lab or a setting of an editor. */
function refusalOf({ lab, point, files }: ArchiveManifest): string | undefined {
  const [labFile = '', ...included] = point.files.map(({ name }) => name);
  const memories = new Set(point.vms.filter(vm => vm.memory).map(vm => memoryPlace(lab, point.name, vm.name)));
  const disks = new Set(point.vms.flatMap(vm => vm.disks.map(({ file }) => file)));
  const texts = [labFile, ...included];
  const all = [...texts, ...files.map(({ place }) => place)];
  if (!/^[^/]+\.lab\.ya?ml$/.test(labFile) || !texts.every(name => isHarmless(name) && /\.ya?ml$/.test(name)))
    return `holds a lab file of a name that is not taken: ${JSON.stringify(texts)}`;
  const stray = files.find(({ place }) => !memories.has(place) && !isTaken(place, lab, disks));
  if (stray) return `would put a file where it is not taken: ${JSON.stringify(stray.place)}`;
  if (all.some((one, at) => all.some((other, index) => index !== at && (other === one || other.startsWith(`${one}/`)))))
    return 'holds two files for one place';
  const there = new Set(files.map(({ place }) => place));
  const missing = [...memories, ...disks].find(place => !there.has(place));
  return missing === undefined ? undefined : `does not hold ${missing}`;
}

/** Disks may lie in the lab's own folder, beside its scripts; what else VMs need may not. */
export const isTaken = (place: string, lab: string, disks: ReadonlySet<string>): boolean =>
  isHarmless(place) &&
  !/\.ya?ml$/.test(place) &&
  !place.startsWith(`${snapshotFolder(lab)}/`) &&
  (disks.has(place) || !place.startsWith(`${lab}/`));

const isHarmless = (place: string): boolean =>
  isInside(place) &&
  !place.split('/').some(part => part === '' || part.startsWith('.')) &&
  !place.endsWith('.sh') &&
  !/\p{Cc}/u.test(place);
