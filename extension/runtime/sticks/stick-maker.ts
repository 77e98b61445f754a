import { UserError } from '../../base/user-error.ts';
import { largestVolume, smallestVolume, sectorBytes } from '../../images/fat/geometry.ts';
import { planVolume, roomOf, volumeSector, type FatItem } from '../../images/fat/write.ts';
import { ImageInUse } from '../../images/image-errors.ts';
import { partitionTable } from '../../images/stick.ts';
import type { Random32 } from '../../lab/networks/random.ts';
import type { ImageTool, LongWork } from '../image-ports.ts';
import { baseName } from '../paths.ts';
import type { OpenStick, StickFiles } from '../stick-ports.ts';
import { contentOf, faultsOf } from './stick-reader.ts';
import { StickElsewhere } from './stick-slots.ts';

export interface StickOrder {
  /** What is put on it; undefined: it is empty. */
  readonly folder: string | undefined;
  /** Undefined: as large as the content asks for. */
  readonly bytes: number | undefined;
  /** Undefined: from its name. */
  readonly label: string | undefined;
  /** Whether a stick of this name may be lost. */
  readonly replace: boolean;
}

export interface StickMade {
  readonly bytes: number;
  /** Files and folders on it. */
  readonly count: number;
  /** Paths that were left out: links, sockets. */
  readonly leftOut: readonly string[];
}

export interface Unpacked {
  readonly count: number;
  /** What is wrong with the stick, in sentences. */
  readonly faults: readonly string[];
}

const volumeOffset = volumeSector * sectorBytes;
const mebibyte = 1_048_576;
/** Sizes of sticks that we make. */
export const [smallestStick, largestStick] = [smallestVolume + volumeOffset, largestVolume];
const usualBytes = 256 * mebibyte;

/** Makes sticks, and gives back what is on them. While it works on one, QEMU's lock keeps VMs from it, and it from VMs. */
export class StickMaker {
  private readonly files: StickFiles;
  private readonly tool: Pick<ImageTool, 'hold'>;
  private readonly random: Random32;

  constructor(files: StickFiles, tool: Pick<ImageTool, 'hold'>, random: Random32) {
    this.files = files;
    this.tool = tool;
    this.random = random;
  }

  async pack(path: string, order: StickOrder, work: LongWork = {}): Promise<StickMade> {
    const open = await this.files.open(path);
    await open?.close();
    if (open && !order.replace) throw new UserError(`${path} is there already, and nothing was made.`);
    const { items, leftOut } =
      order.folder === undefined ? { items: [], leftOut: [] } : await this.files.tree(order.folder);
    const bytes = order.bytes ?? (order.folder === undefined ? usualBytes : sizeFor(items));
    const volume = planVolume({
      ...{ items, serial: this.random(), bytes: bytes - volumeOffset },
      label: order.label ?? labelFor(path),
    });
    const stick = { bytes, table: partitionTable(bytes, this.random()), offset: volumeOffset, volume };
    const create = (): Promise<void> => this.files.create(path, stick, { ...work, replace: order.replace });
    await (open ? this.alone(path, create) : create());
    return { bytes, count: countOf(items), leftOut };
  }

  /** Into a folder that is empty or not there. What can be read of a damaged stick is there, too. */
  async unpack(path: string, folder: string, work: LongWork = {}): Promise<Unpacked> {
    return this.reading(path, async stick => {
      const { items, volume } = await contentOf(stick, path);
      await this.files.unpack(stick, { items, offset: volume.offset }, folder, work);
      return { count: items.length, faults: await faultsOf(stick, path) };
    });
  }

  /** What is wrong with it, in sentences; none: nothing. */
  async check(path: string): Promise<readonly string[]> {
    return this.reading(path, async stick => {
      await contentOf(stick, path);
      return faultsOf(stick, path);
    });
  }

  private async reading<T>(path: string, work: (stick: OpenStick) => Promise<T>): Promise<T> {
    const stick = await this.files.open(path);
    if (!stick) throw new UserError(`${path} is not there.`);
    try {
      return await this.alone(path, () => work(stick));
    } finally {
      await stick.close();
    }
  }

  private async alone<T>(path: string, work: () => Promise<T>): Promise<T> {
    const lock = await this.tool.hold(path, 'raw').catch((error: unknown) => {
      throw error instanceof ImageInUse ? new StickElsewhere(path, undefined) : error;
    });
    try {
      return await work();
    } finally {
      lock.dispose();
    }
  }
}

/** Sizes of sticks double; a fifth is left free. */
function sizeFor(items: readonly FatItem[]): number {
  for (let bytes = 64 * mebibyte; bytes < largestStick; bytes *= 2) {
    const { has, needs } = roomOf({ bytes: bytes - volumeOffset, items });
    if (needs * 1.25 <= has) return bytes;
  }
  return largestStick;
}

const countOf = (items: readonly FatItem[]): number =>
  items.reduce((sum, item) => sum + 1 + (item.kind === 'folder' ? countOf(item.items) : 0), 0);

function labelFor(path: string): string {
  const name = baseName(path).replace(/\.\w+$/, '');
  return (
    name
      .toUpperCase()
      .replaceAll(/[^A-Z0-9_-]/g, '_')
      .slice(0, 11) || 'STICK'
  );
}
