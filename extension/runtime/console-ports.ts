import type { CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';

/** What consoles and displays need of the machine: connections, who holds them, logs, the terminal. */

/** One TCP connection to a console (QEMU's telnet chardev): raw bytes, telnet not yet taken off. */
export interface ConsoleLink extends Disposable {
  readonly onData: Event<Uint8Array>;
  /** Once, when the connection has ended, for whatever reason. */
  readonly onClose: Event<void>;
  write(bytes: Uint8Array): void;
}

export interface ConsoleDialer {
  /** It may take long to get there: nobody is thought to hold the console before that. */
  readonly isFar?: boolean;
  /** Rejects if nobody listens on the port of the loopback; of another host's, with an `UnreachableHost` if it does not answer. */
  open(port: number, signal?: CancelSignal): Promise<ConsoleLink>;
}

/** One TCP connection to a display (VNC): bytes as they are. Nothing comes before somebody listens to `onData`. */
export interface DisplayLink extends ConsoleLink {
  /** While it is paused, what comes stays in the kernel, and so with the sender. */
  pause(): void;
  resume(): void;
}

export interface DisplayDialer {
  /** As that of a console. */
  open(port: number, signal?: CancelSignal): Promise<DisplayLink>;
}

/** One connection between two processes that share a console, over a socket of the run-time folder. */
export interface ShareLink extends ConsoleLink {
  /** Bytes that were written and that the other one has not taken yet. */
  readonly backlog: number;
}

/** How the processes of one user find each other over a console: QEMU serves one client, who lets the others in. */
export interface ConsoleShares {
  /** Connects to the owner of the console on this port. Rejects if there is none, also if the last one left its socket behind. */
  join(port: number, signal?: CancelSignal): Promise<ShareLink>;
  /**
   * Lets others in. Only for who holds the console's port, which is what keeps two owners from doing so at once.
   * Undefined if it cannot be done here. Disposing takes the invitation back and hangs up.
   */
  serve(port: number, onGuest: (link: ShareLink) => void): Disposable | undefined;
  /** Who we are, for the others. */
  readonly self: PortHolder;
}

/** A process that is connected to a console. */
export interface PortHolder {
  readonly pid: number;
  /** As a person would call it: `telnet`, `kvmlab`, `VS Code`. */
  readonly program: string;
}

export interface PortHolders {
  /**
   * Whom QEMU serves on these ports of the loopback, as it is after the question; a process that this user may not see is
   * left out. Never rejects.
   */
  find(ports: readonly number[]): Promise<ReadonlyMap<number, PortHolder>>;
  /** Ends the process that holds the port. Undefined: it was told to end; otherwise the reason why it was not. */
  end(port: number): string | undefined;
}

/** A piece of the file into which QEMU writes all that a console prints. */
export type LogPiece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; /** How many more there are. */ readonly left: number }
  /** Nothing more for now, or no such file yet. */
  | { readonly kind: 'end' }
  /** The file ended, and another one has taken its place: go on from its beginning. */
  | { readonly kind: 'renewed' }
  /** The file is shorter than it was. */
  | { readonly kind: 'cut' };

export interface ConsoleLog extends Disposable {
  /** Undefined: there is no such file. */
  size(): Promise<number | undefined>;
  read(offset: number, bytes: number): Promise<LogPiece>;
  /** Calls once, when the file may have grown or become another one. */
  onceChanged(call: () => void): Disposable;
}

/** Connects to a unix stream socket on which a person can talk, such as a switch's management. */
export interface SocketDialer {
  /** Rejects if nobody listens there. */
  open(path: string, signal?: CancelSignal): Promise<ConsoleLink>;
}

/** Parts of files that grow. Errors other than "not there" are UserErrors that name the path. */
export interface LogReader {
  /** Size in bytes. Undefined: there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** At most `bytes` bytes, fewer only at the end of the file. Undefined: there is no such file. */
  read(path: string, start: number, bytes: number): Promise<Uint8Array | undefined>;
}

/** The terminal in which a program of ours was started, or the pipes in its place. */
export interface TerminalPort {
  /** A person types here. */
  readonly isInteractive: boolean;
  /** What is written is shown on a screen. */
  readonly isScreen: boolean;
  /** Every key comes at once and as it is, Ctrl+C too, until it is disposed. */
  raw(): Disposable;
  /** Nothing is read before somebody listens. */
  readonly onInput: Event<Uint8Array>;
  /** There will be no more input. */
  readonly onEnd: Event<void>;
  /** False: whoever reads is slow; write more after `onDrain`. */
  write(bytes: Uint8Array): boolean;
  readonly onDrain: Event<void>;
}
