import type { CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';

/** What images need of the machine: files, qemu-img, downloads. */

/** Files that are images. Errors other than "not there" are UserErrors that name the path. */
export interface ImageFiles {
  /** Undefined: there is no such file. */
  look(path: string): Promise<ImageFile | undefined>;
  /** Names in a folder, in order; none if there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
  /** Gives a finished file its name; if there is an image of that name it takes its place, with its mode. */
  replace(copy: string, path: string): Promise<void>;
  /** Copies a file; what has the other name gives way to it. */
  copy(path: string, copy: string): Promise<void>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
  /** SHA-256 of a file, in small letters. */
  sum(path: string, work?: LongWork): Promise<string>;
}

export interface ImageFile {
  /** Length. */
  readonly bytes: number;
  /** What it takes on the disk; less where it has holes. */
  readonly allocatedBytes: number;
  /** Its first 64 KiB. */
  readonly head: Uint8Array;
}

export interface LongWork {
  /** The share that is done, in percent. */
  readonly onProgress?: ((percent: number) => void) | undefined;
  readonly signal?: CancelSignal | undefined;
}

/** qemu-img and its neighbour qemu-io. */
export interface ImageTool {
  /** Gives what it printed. Rejects with a UserError that has its words; an ImageInUse if a VM has the image open. */
  run(args: readonly string[], work?: LongWork): Promise<string>;
  /** Keeps everybody else from opening an image, as a running VM does. Rejects with an ImageInUse if somebody has it. */
  hold(path: string, format: 'qcow2' | 'raw'): Promise<Disposable>;
}

export interface ImageOrder {
  readonly url: string;
  /** What the content must have. */
  readonly sha256: string;
  /** Where it goes when it is whole and checked. */
  readonly file: string;
  /** Why content of the right sum is refused all the same; undefined: it is not. `head`: its first 64 KiB. */
  readonly refusal: (head: Uint8Array, bytes: number) => string | undefined;
}

export interface DownloadWork {
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  readonly signal?: CancelSignal | undefined;
}

export interface ImageDownloads {
  /**
   * Fetches an image, going on where an earlier try stopped. The file is there whole and checked, or not at all. False: it was
   * there. Rejects with a UserError, or with a BeingFetched while another process is at it.
   */
  fetch(order: ImageOrder, work?: DownloadWork): Promise<boolean>;
}
