import { hasSignature, readGeometry, sectorBytes, type FatGeometry } from './fat/geometry.ts';
import { volumeSector } from './fat/write.ts';

/** What is on a stick, as far as it can be read here. Guests write it: hostile input. */
export interface StickVolume {
  /** Offset of the volume in bytes: behind a partition table, or 0. */
  readonly offset: number;
  readonly bytes: number;
  /** For people: `FAT32`, `ext4`, `NTFS`; undefined: nothing that is known. */
  readonly fileSystem: string | undefined;
  /** Of a FAT volume only. */
  readonly geometry: FatGeometry | undefined;
  /** False: it was written to and not let go of in good order, or is just being written to. Undefined: it does not tell. */
  readonly isClean: boolean | undefined;
}

/** So much of the start of a disk, and of a volume, tells what they are. */
export const startBytes = 4096;

/** The first partition of a disk, or all of it if it has no partitions. `start`: its first `startBytes`; `bytes`: its size. */
export function findVolume(start: Uint8Array, bytes: number): { readonly offset: number; readonly bytes: number } {
  const whole = { offset: 0, bytes };
  if (!hasSignature(start) || isFat(start, bytes)) return whole;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  for (let at = 446; at < 510; at += 16) {
    const offset = view.getUint32(at + 8, true) * sectorBytes;
    const length = view.getUint32(at + 12, true) * sectorBytes;
    const isThere = start[at + 4] !== 0 && offset > 0 && length > 0 && offset + length <= bytes;
    if (isThere) return { offset, bytes: length };
  }
  return whole;
}

/** `start`: the first `startBytes` of the volume. */
export function readStickVolume(
  start: Uint8Array,
  place: { readonly offset: number; readonly bytes: number },
): StickVolume {
  const geometry = isFat(start, place.bytes) ? readGeometry(start) : undefined;
  if (geometry) {
    const fileSystem = geometry.kind.toUpperCase();
    const isClean = ((start[geometry.kind === 'fat32' ? 0x41 : 0x25] ?? 0) & 1) === 0;
    return { ...place, geometry, fileSystem, isClean };
  }
  return { ...place, geometry: undefined, ...otherSystem(start) };
}

function isFat(start: Uint8Array, bytes: number): boolean {
  const geometry = readGeometry(start);
  if (!geometry || (start[0] !== 0xeb && start[0] !== 0xe9)) return false;
  return geometry.dataStart + geometry.clusters * geometry.clusterBytes <= bytes;
}

function otherSystem(start: Uint8Array): Pick<StickVolume, 'fileSystem' | 'isClean'> {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const name = String.fromCharCode(...start.subarray(3, 11));
  if (name === 'NTFS    ' || name === 'EXFAT   ') return { fileSystem: name.trim(), isClean: undefined };
  if (start.length < 2048 || view.getUint16(extAt + 56, true) !== 0xef53)
    return { fileSystem: undefined, isClean: undefined };
  const [state, incompatible] = [view.getUint16(extAt + 58, true), view.getUint32(extAt + 96, true)];
  const hasExtents = (incompatible & 0x40) !== 0;
  // The journal of a mounted volume is to be replayed.
  return { fileSystem: hasExtents ? 'ext4' : 'ext2/3', isClean: (state & 1) !== 0 && (incompatible & 4) === 0 };
}

/** Where the superblock of ext2, 3 and 4 begins. */
const extAt = 1024;

/** The first sector of a stick with one partition that goes from `volumeSector` to its end. */
export function partitionTable(bytes: number, serial: number): Uint8Array {
  const sector = new Uint8Array(sectorBytes);
  const view = new DataView(sector.buffer);
  view.setUint32(440, serial, true);
  // Not for booting; FAT32 by LBA; cylinders of old that no longer count.
  sector.set([0, 0xfe, 0xff, 0xff, 0x0c, 0xfe, 0xff, 0xff], 446);
  view.setUint32(454, volumeSector, true);
  view.setUint32(458, Math.floor(bytes / sectorBytes) - volumeSector, true);
  sector.set([0x55, 0xaa], 510);
  return sector;
}
