import type { FatGeometry } from './geometry.ts';

/** Reads so many bytes of a volume; what lies behind its end is zeros. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

const bitsOf = { fat12: 12, fat16: 16, fat32: 32 } as const;

/** The table of a volume: which cluster follows which. */
export class FatTable {
  private readonly geometry: FatGeometry;
  private readonly bytes: Uint8Array;

  private constructor(geometry: FatGeometry, bytes: Uint8Array) {
    this.geometry = geometry;
    this.bytes = bytes;
  }

  static async read(geometry: FatGeometry, read: ReadAt): Promise<FatTable> {
    const wanted = Math.ceil(((geometry.clusters + 2) * bitsOf[geometry.kind]) / 8);
    return new FatTable(geometry, await read(geometry.fat.offset, Math.min(wanted, geometry.fat.length)));
  }

  /** Whether whoever wrote last on the volume let go of it in good order; not every system says so here. */
  get isClean(): boolean {
    const { kind } = this.geometry;
    if (kind === 'fat12') return true;
    return (this.cell(1) & (kind === 'fat16' ? 0x8000 : 0x0800_0000)) !== 0;
  }

  isUsed(cluster: number): boolean {
    return this.isCluster(cluster) && this.cell(cluster) !== 0 && !this.isBad(cluster);
  }

  /** The cluster that follows; undefined: it is the last one; `broken`: it names none that there is. */
  after(cluster: number): number | 'broken' | undefined {
    const next = this.cell(cluster);
    if (next >= endOf[this.geometry.kind]) return undefined;
    return this.isCluster(next) ? next : 'broken';
  }

  isCluster(cluster: number): boolean {
    return cluster >= 2 && cluster < this.geometry.clusters + 2;
  }

  private isBad(cluster: number): boolean {
    return this.cell(cluster) === endOf[this.geometry.kind] - 1;
  }

  private cell(cluster: number): number {
    const { kind } = this.geometry;
    const byte = (at: number): number => this.bytes[at] ?? 0;
    if (kind === 'fat16') return byte(cluster * 2) | (byte(cluster * 2 + 1) << 8);
    if (kind === 'fat32') {
      const at = cluster * 4;
      return byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | ((byte(at + 3) & 0x0f) << 24);
    }
    const at = Math.floor(cluster * 1.5);
    const pair = byte(at) | (byte(at + 1) << 8);
    return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
  }
}

/** From this value on there is no next cluster; the one before it stands for a bad cluster. */
const endOf = { fat12: 0xff8, fat16: 0xfff8, fat32: 0x0fff_fff8 } as const;
