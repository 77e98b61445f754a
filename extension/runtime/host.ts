import type { CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';
import type { IncludedFile } from '../lab/model.ts';
import type { Cidr } from '../lab/networks/cidr.ts';
import type { QemuModels } from '../qemu/models.ts';
import type { QmpQuery } from '../qemu/qmp.ts';
import type { VmNews } from '../qemu/qmp-watch.ts';
import type { ManagementAnswer } from '../vde/management.ts';
import type { SwitchNews } from '../vde/switch-news.ts';

/** What the rooms above need of the machine. Real ones live in `host/`, fakes in `test/support/`. */

/** Files; what is read is text. Errors other than "not there" are UserErrors that name the path. */
export interface Files {
  /** Undefined: there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Only the last `bytes` bytes, for logs. Undefined: there is no such file. */
  readTail(path: string, bytes: number): Promise<string | undefined>;
  /** Written whole or not at all: to a temporary file beside it, then renamed. Makes missing folders. */
  write(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  exists(path: string): Promise<boolean>;
}

/** The files that lab files include. */
export interface IncludedFiles {
  /** `name` is relative to the folder of the lab file. Only a file of the lab's own workspace is read, and no large one. */
  read(labPath: string, name: string): Promise<IncludedFile>;
}

/** A folder of scripts. */
export interface ScriptFolder {
  /** Names in it; none, if it is not there. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
}

/** Makes pixels of pictures. */
export interface Rasterizer {
  /** A PNG of an SVG: `scale` pixels for each of the picture's, or as many as one file may have. A UserError: no fonts. */
  png(svg: string, scale: number): Promise<Uint8Array>;
}

/** One process, as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  /** argv, as the process was started. */
  readonly args: readonly string[];
  /** Start time in clock ticks after boot (proc(5), field 22 of stat): with the pid it names a process for ever. */
  readonly startTicks: number;
  /** Numeric user ID of the owner. */
  readonly uid: number;
}

export interface ProcessTable {
  /** Every live (not zombie) process whose program is one of `programs` (the last part of argv[0], `*` at its end allowed). */
  list(programs: readonly string[]): readonly ProcessEntry[];
  /** Those of these processes that live, whatever their program is. */
  find(pids: readonly number[]): readonly ProcessEntry[];
}

export interface ProcessFiles {
  /** Whether a process holds a file of this name, without folders, that has been replaced or removed since it opened it. */
  hasReplaced(pid: number, name: string): boolean;
}

export interface ProcessFolders {
  /** The working directory of a process, absolute. Undefined: it has ended, or is not for us to see. */
  workingFolder(pid: number): string | undefined;
}

/** Which of several labs of one name has the run-time folder that goes with the name. */
export interface LabFolders {
  /** The folder of the scripts that have it, without links. Undefined: nobody has claimed it, or that folder is gone. */
  scriptsOf(runDir: string): string | undefined;
  /** By VM: what its script wrote down when it was migrated away from that run-time folder. */
  movesFrom(runDir: string): ReadonlyMap<string, string>;
  /** Whether both paths lead to one folder. */
  isSame(a: string, b: string): boolean;
}

export interface HostNetworks {
  /** All that this machine has a route to, in any table, and its own addresses; some may be there twice. */
  list(): Promise<readonly Cidr[]>;
}

/** The QEMU that the scripts start. */
export interface QemuPrograms {
  /** What it can make. Undefined: it is not installed. Never rejects. */
  models(): Promise<QemuModels | undefined>;
}

export interface ScriptResult {
  readonly code: number;
  /** What the script wrote to both streams, in order. */
  readonly output: string;
}

export interface ScriptRunner {
  /**
   * Runs one script with arguments (never through a shell). What it leaves running lives on without us.
   * Aborting ends the script itself and the children that did not detach.
   */
  run(script: string, args: readonly string[], signal?: CancelSignal): Promise<ScriptResult>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  after(ms: number, call: () => void): Disposable;
}

/**
 * Asks VDE management sockets (vde_switch, wirefilter). One connection per socket is kept for a while and shared;
 * commands queue on it. One that is stuck or dead delays nobody who asks another.
 */
export interface ManagementDialer {
  /**
   * Sends the commands one after another on one connection and gives the data block of each answer
   * (empty if there was none). Rejects with a UserError if nobody answers in time or a code is not 1000.
   */
  ask(socket: string, commands: readonly string[], signal?: CancelSignal): Promise<readonly string[]>;
  /** One command. A refusal is an answer; rejects with a UserError only if there was none in time. */
  exchange(socket: string, command: string, signal?: CancelSignal): Promise<ManagementAnswer>;
  /**
   * Hears what a switch says unasked about the categories (`port`, `hash`, `fstp`; `debug/list`), until disposed.
   * `onEnd` comes once, when the connection is over or could not be made; nothing is heard after it.
   */
  listen(socket: string, categories: readonly string[], listener: ManagementListener): Disposable;
}

export interface ManagementListener {
  readonly onNews: (news: SwitchNews) => void;
  readonly onEnd: () => void;
}

/** Talks QMP on a VM's unix sockets. Each socket serves one client at a time. */
export interface QmpDialer {
  /**
   * Connects, asks, hangs up. While somebody else has the socket it waits its turn, for a moment. Rejects with a
   * QmpRefusal if QEMU refuses, with another UserError if nobody answers in time.
   */
  ask<T>(socket: string, query: QmpQuery<T>, signal?: CancelSignal): Promise<T>;
  /** Stays connected until disposed or until the other side hangs up, which is told by the last news, `closed`. */
  watch(socket: string, hear: (news: WatchNews) => void): Disposable;
}

export type WatchNews =
  | VmNews
  /** Connected, but another client is being served: ours comes after it. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'closed' };

export interface Thumbnails {
  /** Reads a screendump (PPM), removes the file, and gives a small PNG of it as base64, short enough for a tooltip. */
  take(file: string): Promise<string>;
}
