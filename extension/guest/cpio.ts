import { asciiBytes } from './ascii.ts';

/** What an archive holds. Paths are relative, without `./`; a folder comes before what lies in it. */
export type CpioEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array; readonly isExecutable: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  /** A character device: making one in the file system would need root, in an archive it does not. */
  | { readonly kind: 'device'; readonly path: string; readonly major: number; readonly minor: number };

/**
 * An archive in cpio's `newc` form, which the kernel unpacks as its first root file system
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Everything belongs to root and is dated 1970,
 * so that the same entries give the same bytes.
 */
export function writeCpio(entries: readonly CpioEntry[]): Uint8Array<ArrayBuffer> {
  const parts = entries.flatMap((entry, index) => partsOf(entry, index + 1));
  parts.push(...record({ inode: 0, mode: 0, links: 1, name: 'TRAILER!!!', bytes: none }));
  const archive = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}

interface CpioRecord {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly device?: readonly [major: number, minor: number];
}

const none = new Uint8Array(0);
/** Types of files, as in stat(2). */
const folderType = 0o040000;
const fileType = 0o100000;
const linkType = 0o120000;
const characterType = 0o020000;

function partsOf(entry: CpioEntry, inode: number): readonly Uint8Array[] {
  const { path: name } = entry;
  switch (entry.kind) {
    case 'folder':
      return record({ inode, mode: folderType | 0o755, links: 2, name, bytes: none });
    case 'file':
      return record({
        inode,
        mode: fileType | (entry.isExecutable ? 0o755 : 0o644),
        links: 1,
        name,
        bytes: entry.bytes,
      });
    case 'link':
      return record({ inode, mode: linkType | 0o777, links: 1, name, bytes: asciiBytes(entry.target) });
    case 'device': {
      const device = [entry.major, entry.minor] as const;
      return record({ inode, mode: characterType | 0o600, links: 1, name, bytes: none, device });
    }
  }
}

/** Header with name and then content, each padded to a multiple of four bytes. */
function record({ inode, mode, links, name, bytes, device = [0, 0] }: CpioRecord): readonly Uint8Array[] {
  const nameBytes = asciiBytes(`${name}\0`);
  // ino, mode, uid, gid, nlink, mtime, filesize, dev (major, minor), rdev (major, minor), namesize, check
  const fields = [inode, mode, 0, 0, links, 0, bytes.length, 0, 0, ...device, nameBytes.length, 0];
  const header = asciiBytes(`070701${fields.map(hex8).join('')}`);
  return [header, nameBytes, padding(header.length + nameBytes.length), bytes, padding(bytes.length)];
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');
const padding = (length: number): Uint8Array => new Uint8Array(-length & 3);
