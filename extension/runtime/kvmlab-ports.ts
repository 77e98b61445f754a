import type { CancelSignal } from '../base/cancel.ts';

/** The terminal command `kvmlab` as a process of its own: what it began it ends also when we are gone. */
export interface KvmlabProgram {
  /**
   * Runs one of its commands until it ends; called off, it is told to end in good order and waited for. Commands take
   * `--until-exit`, by which they end with us at the latest. Rejects with a UserError in the words of the command if it
   * fails without having been called off.
   */
  run(words: readonly string[], options: KvmlabRun): Promise<void>;
}

export interface KvmlabRun {
  readonly signal?: CancelSignal | undefined;
  /** Each line that it has for people. */
  readonly onLine?: (line: string) => void;
}
