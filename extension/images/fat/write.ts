import { UserError } from '../../base/user-error.ts';
import { entriesOf, entryBytes, folderBytes, type EntryFacts } from './folder-bytes.ts';
import * as layout from './geometry.ts';
import { nameKey, nameRefusal } from './names.ts';

export type FatItem = FatFile | FatFolder;

export interface FatFile {
  readonly kind: 'file';
  readonly name: string;
  readonly modified: number;
  readonly bytes: number;
  /** Where the content is, for whoever writes it. */
  readonly source: string;
}

export interface FatFolder {
  readonly kind: 'folder';
  readonly name: string;
  readonly modified: number;
  readonly items: readonly FatItem[];
}

export interface NewVolume {
  /** Size. */
  readonly bytes: number;
  /** At most eleven capitals, digits, `_` and `-`. */
  readonly label: string;
  /** 32 bits that tell this volume from others. */
  readonly serial: number;
  readonly items: readonly FatItem[];
}

/** What to write into a file of zeros. Offsets in bytes, from the start of the volume. */
export interface VolumePlan {
  readonly writes: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  readonly contents: readonly { readonly offset: number; readonly file: FatFile }[];
}

const largestFile = 2 ** 32 - 1;
const endOfChain = 0x0fffffff;

/** Bytes that a volume of this size has for the contents, and those that the items take of them. */
export function roomOf({ bytes, items }: Pick<NewVolume, 'bytes' | 'items'>): {
  readonly has: number;
  readonly needs: number;
} {
  const { clusters, clusterBytes } = layout.newGeometry(bytes);
  const clustersOf = (all: readonly FatItem[], more: number): number =>
    all.reduce((sum, item) => sum + (item.kind === 'file' ? units(item.bytes) : clustersOf(item.items, 2)), 0) +
    units(folderSize(all, more));
  const units = (length: number): number => Math.ceil(length / clusterBytes);
  return { has: clusters * clusterBytes, needs: clustersOf(items, 1) * clusterBytes };
}

/** `more`: the entries that a folder has besides. */
const folderSize = (items: readonly FatItem[], more: number): number =>
  entryBytes * items.reduce((sum, { name }) => sum + entriesOf(name), more);

/** A FAT32 volume with these items. Throws a UserError that names the first that cannot be on it. */
export function planVolume(volume: NewVolume): VolumePlan {
  const { has, needs } = roomOf(volume);
  if (needs > has)
    throw new UserError(`The content needs ${Math.ceil(needs / 1_048_576)} MiB, more than fits. Say a larger size.`);
  const plan = new Planner(layout.newGeometry(volume.bytes));
  plan.folder(volume.items, '', { label: volume.label });
  const { geometry } = plan;
  const table = plan.table();
  const [boot, info] = [bootSector(volume, geometry), infoSector(geometry.clusters - plan.used, plan.used + 2)];
  const sector = (at: number, bytes: Uint8Array) => ({ offset: at * layout.sectorBytes, bytes });
  const tables = [0, 1].map(copy => ({ offset: geometry.fat.offset + copy * geometry.fat.length, bytes: table }));
  return {
    writes: [sector(0, boot), sector(1, info), sector(6, boot), sector(7, info), ...tables, ...plan.writes],
    contents: plan.contents,
  };
}

/** Gives out clusters one after another, so that every chain is one piece. */
class Planner {
  readonly geometry: layout.FatGeometry;
  readonly writes: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  readonly contents: { readonly offset: number; readonly file: FatFile }[] = [];
  private readonly lasts = new Set<number>();
  private next = 2;

  constructor(geometry: layout.FatGeometry) {
    this.geometry = geometry;
  }

  get used(): number {
    return this.next - 2;
  }

  /** Gives the first cluster. `where`: the path of the folder on the volume, for messages. */
  folder(
    items: readonly FatItem[],
    where: string,
    head: { readonly label: string } | { readonly parent: number; readonly modified: number },
  ): number {
    checkNames(items, where);
    const self = this.take(folderSize(items, 'label' in head ? 1 : 2));
    const parent = 'label' in head ? 0 : self;
    const facts = items.map(item => this.place(item, `${where}${item.name}`, parent));
    const bytes = folderBytes(facts, 'label' in head ? head : { ...head, self });
    this.writes.push({ offset: layout.clusterOffset(this.geometry, self), bytes });
    return self;
  }

