import type { CancelSignal } from '../base/cancel.ts';
import type { ConsoleLink } from './console-ports.ts';

/** What installs need of the machine besides consoles. */

/** Lines to what is no VM of ours. */
export interface LineDialer {
  /** Raw bytes, telnet not yet taken off. Rejects with a UserError if nobody answers there. */
  telnet(host: string, port: number, signal?: CancelSignal): Promise<ConsoleLink>;
  /** The user's own ssh with a terminal at the other end; what ssh itself says comes as output. */
  ssh(args: readonly string[]): ConsoleLink;
}

/** Keeps what is of one disk together, between processes. */
export interface InstallFiles {
  /** Names the very file for as long as it lives, however it is written. Undefined: it is not there. */
  identity(path: string): Promise<string | undefined>;
  /** Held by one process at a time, also across its death. Undefined: another one has it. */
  lock(path: string): Promise<{ release(): Promise<void> } | undefined>;
}
