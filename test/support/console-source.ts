import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface SourceOptions {
  readonly port: number;
  /** Gets what is sent, as QEMU's `logfile=` does. It is made anew. */
  readonly log: string;
  readonly bytes: number;
}

/** What the source ends with, on a line of its own. */
export const lastWords = 'That was all.';

/**
 * A process that prints on a console's port like QEMU's chardev: one client after another, its greeting, what is sent goes
 * into the log as well; but as fast as it is taken, which is much faster than any guest. A key of the client starts it.
 */
export class ConsoleSource {
  private readonly child: ChildProcess;
  /** Resolves when the client has taken everything. */
  readonly ended: Promise<void>;

  private constructor(child: ChildProcess, ended: Promise<void>) {
    this.child = child;
    this.ended = ended;
  }

  static async start({ port, log, bytes }: SourceOptions): Promise<ConsoleSource> {
    const args = ['-e', sourceCode, String(port), log, String(bytes), lastWords];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<void>(resolve => {
      child.stdout.on('data', (piece: Buffer) => {
        if (piece.includes('ended')) resolve();
      });
    });
    await once(child.stdout, 'data');
    return new ConsoleSource(child, ended);
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

const sourceCode = `
const net = require('node:net'), fs = require('node:fs');
const [port, file, total, last] = process.argv.slice(1);
const line = 'The quick brown fox jumps over the lazy dog, 0123456789 times.\\n';
const piece = Buffer.from(line.repeat(1000));
const end = Buffer.from('\\r\\n' + last);
net.createServer(socket => {
  socket.on('error', () => undefined);
  socket.write(Buffer.from([255, 251, 1, 255, 251, 3, 255, 251, 0, 255, 253, 0]));
  socket.once('data', bytes => bytes[0] === 255 ? socket.once('data', flood) : flood());
  const flood = () => {
    const log = fs.openSync(file, 'a');
    let left = Number(total);
    const more = () => {
      while (left > 0) {
        const room = Math.max(0, left - end.length);
        const part = room === 0 ? end.subarray(-left) : piece.subarray(0, Math.min(room, piece.length));
        left -= part.length;
        fs.writeSync(log, part);
        if (!socket.write(part)) return void socket.once('drain', more);
      }
      fs.closeSync(log);
      process.stdout.write('ended');
    };
    more();
  };
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('ready'));
fs.writeFileSync(file, '');
`;
