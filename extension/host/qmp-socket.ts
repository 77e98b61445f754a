import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** QEMU's line has two places; behind them connect(2) gives EAGAIN at once. */
const firstRetryMs = 40;
const longestRetryMs = 1_000;

export interface QmpEars {
  /** Gives what is to be written in return. */
  readonly onText: (text: string) => string;
  /** It could not be connected, or the connection broke. Nothing follows. */
  readonly onFailure: (error: UserError) => void;
  /** The other side hung up. Nothing follows. */
  readonly onClose: () => void;
}

/** A connection to a QMP socket that stands in line until there is a place. No word of ours goes out unasked. */
export class QmpSocket implements Disposable {
  private readonly path: string;
  private readonly ears: QmpEars;
  private timer: NodeJS.Timeout | undefined;
  private connection: net.Socket | undefined;
  private retries = 0;
  private isOver = false;

  constructor(path: string, ears: QmpEars) {
    this.path = path;
    this.ears = ears;
    this.connect();
  }

  dispose(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.connection?.destroy();
  }

  private connect(): void {
    const connection = net.connect(this.path);
    this.connection = connection;
    const decoder = new StringDecoder('utf8');
    let isRetrying = false;
    connection.on('data', (bytes: Buffer) => {
      if (this.isOver) return;
      const answer = this.ears.onText(decoder.write(bytes));
      if (answer !== '' && connection.writable) connection.write(answer);
    });
    connection.on('error', error => {
      isRetrying = codeOf(error) === 'EAGAIN';
      if (!isRetrying) this.end(() => this.ears.onFailure(connectFailure(this.path, error)));
    });
    connection.on('close', () => {
      if (isRetrying) this.connectLater();
      else this.end(this.ears.onClose);
    });
  }

  private connectLater(): void {
    if (this.isOver) return;
    const pause = Math.min(firstRetryMs * 2 ** this.retries, longestRetryMs);
    this.retries += 1;
    this.timer = setTimeout(() => this.connect(), pause);
  }

  private end(tell: () => void): void {
    if (this.isOver) return;
    this.dispose();
    tell();
  }
}

function connectFailure(path: string, error: Error): UserError {
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nobody listens there any more: its VM has ended',
    ENOENT: 'there is no such socket: its VM does not run, or its run-time folder was removed',
    EACCES: 'you have no rights to it; its VM belongs to another user',
    EPERM: 'you have no rights to it; its VM belongs to another user',
    ECONNRESET: 'its VM ended in the middle',
    EPIPE: 'its VM ended in the middle',
    EINVAL: 'it is no path of a socket; the longest one has 107 bytes',
  };
  const reason = reasons[codeOf(error) ?? ''];
  if (reason === undefined) return systemFailure(`Cannot reach QEMU at ${path}`, error);
  return new UserError(`Cannot reach QEMU at ${path}: ${reason}.`, [], { cause: error });
}
