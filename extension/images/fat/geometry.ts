/** Where the parts of a FAT volume lie. All offsets and lengths are bytes, from the start of the volume. */
export interface FatGeometry {
  readonly kind: 'fat12' | 'fat16' | 'fat32';
  readonly clusterBytes: number;
  /** How many hold data; they are numbered from 2. */
  readonly clusters: number;
  /** The first table of clusters; the others are copies of it. */
  readonly fat: Area;
  readonly dataStart: number;
  /** The root folder: a chain of clusters that begins with this one, or an area of its own before the data. */
  readonly root: number | Area;
}

export interface Area {
  readonly offset: number;
  readonly length: number;
}

export const sectorBytes = 512;
/** Sectors of a FAT32 volume before its tables, and how many of those it has. */
export const [reservedSectors, tableCount] = [32, 2];
/** With fewer a volume would be FAT16, by the rule of the format. */
const fewestClusters = 65_525;
const mebibyte = 1_048_576;

/** Sizes of a volume that we make. */
export const [smallestVolume, largestVolume] = [63 * mebibyte, 2 ** 40];

/** A FAT32 volume of this size as we make it; cluster sizes are those of Windows. */
export function newGeometry(bytes: number): FatGeometry {
  const sectors = Math.floor(bytes / sectorBytes);
  const perCluster = Math.max(1, clusterSectors.find(([below]) => bytes <= below)?.[1] ?? 64);
  const fatSectors = Math.ceil((((sectors - reservedSectors) / perCluster + 2) * 4) / sectorBytes);
  const dataSector = reservedSectors + tableCount * fatSectors;
  return {
    kind: 'fat32',
    clusterBytes: perCluster * sectorBytes,
    clusters: Math.floor((sectors - dataSector) / perCluster),
    fat: { offset: reservedSectors * sectorBytes, length: fatSectors * sectorBytes },
    dataStart: dataSector * sectorBytes,
    root: 2,
  };
}

/** Up to which size how many sectors. */
const clusterSectors = [
  [260 * mebibyte, 1],
  [8192 * mebibyte, 8],
  [16_384 * mebibyte, 16],
  [32_768 * mebibyte, 32],
] as const;

export const clusterOffset = ({ dataStart, clusterBytes }: FatGeometry, cluster: number): number =>
  dataStart + (cluster - 2) * clusterBytes;

/**
 * Reads the first sector of a volume (Microsoft's "FAT32 File System Specification", 2000). A guest may have written it:
 * undefined unless all of it makes sense.
 */
export function readGeometry(boot: Uint8Array): FatGeometry | undefined {
  if (!hasSignature(boot)) return undefined;
  const view = new DataView(boot.buffer, boot.byteOffset, boot.byteLength);
  const sector = view.getUint16(11, true);
  const perCluster = view.getUint8(13);
  const tables = view.getUint8(16);
  if (!isPower(sector, 512, 4096) || !isPower(perCluster, 1, 128) || tables < 1 || tables > 4) return undefined;
  const rootEntries = view.getUint16(17, true);
  const sectors = view.getUint16(19, true) || view.getUint32(32, true);
  const fatSectors = view.getUint16(22, true) || view.getUint32(36, true);
  const before = view.getUint16(14, true);
  const rootSectors = Math.ceil((rootEntries * 32) / sector);
  const rootSector = before + tables * fatSectors;
  const clusters = Math.floor((sectors - rootSector - rootSectors) / perCluster);
  if (before < 1 || fatSectors < 1 || clusters < 1) return undefined;
  const kind = clusters < 4085 ? 'fat12' : clusters < fewestClusters ? 'fat16' : 'fat32';
  return {
    kind,
    clusterBytes: perCluster * sector,
    clusters,
    fat: { offset: before * sector, length: fatSectors * sector },
    dataStart: (rootSector + rootSectors) * sector,
    root: kind === 'fat32' ? view.getUint32(44, true) : { offset: rootSector * sector, length: rootEntries * 32 },
  };
}

/** Of boot sectors and partition tables. */
export const hasSignature = (sector: Uint8Array): boolean =>
  sector.length >= sectorBytes && sector[510] === 0x55 && sector[511] === 0xaa;

const isPower = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most && (value & (value - 1)) === 0;