  /** Each cluster names the next of its chain. */
  table(): Uint8Array {
    const table = new Uint8Array((this.next + 1) * 4);
    const view = new DataView(table.buffer);
    view.setUint32(0, 0x0ffffff8, true);
    view.setUint32(4, endOfChain, true);
    for (let cluster = 2; cluster < this.next; cluster++)
      view.setUint32(cluster * 4, this.lasts.has(cluster) ? endOfChain : cluster + 1, true);
    return table;
  }

  private place(item: FatItem, path: string, parent: number): EntryFacts {
    const { name, modified } = item;
    if (item.kind === 'folder')
      return {
        ...{ name, modified, isFolder: true, bytes: 0 },
        cluster: this.folder(item.items, `${path}/`, { parent, modified }),
      };
    if (item.bytes > largestFile) throw new UserError(`${path} is larger than 4 GiB, the most that FAT takes.`);
    const cluster = item.bytes === 0 ? 0 : this.take(item.bytes);
    if (cluster > 0) this.contents.push({ offset: layout.clusterOffset(this.geometry, cluster), file: item });
    return { name, modified, isFolder: false, bytes: item.bytes, cluster };
  }

  private take(bytes: number): number {
    const first = this.next;
    this.next += Math.ceil(bytes / this.geometry.clusterBytes);
    this.lasts.add(this.next - 1);
    return first;
  }
}

function checkNames(items: readonly FatItem[], where: string): void {
  const known = new Map<string, string>();
  for (const { name } of items) {
    const refusal = nameRefusal(name);
    if (refusal !== undefined) throw new UserError(`${where}${name} ${refusal}. Rename it.`);
    const other = known.get(nameKey(name));
    if (other !== undefined)
      throw new UserError(`${where}${other} and ${where}${name} are one name on FAT. Rename one of them.`);
    known.set(nameKey(name), name);
  }
  if (folderSize(items, 2) > 65_536 * entryBytes)
    throw new UserError(`${where || 'The folder'} has too many files for FAT.`);
}

function bootSector({ bytes, label, serial }: NewVolume, { clusterBytes, fat }: layout.FatGeometry): Uint8Array {
  const sector = new Uint8Array(layout.sectorBytes);
  const view = new DataView(sector.buffer);
  const text = (at: number, words: string): void => {
    for (let index = 0; index < words.length; index++) sector[at + index] = words.charCodeAt(index);
  };
  sector.set([0xeb, 0x58, 0x90]);
  text(3, 'KVMLAB  ');
  view.setUint16(11, layout.sectorBytes, true);
  sector[13] = clusterBytes / layout.sectorBytes;
  view.setUint16(14, layout.reservedSectors, true);
  sector[16] = layout.tableCount;
  sector[21] = 0xf8;
  // What disks of old had: sectors of a track, heads; then the sectors before the volume.
  view.setUint16(24, 63, true);
  view.setUint16(26, 255, true);
  view.setUint32(28, volumeSector, true);
  view.setUint32(32, Math.floor(bytes / layout.sectorBytes), true);
  view.setUint32(36, fat.length / layout.sectorBytes, true);
  // The root folder, the info sector, the copy of this one.
  view.setUint32(44, 2, true);
  view.setUint16(48, 1, true);
  view.setUint16(50, 6, true);
  sector[64] = 0x80;
  sector[66] = 0x29;
  view.setUint32(67, serial, true);
  text(71, label.padEnd(11));
  text(82, 'FAT32   ');
  return ended(sector);
}

/** Where the volume begins on a stick: after a mebibyte, as partitions do. */
export const volumeSector = 2048;

function infoSector(free: number, next: number): Uint8Array {
  const sector = new Uint8Array(layout.sectorBytes);
  const view = new DataView(sector.buffer);
  view.setUint32(0, 0x41615252, true);
  view.setUint32(484, 0x61417272, true);
  view.setUint32(488, free, true);
  view.setUint32(492, next, true);
  return ended(sector);
}

function ended(sector: Uint8Array): Uint8Array {
  sector.set([0x55, 0xaa], 510);
  return sector;
}
