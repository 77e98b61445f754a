import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { UserError } from '../base/user-error.ts';
import { Emitter } from '../base/emitter.ts';
import type { CaptureSink, CaptureSinks } from '../runtime/capture-ports.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** Files, standard output and Wireshark. */
export class StreamSinks implements CaptureSinks {
  /** What is called as Wireshark. */
  private readonly program: string;

  constructor(program = 'wireshark') {
    this.program = program;
  }

  async file(path: string): Promise<CaptureSink> {
    try {
      // Only for the one who asked: frames hold passwords.
      const handle = await open(path, 'wx', 0o600);
      return new StreamSink(createWriteStream(path, { fd: handle }), `${path} cannot be written any more`);
    } catch (error) {
      if (codeOf(error) === 'EEXIST')
        throw new UserError(`${path} is there already. Choose another name, or remove it first.`, [], { cause: error });
      throw systemFailure(`Cannot make ${path}`, error);
    }
  }

  standardOutput(): CaptureSink {
    // The end of its reader is the end of the capture, in good order, and not of the process at once.
    process.stdout.removeAllListeners('error');
    return new StreamSink(process.stdout, 'Nobody reads the capture any more', false);
  }

  wireshark(): Promise<CaptureSink> {
    const child = spawn(this.program, ['-k', '-i', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    return new Promise((resolve, reject) => {
      child.once('error', cause => {
        reject(
          new UserError(
            `Wireshark cannot be started: ${cause.message}. On Debian: sudo apt-get install wireshark`,
            [],
            { cause },
          ),
        );
      });
      child.once('spawn', () => {
        const sink = new StreamSink(child.stdin, 'Wireshark was closed');
        child.once('exit', () => sink.close());
        resolve(sink);
      });
    });
  }
}

class StreamSink implements CaptureSink {
  private readonly stream: Writable;
  private readonly farewell: string;
  private readonly closed = new Emitter<string>();
  readonly onClose = this.closed.event;
  private isClosed = false;

  private readonly isOurs: boolean;

  constructor(stream: Writable, farewell: string, isOurs = true) {
    this.stream = stream;
    this.farewell = farewell;
    this.isOurs = isOurs;
    stream.on('error', error => this.close(codeOf(error) === 'EPIPE' ? undefined : error.message));
  }

  get backlog(): number {
    return this.stream.writableLength;
  }

  write(bytes: Uint8Array): void {
    if (!this.isClosed) this.stream.write(bytes);
  }

  end(): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return new Promise(resolve => {
      this.onClose(() => resolve());
      if (this.isOurs) this.stream.end(() => resolve());
      else this.stream.write('', () => resolve());
    });
  }

  close(detail?: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.closed.fire(`${this.farewell}${detail === undefined ? '' : `: ${detail}`}.`);
  }
}
