import type { Disposable } from '../../base/disposable.ts';
import type { Event } from '../../base/emitter.ts';
import type { ConsoleLoss } from './console-log-stream.ts';
import type { ConsoleHistory } from './console-session.ts';
import type { ConsoleState } from './console-state.ts';

/** What a terminal needs of a console's connection; ConsoleSession is one. */
export interface ByteSession extends Disposable {
  readonly state: ConsoleState;
  readonly onData: Event<Uint8Array>;
  readonly onDidChangeState: Event<ConsoleState>;
  /** Something of what was printed was left out. */
  readonly onDidLose?: Event<ConsoleLoss> | undefined;
  /** The end of what was printed so far; `onData` goes on right behind it. To be called before `open`. */
  history?(bytes: number): Promise<ConsoleHistory | undefined>;
  open(): void;
  retryNow(): void;
  /** False if nobody took the bytes. */
  write(bytes: Uint8Array): boolean;
  /** Only a serial line has it. */
  sendBreak?(): boolean;
  /** Puts out whoever holds the console. Gives the reason if that cannot be done. */
  takeOver?(): string | undefined;
}
