/** Formats that labs use; the format is always known from elsewhere, never guessed from what a guest may have written. */
export type ImageFormat = 'qcow2' | 'raw';

/** What an image is, by its first bytes. Images are hostile input: a header may name any file of the host. */
export type ImageFacts =
  | { readonly kind: 'raw'; /** Bytes that a guest sees. */ readonly virtualSize: number }
  | {
      readonly kind: 'qcow2';
      readonly virtualSize: number;
      readonly backing: Backing | undefined;
      /** The guest's data lies in another file, which the image names. */
      readonly hasDataFile: boolean;
      /** Number of internal snapshots. */
      readonly snapshots: number;
    }
  | { readonly kind: 'broken'; /** The end of a sentence that begins with the path. */ readonly reason: string };

/** What an overlay says of the image under it. */
export interface Backing {
  /** As it stands there: a path, from the overlay's folder or absolute, or anything else. */
  readonly name: string;
  /** Undefined: whoever opens it would have to guess. */
  readonly format: string | undefined;
}

/** So much of a file is enough for its header. */
export const headerBytes = 65_536;

const magic = 0x514649fb;
const backingFormat = 0xe2792aca;
const dataFileBit = 4n;

const isQcow2 = (head: Uint8Array): boolean => head.length >= 4 && viewOf(head).getUint32(0) === magic;

/** `head`: the first bytes, `headerBytes` of them if there are so many; `bytes`: length of the file. */
export function readImageHeader(head: Uint8Array, bytes: number, format: ImageFormat): ImageFacts {
  if (format === 'raw') return { kind: 'raw', virtualSize: bytes };
  if (!isQcow2(head)) return { kind: 'broken', reason: 'is not in qcow2 format' };
  const view = viewOf(head);
  const version = head.length >= 104 ? view.getUint32(4) : 0;
  if (version !== 2 && version !== 3) return { kind: 'broken', reason: 'has a qcow2 header that cannot be read' };
  const virtualSize = Number(view.getBigUint64(24));
  const features = version === 3 ? view.getBigUint64(72) : 0n;
  const backing = readBacking(head, view, version);
  if (backing === 'broken') return { kind: 'broken', reason: 'names the image under it where no header has it' };
  const snapshots = view.getUint32(60);
  return { kind: 'qcow2', virtualSize, backing, hasDataFile: (features & dataFileBit) !== 0n, snapshots };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** docs/interop/qcow2.txt: the name has at most 1023 bytes. */
function readBacking(head: Uint8Array, view: DataView, version: 2 | 3): Backing | undefined | 'broken' {
  const [offset, length] = [Number(view.getBigUint64(8)), view.getUint32(16)];
  if (offset === 0) return undefined;
  if (length === 0 || length > 1023 || offset + length > head.length) return 'broken';
  const format = extensionText(head, view, version === 3 ? view.getUint32(100) : 72);
  return { name: utf8(head.subarray(offset, offset + length)), format };
}

/** The extensions follow the header: type, length, data filled up to a multiple of eight. */
function extensionText(head: Uint8Array, view: DataView, start: number): string | undefined {
  for (let at = start; at + 8 <= head.length;) {
    const [type, length] = [view.getUint32(at), view.getUint32(at + 4)];
    if (type === 0 || at + 8 + length > head.length) return undefined;
    if (type === backingFormat) return utf8(head.subarray(at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return undefined;
}

/** What is not UTF-8 becomes U+FFFD, and so names nothing that is there. */
function utf8(bytes: Uint8Array): string {
  const percent = [...bytes].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(percent);
  } catch {
    return [...bytes].map(byte => (byte < 0x80 ? String.fromCharCode(byte) : '\uFFFD')).join('');
  }
}

/**
 * Where the image under an overlay lies. Undefined: the name is no path of this host (`nbd://…`, `json:{…}`), and nothing
 * is opened then. QEMU takes what stands before the first colon for a protocol, unless a slash comes first.
 */
export function backingPath(overlay: string, name: string): string | undefined {
  if (/^[^/]*:/.test(name) || name === '' || /[\0\n\r]/.test(name)) return undefined;
  return normalized(name.startsWith('/') ? name : `${overlay.replace(/[^/]*$/, '')}${name}`);
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Why an image from outside is not used; the end of a sentence that begins with what it is. Undefined: it may be. */
export function refusalOf(facts: ImageFacts, head: Uint8Array): string | undefined {
  if (facts.kind === 'broken') return `${facts.reason}. Say what it is with "format:"`;
  if (facts.kind === 'raw') return isQcow2(head) ? 'is in qcow2 format. Say so with "format: qcow2"' : undefined;
  if (facts.backing) return `wants to read another file of this host: ${JSON.stringify(facts.backing.name)}`;
  return facts.hasDataFile ? 'wants to keep its data in another file of this host' : undefined;
}
