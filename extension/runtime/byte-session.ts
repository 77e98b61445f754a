import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { ConsoleState } from './console-session.ts';

/** What a terminal needs of a console's connection; ConsoleSession is one. */
export interface ByteSession extends Disposable {
  readonly state: ConsoleState;
  readonly onData: Event<Uint8Array>;
  readonly onDidChangeState: Event<ConsoleState>;
  open(): void;
  retryNow(): void;
  /** False if nobody took the bytes. */
  write(bytes: Uint8Array): boolean;
  /** Only a serial line has it. */
  sendBreak?(): boolean;
}
