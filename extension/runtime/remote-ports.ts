import type { CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import type { LabHost } from '../lab/hosts/lab-host.ts';
import type { DisplayLink } from './console-ports.ts';

/** What a lab needs of its other hosts. All of it goes over the user's own ssh, which never asks for anything. */

/** A host by its name in the lab, and where ssh goes. */
export type Destination = Pick<LabHost, 'name' | 'ssh'>;

/** ssh does not come there, or came and was cut off. */
export class UnreachableHost extends UserError {
  /** In words of ssh, without the host's name; empty: it said nothing. */
  readonly said: string;

  constructor(message: string, said = '') {
    super(message);
    this.said = said;
  }
}

export interface RemoteResult {
  readonly code: number;
  /** What it wrote to its standard output and to its standard error; only the end of what is very long. */
  readonly output: string;
  readonly errors: string;
}

export interface RemoteOptions {
  /** What it reads; absent: nothing. */
  readonly input?: string | { readonly file: string };
  /** Ends it here; what it has begun there may go on. */
  readonly signal?: CancelSignal | undefined;
}

export interface RemoteHosts {
  /** Runs a program there with these words, whatever is in them, in the home of whoever logs in. Rejects with an `UnreachableHost`. */
  run(host: Destination, words: readonly string[], options?: RemoteOptions): Promise<RemoteResult>;
  /**
   * A connection to a TCP port of the loopback there. Nothing listens here for it. Rejects with a UserError if nobody listens
   * there, with an `UnreachableHost` if the host does not answer.
   */
  connect(host: Destination, port: number, signal?: CancelSignal): Promise<DisplayLink>;
  /** Whoever connects to the unix socket `here`, which is made, is connected to the socket `there`, until it is disposed. */
  forward(host: Destination, here: string, there: string, signal?: CancelSignal): Promise<Disposable>;
  /** A new folder here that nobody else can look into, with a short path, for sockets; removed with all in it when disposed. */
  privateFolder(): Promise<Disposable & { readonly path: string }>;
  /** SHA-256 of a text in UTF-8, as sha256sum prints it. */
  digest(text: string): string;
}
