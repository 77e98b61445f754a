import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import { ImageInUse } from '../../extension/images/image-errors.ts';
import type {
  ImageDownloads,
  ImageFile,
  ImageFiles,
  ImageOrder,
  ImageTool,
} from '../../extension/runtime/image-ports.ts';

/** Images in memory, and what qemu-img was told to do with them. */
export class FakeImages implements ImageFiles, ImageTool, ImageDownloads {
  readonly held = new Map<string, ImageFile>();
  readonly sums = new Map<string, string>();
  readonly runs: (readonly string[])[] = [];
  readonly orders: ImageOrder[] = [];
  /** Images that a VM has open. */
  readonly busy = new Set<string>();
  /** What qemu-img prints. */
  printed = '';

  add(path: string, head: Uint8Array, bytes = head.length): void {
    this.held.set(path, { bytes, allocatedBytes: bytes, head });
  }

  look(path: string): Promise<ImageFile | undefined> {
    return Promise.resolve(this.held.get(path));
  }

  names(folder: string): Promise<readonly string[]> {
    const start = `${folder}/`;
    const inside = [...this.held.keys()].filter(path => path.startsWith(start));
    return Promise.resolve(inside.map(path => path.slice(start.length)).filter(name => !name.includes('/')));
  }

  replace(copy: string, path: string): Promise<void> {
    const file = this.held.get(copy) ?? this.held.get(path);
    if (file) this.held.set(path, file);
    this.held.delete(copy);
    return Promise.resolve();
  }

  copy(path: string, copy: string): Promise<void> {
    const file = this.held.get(path);
    if (file) this.held.set(copy, file);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    this.held.delete(path);
    return Promise.resolve();
  }

  sum(path: string): Promise<string> {
    return Promise.resolve(this.sums.get(path) ?? '');
  }

  run(args: readonly string[]): Promise<string> {
    this.runs.push(args);
    return Promise.resolve(this.printed);
  }

  hold(path: string): Promise<Disposable> {
    if (this.busy.has(path)) return Promise.reject(new ImageInUse(path));
    this.busy.add(path);
    return Promise.resolve(disposable(() => this.busy.delete(path)));
  }

  fetch(order: ImageOrder): Promise<boolean> {
    this.orders.push(order);
    return Promise.resolve(true);
  }
}

interface HeaderParts {
  readonly size?: bigint;
  readonly backing?: string;
  readonly backingFormat?: string;
  readonly hasDataFile?: boolean;
  readonly snapshots?: number;
  /** Where the name of the backing file is said to be. */
  readonly backingOffset?: number;
}

/** The first bytes of a qcow2 image, version 3. */
export function qcow2Header(parts: HeaderParts = {}): Buffer {
  const header = Buffer.alloc(4096);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(parts.size ?? 1n << 30n, 24);
  header.writeUInt32BE(parts.snapshots ?? 0, 60);
  header.writeBigUInt64BE(parts.hasDataFile === true ? 4n : 0n, 72);
  header.writeUInt32BE(104, 100);
  if (parts.backingFormat !== undefined) {
    header.writeUInt32BE(0xe2792aca, 104);
    header.writeUInt32BE(parts.backingFormat.length, 108);
    header.write(parts.backingFormat, 112);
  }
  if (parts.backing !== undefined) {
    const name = Buffer.from(parts.backing);
    header.writeBigUInt64BE(BigInt(parts.backingOffset ?? 512), 8);
    header.writeUInt32BE(name.length, 16);
    name.copy(header, 512);
  }
  return header;
}
