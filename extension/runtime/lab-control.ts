import type { CancelSignal } from '../base/cancel.ts';
import type { ThingRef } from './state.ts';

export type Verb = 'start' | 'stop' | 'kill' | 'restart';

/** What became of one thing. `already`: it was so before. */
export interface Outcome {
  readonly thing: ThingRef;
  readonly kind: 'done' | 'already' | 'failed' | 'cancelled';
  /** What the script said; for `failed`, the reason in the words of who refused. */
  readonly message: string;
}

/** What views and the terminal command can order. LabRunner does it. */
export interface LabControl {
  /**
   * Does the verb to every thing, groups and labs taken apart, in the right order (switches, wires, VMs to start;
   * the other way to stop), several at once. Writes the scripts first. A failure of one thing does not stop the others.
   * Rejects with a UserError only if nothing could be tried (lab file with errors, script changed by hand in a clash …).
   */
  run(verb: Verb, things: readonly ThingRef[], options?: RunOptions): Promise<readonly Outcome[]>;
  /** Writes the scripts of a lab; gives their paths. What was changed by hand stays; a UserError tells of clashes. */
  generate(labPath: string): Promise<readonly string[]>;
}

export interface RunOptions {
  /** For the scripts of VMs, stronger than their settings block: `DISK1=/path/to/image`. */
  readonly settings?: readonly string[] | undefined;
  readonly signal?: CancelSignal | undefined;
  /** Called when a thing has to wait, when it is begun, and when it is over. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  readonly thing: ThingRef;
  readonly outcome: Outcome | undefined;
  readonly finished: number;
  readonly total: number;
  /** VMs that it waits for before it begins. */
  readonly waitsFor?: readonly string[];
}
