import type { ImageFormat } from '../../images/image-header.ts';
import { defaultFormat } from '../../lab/images.ts';
import { diskFolder } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import type { ImageFiles } from '../image-ports.ts';
import { folderOf } from '../paths.ts';
import { readChain, type ImageChain } from './image-chain.ts';
import { usedImages, type ImagePlaces, type UsedImage } from './lab-images.ts';

export interface ImageUser {
  /** Path of the lab file. */
  readonly lab: string;
  readonly vm: string;
  readonly isRunning: boolean;
}

/** An image of this host, and who uses it. */
export interface ImageEntry {
  readonly path: string;
  /** What people call it: its name in the lab, else its path. */
  readonly label: string;
  readonly format: ImageFormat;
  readonly role: UsedImage['role'] | 'unused';
  readonly url: string | undefined;
  readonly sha256: string | undefined;
  readonly state: 'there' | 'not-made' | 'not-fetched' | 'missing' | 'broken';
  readonly chain: ImageChain;
  readonly users: readonly ImageUser[];
}

/** A lab that was read, and whether a VM of it runs. */
export interface ListedLab {
  readonly path: string;
  readonly lab: Lab;
  readonly isRunning: (vm: string) => boolean;
}

/** All images that the labs name, then disks of VMs that are gone from them and fetched images that nobody names. */
export async function listImages(
  labs: readonly ListedLab[],
  places: ImagePlaces,
  files: Pick<ImageFiles, 'look' | 'names'>,
): Promise<readonly ImageEntry[]> {
  const found = new Map<string, Draft>();
  for (const { path, lab, isRunning } of labs) {
    for (const used of usedImages(path, lab, places)) {
      const held = found.get(used.path) ?? { used, users: [] };
      const user = { lab: path, vm: used.vm, isRunning: isRunning(used.vm) };
      found.set(used.path, { ...held, users: [...held.users, user] });
    }
  }
  for (const path of await leftOvers(labs, places, files)) if (!found.has(path)) found.set(path, unused(path));
  return Promise.all([...found.values()].map(draft => entryOf(draft, files)));
}

interface Draft {
  readonly used: Omit<UsedImage, 'role' | 'vm'> & { readonly role: ImageEntry['role'] };
  readonly users: readonly ImageUser[];
}

async function leftOvers(
  labs: readonly ListedLab[],
  { cache }: ImagePlaces,
  files: Pick<ImageFiles, 'names'>,
): Promise<readonly string[]> {
  const folders = [...new Set([...labs.map(({ path, lab }) => `${folderOf(path)}/${diskFolder(lab.name)}`), cache])];
  const names = await Promise.all(folders.map(folder => files.names(folder)));
  return folders.flatMap((folder, at) =>
    (names[at] ?? []).filter(name => /\.(qcow2|raw)$/.test(name)).map(name => `${folder}/${name}`),
  );
}

const unused = (path: string): Draft => ({
  used: {
    ...{ path, format: defaultFormat(path), role: 'unused', text: path },
    ...{ url: undefined, sha256: undefined, canBeMade: false },
  },
  users: [],
});

async function entryOf({ used, users }: Draft, files: Pick<ImageFiles, 'look'>): Promise<ImageEntry> {
  const { path, format, role, url, sha256, text, canBeMade } = used;
  const chain = await readChain(path, format, files);
  const isThere = chain.links.length > 0;
  const absent = url !== undefined ? 'not-fetched' : canBeMade ? 'not-made' : 'missing';
  const state = isThere ? (chain.problem === undefined ? 'there' : 'broken') : absent;
  const label = role === 'image' && (url !== undefined || sha256 !== undefined) ? text : shortPath(path);
  return { path, label, format, role, url, sha256, state, chain, users };
}

/** The last folder and the name. */
const shortPath = (path: string): string => path.split('/').slice(-2).join('/');

/** Bytes that a guest sees; undefined: nobody knows. */
export function virtualSize({ chain }: ImageEntry): number | undefined {
  const facts = chain.links[0]?.facts;
  return facts && facts.kind !== 'broken' ? facts.virtualSize : undefined;
}

/** `10.0 GiB`, as qemu-img writes it. */
export function sizeWords(bytes: number | undefined): string {
  if (bytes === undefined) return '?';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const number = bytes / 1024 ** power;
  return `${power === 0 || number >= 100 ? Math.round(number) : number.toFixed(1)} ${units[power] ?? ''}`;
}
