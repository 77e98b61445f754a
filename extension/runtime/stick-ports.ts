import type { FatItem, VolumePlan } from '../images/fat/write.ts';
import type { FoundItem } from '../images/fat/read.ts';
import type { LongWork } from './image-ports.ts';

/** What sticks need of the machine. Errors are UserErrors that name the path. */
export interface StickFiles {
  /** The path without links, as QEMU's locks know the file; the path itself if there is no such file. */
  real(path: string): Promise<string>;
  /** Undefined: there is no such file. */
  open(path: string): Promise<OpenStick | undefined>;
  /** Names in a folder, in order; none if there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
  /** All that is in a folder. */
  tree(folder: string): Promise<FolderTree>;
  /** Makes a stick, whole or not at all. Without `replace` a file of this name is a UserError. */
  create(path: string, stick: NewStick, work: LongWork & { readonly replace: boolean }): Promise<void>;
  /** Makes a folder with these items, whole or not at all. `folder` is empty or not there. */
  unpack(stick: OpenStick, content: StickContent, folder: string, work?: LongWork): Promise<void>;
}

export interface OpenStick {
  readonly bytes: number;
  /** What it takes on the disk; less where it has holes. */
  readonly allocatedBytes: number;
  /** What lies behind its end is zeros. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface FolderTree {
  readonly items: readonly FatItem[];
  /** Paths of what is neither file nor folder (links, sockets), and so left out. */
  readonly leftOut: readonly string[];
}

export interface NewStick {
  readonly bytes: number;
  /** Its first sector. */
  readonly table: Uint8Array;
  /** Offset of the volume in bytes. */
  readonly offset: number;
  readonly volume: VolumePlan;
}

export interface StickContent {
  /** Offset of the volume in bytes. */
  readonly offset: number;
  readonly items: readonly FoundItem[];
}
