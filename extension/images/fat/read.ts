import { UserError } from '../../base/user-error.ts';
import type { EntryFacts } from './folder-bytes.ts';
import { clusterOffset, type Area, type FatGeometry } from './geometry.ts';
import { readFolder } from './read-folder.ts';
import { FatTable, type ReadAt } from './table.ts';

/** A file or folder of a volume. */
export interface FoundItem {
  readonly kind: 'file' | 'folder';
  /** With `/` between its parts, none of which leads anywhere else. */
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
  /** Where the content lies, in order, from the start of the volume; together `bytes`, or less if it is cut off. */
  readonly pieces: readonly Area[];
}

export interface VolumeContent {
  /** Folders before what is in them. */
  readonly items: readonly FoundItem[];
  /** What is wrong with the volume, in sentences. */
  readonly problems: readonly string[];
  /** Whether whoever wrote last let go of it in good order. */
  readonly isClean: boolean;
}

/** A folder has no more (the limit of the format). */
const longestFolder = 65_536 * 32;
/** Of a volume of 2 TiB. */
const longestTable = 256 * 1_048_576;
/** Problems that are told; the rest is counted. */
const mostProblems = 20;

/** Reads and checks a whole volume but for the contents. Hostile input: everything ends, and no name leads out of its folder. */
export async function readVolume(geometry: FatGeometry, read: ReadAt): Promise<VolumeContent> {
  if (Math.min(geometry.fat.length, geometry.clusters * 4) > longestTable)
    throw new UserError('Its FAT volume is too large to be read here.');
  return new Reader(geometry, read, await FatTable.read(geometry, read)).all();
}

class Reader {
  private readonly geometry: FatGeometry;
  private readonly read: ReadAt;
  private readonly table: FatTable;
  private readonly items: FoundItem[] = [];
  private readonly problems: string[] = [];
  private readonly taken = new Set<number>();

  constructor(geometry: FatGeometry, read: ReadAt, table: FatTable) {
    this.geometry = geometry;
    this.read = read;
    this.table = table;
  }

  async all(): Promise<VolumeContent> {
    const { root } = this.geometry;
    const areas = typeof root === 'number' ? this.chain(root, 'The root folder') : [root];
    const folders = [{ path: '', areas }];
    for (let next = folders.shift(); next; next = folders.shift()) {
      const entries = readFolder(await this.bytesOf(next.areas));
      for (const item of this.itemsOf(entries, next.path)) {
        this.items.push(item);
        if (item.kind === 'folder') folders.push({ path: `${item.path}/`, areas: [...item.pieces] });
      }
    }
    this.countLost();
    const more = this.problems.length - mostProblems;
    const problems = more > 0 ? [...this.problems.slice(0, mostProblems), `And ${more} more.`] : this.problems;
    return { items: this.items, problems, isClean: this.table.isClean };
  }

  private itemsOf(entries: readonly EntryFacts[], folder: string): readonly FoundItem[] {
    const names = new Set<string>();
    return entries.flatMap(entry => {
      const { name, isFolder } = entry;
      const path = `${folder}${name}`;
      if (name === '' || /^\.\.?$|[/\0]/.test(name))
        return this.problem(`${folder || 'The root folder'} has a file with a name that cannot be.`);
      if (names.has(name)) return this.problem(`${path} is there twice; only the first counts.`);
      names.add(name);
      const pieces = isFolder || entry.bytes > 0 ? this.chain(entry.cluster, path) : [];
      if (isFolder) return [{ kind: 'folder', path, bytes: 0, modified: entry.modified, pieces } as const];
      return [this.file(entry, path, pieces)];
    });
  }

  private file({ bytes, modified }: EntryFacts, path: string, chain: readonly Area[]): FoundItem {
    const length = chain.reduce((sum, area) => sum + area.length, 0);
    if (length < bytes) this.problem(`${path} is cut off: ${length} of ${bytes} bytes are there.`);
    else if (length - bytes >= this.geometry.clusterBytes) this.problem(`${path} has more clusters than it needs.`);
    return { kind: 'file', path, bytes, modified, pieces: firstBytes(chain, bytes) };
  }

  /** The clusters of a file or folder, those side by side as one area. Ends where the chain is broken or enters another. */
  private chain(first: number, path: string): Area[] {
    const areas: { offset: number; length: number }[] = [];
    const { clusterBytes } = this.geometry;
    let cluster: number | 'broken' | undefined = this.table.isCluster(first) ? first : 'broken';
    while (typeof cluster === 'number' && !this.taken.has(cluster)) {
      this.taken.add(cluster);
      const offset = clusterOffset(this.geometry, cluster);
      const last = areas.at(-1);
      if (last && last.offset + last.length === offset) last.length += clusterBytes;
      else areas.push({ offset, length: clusterBytes });
      cluster = this.table.after(cluster);
    }
    if (cluster !== undefined)
      this.problem(
        `${path} ${cluster === 'broken' ? 'leads to a cluster that does not exist' : 'shares clusters with another file'}.`,
      );
    return areas;
  }

  private async bytesOf(areas: readonly Area[]): Promise<Uint8Array> {
    const all = firstBytes(areas, longestFolder);
    const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const { offset, length } of all) {
      bytes.set(await this.read(offset, length), at);
      at += length;
    }
    return bytes;
  }

  private countLost(): void {
    let lost = 0;
    for (let cluster = 2; this.table.isCluster(cluster); cluster++)
      if (this.table.isUsed(cluster) && !this.taken.has(cluster)) lost += 1;
    if (lost > 0) this.problem(`${lost} ${lost === 1 ? 'cluster is' : 'clusters are'} taken by no file.`);
  }

  private problem(words: string): [] {
    this.problems.push(words);
    return [];
  }
}

function firstBytes(areas: readonly Area[], bytes: number): readonly Area[] {
  let left = bytes;
  return areas.flatMap(({ offset, length }) => {
    const part = Math.min(length, left);
    left -= part;
    return part > 0 ? [{ offset, length: part }] : [];
  });
}
