/**
 * Entries of a tar archive (POSIX.1-1988 "ustar", lengths over 8 GiB as GNU tar and the others write them): regular files
 * whose names are short and have no folders. Nothing else is written, and nothing else is read: an archive from somebody
 * else can hold links, devices and paths that lead anywhere.
 */
export const tarBlockBytes = 512;

export interface TarFile {
  readonly name: string;
  /** Length. */
  readonly bytes: number;
}

export type TarBlock =
  | ({ readonly kind: 'file' } & TarFile)
  /** No more files. */
  | { readonly kind: 'end' }
  /** `reason`: the end of a sentence that begins with the archive. */
  | { readonly kind: 'broken'; readonly reason: string };

/** Whether a file in an archive can be called that. */
export const isTarName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._+-]{0,98}$/.test(name);

/** What stands between the end of a file and the next header. */
export const tarPadding = (bytes: number): number => (tarBlockBytes - (bytes % tarBlockBytes)) % tarBlockBytes;

const places = { mode: 100, uid: 108, gid: 116, size: 124, time: 136, sum: 148, type: 156, magic: 257 } as const;
const mostOctal = 8 ** 11;

/** `seconds`: since 1970. */
export function writeTarHeader({ name, bytes }: TarFile, seconds: number): Uint8Array {
  const block = new Uint8Array(tarBlockBytes);
  put(block, 0, name);
  put(block, places.mode, '0000600\0');
  put(block, places.uid, '0000000\0');
  put(block, places.gid, '0000000\0');
  if (bytes < mostOctal) put(block, places.size, `${octal(bytes, 11)}\0`);
  else putLong(block, bytes);
  put(block, places.time, `${octal(Math.min(Math.max(Math.floor(seconds), 0), mostOctal - 1), 11)}\0`);
  put(block, places.type, '0');
  put(block, places.magic, 'ustar\x0000');
  put(block, places.sum, `${octal(sumOf(block), 6)}\0 `);
  return block;
}

export function readTarHeader(block: Uint8Array): TarBlock {
  if (block.length < tarBlockBytes) return { kind: 'broken', reason: 'ends too early' };
  if (block.every(byte => byte === 0)) return { kind: 'end' };
  if (!text(block, places.magic, 6).startsWith('ustar') || readOctal(block, places.sum, 8) !== sumOf(block))
    return { kind: 'broken', reason: 'is no tar archive, or is damaged' };
  const name = text(block, 0, 100);
  const type = String.fromCharCode(block[places.type] ?? 0);
  if (type !== '0' || !isTarName(name) || text(block, 345, 155) !== '')
    return { kind: 'broken', reason: `holds something else than the files of a snapshot: ${JSON.stringify(name)}` };
  const bytes = readLength(block);
  if (bytes === undefined) return { kind: 'broken', reason: `says no length of ${name}` };
  return { kind: 'file', name, bytes };
}

const octal = (number: number, digits: number): string => number.toString(8).padStart(digits, '0');

function put(block: Uint8Array, at: number, letters: string): void {
  for (let index = 0; index < letters.length; index += 1) block[at + index] = letters.charCodeAt(index);
}

/** Twelve bytes, the highest first, the first one marked. */
function putLong(block: Uint8Array, bytes: number): void {
  let rest = BigInt(bytes);
  for (let at = places.size + 11; at > places.size; at -= 1) {
    block[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  block[places.size] = 0x80;
}

function readLength(block: Uint8Array): number | undefined {
  if (block[places.size] !== 0x80) return readOctal(block, places.size, 12);
  const bytes = block.subarray(places.size + 1, places.size + 12).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function readOctal(block: Uint8Array, at: number, length: number): number | undefined {
  const digits = text(block, at, length).trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** Up to the first NUL. */
function text(block: Uint8Array, at: number, length: number): string {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
}

/** Of all bytes, those of the sum itself taken for blanks. */
const sumOf = (block: Uint8Array): number =>
  block.reduce((sum, byte, at) => sum + (at >= places.sum && at < places.sum + 8 ? 32 : byte), 0);
