import type { CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';

/** What the rooms above need of the machine. Real ones live in `host/`, fakes in `test/support/`. */

/** Files, as text. Errors other than "not there" are UserErrors that name the path. */
export interface Files {
  /** Undefined: there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Only the last `bytes` bytes, for logs. Undefined: there is no such file. */
  readTail(path: string, bytes: number): Promise<string | undefined>;
  /** Written whole or not at all: to a temporary file beside it, then renamed. Makes missing folders. */
  write(path: string, text: string, mode?: number): Promise<void>;
  exists(path: string): Promise<boolean>;
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

/** Asks a VDE management socket (vde_switch, wirefilter). */
export interface ManagementDialer {
  /**
   * Sends the commands one after another on one connection and gives the data block of each answer
   * (empty if there was none). Rejects with a UserError if nobody answers in time or a code is not 1000.
   */
  ask(socket: string, commands: readonly string[], signal?: CancelSignal): Promise<readonly string[]>;
}

/** One TCP connection to a console (QEMU's telnet chardev): raw bytes, telnet not yet taken off. */
export interface ConsoleLink extends Disposable {
  readonly onData: Event<Uint8Array>;
  /** Once, when the connection has ended, for whatever reason. */
  readonly onClose: Event<void>;
  write(bytes: Uint8Array): void;
}

export interface ConsoleDialer {
  /** Rejects if nobody listens on the port of the loopback. */
  open(port: number, signal?: CancelSignal): Promise<ConsoleLink>;
}
