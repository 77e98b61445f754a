import type { CancelSignal } from '../base/cancel.ts';
import type { LongWork } from './image-ports.ts';

/** What snapshots of labs need of the machine beyond images. Errors are UserErrors that name the path. */

export interface SavedBytes {
  readonly bytes: number;
  /** Of the content, in small letters. */
  readonly sha256: string;
}

/** States of VMs on their way between QEMU and files, over unix sockets that only this user can open. */
export interface StateStreams {
  /**
   * Waits at `socket` for one QEMU and writes what it sends into a new file. `ready` when it can connect. `written` resolves
   * when it has hung up and all is on the disk.
   */
  receive(socket: string, file: string, signal?: CancelSignal): StateReceiver;
  /** Sends a file to the QEMU that listens at `socket`. */
  send(file: string, socket: string, signal?: CancelSignal): Promise<void>;
}

export interface StateReceiver {
  readonly ready: Promise<void>;
  readonly written: Promise<SavedBytes>;
  /** Lets go of the socket; `written` rejects if it has not resolved. */
  dispose(): void;
}

/** Folders that are whole or not there. */
export interface PointFolders {
  /** Names of the folders in it; none, if it is not there. */
  folders(path: string): Promise<readonly string[]>;
  /** Makes an empty folder that only this user can open; what was there goes away. */
  makeEmpty(path: string): Promise<void>;
  /** Gives a folder another name, that nobody has. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file its place, in a folder that is made if need be; rejects if there is something. */
  place(from: string, to: string): Promise<void>;
  /** Removes a folder with all that is in it, if it is there. */
  removeTree(path: string): Promise<void>;
  /** Removes the files in it that nobody finished writing; only while nobody else writes there. */
  dropUnfinished(path: string): Promise<void>;
  /** The path without links. */
  real(path: string): Promise<string>;
  /** Whether there is nothing of this name, or a folder with nothing in it. */
  isVacant(path: string): Promise<boolean>;
  /** What lies in a folder and below it, by names from there. Undefined: there is no such folder. */
  tree(path: string): Promise<FolderTree | undefined>;
  /** Bytes that can still be written into a folder. */
  freeBytes(path: string): Promise<number>;
}

/** In order. */
export interface FolderTree {
  readonly files: readonly string[];
  /** What is neither a file nor a folder. Links are not followed. */
  readonly others: readonly string[];
}

/** A file of an archive and where it is outside of it. */
export interface ArchivedFile extends SavedBytes {
  /** In the archive. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

export interface ArchiveWork extends LongWork {
  readonly replaces?: boolean;
}

/** Archives of snapshots: a text that says what they hold, then files, in order. */
export interface PointArchives {
  /**
   * The archive is there whole or not at all, and another one of its name gives way to it only if it `replaces` that. What
   * is not what it should be is not packed.
   */
  write(archive: string, manifest: string, files: readonly ArchivedFile[], work?: ArchiveWork): Promise<void>;
  /** The text. */
  manifest(archive: string): Promise<string>;
  /** Writes just these files, all of which are new; rejects unless they are in the archive, in this order, whole, and alone. */
  unpack(archive: string, files: readonly ArchivedFile[], work?: LongWork): Promise<void>;
}
