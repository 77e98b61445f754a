import type { ReadStream, WriteStream } from 'node:tty';
import { disposable, type Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { TerminalPort } from '../runtime/console-ports.ts';

/** Our standard input and output. */
export class StandardTerminal implements TerminalPort {
  // Node makes them when they are asked for, which takes its time: not before there is need.
  private get input(): ReadStream {
    return process.stdin;
  }

  private get output(): WriteStream {
    return process.stdout;
  }

  get isInteractive(): boolean {
    return this.input.isTTY;
  }

  get isScreen(): boolean {
    return this.output.isTTY;
  }

  raw(): Disposable {
    if (!this.isInteractive) return disposable(() => undefined);
    this.input.setRawMode(true);
    return disposable(() => {
      try {
        this.input.setRawMode(false);
      } catch {
        // The terminal was closed: there is nothing left to put in order.
      }
    });
  }

  readonly onInput: Event<Uint8Array> = listener => {
    this.input.on('data', listener);
    return disposable(() => {
      this.input.off('data', listener);
      // Otherwise the open input keeps the process alive.
      this.input.pause();
    });
  };

  readonly onEnd: Event<void> = listener => {
    const end = (): void => listener();
    // A terminal that is closed ends with an error.
    const events = ['end', 'error'] as const;
    for (const event of events) this.input.once(event, end);
    return disposable(() => {
      for (const event of events) this.input.off(event, end);
    });
  };

  write(bytes: Uint8Array): boolean {
    return this.output.write(bytes);
  }

  readonly onDrain: Event<void> = listener => {
    const drained = (): void => listener();
    this.output.on('drain', drained);
    return disposable(() => this.output.off('drain', drained));
  };
}
