import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { onCancel } from '../base/cancel.ts';
import { disposable, type Disposable } from '../base/disposable.ts';
import { CalledOff, UserError } from '../base/user-error.ts';
import { ImageInUse } from '../images/image-errors.ts';
import type { ImageFormat } from '../images/image-header.ts';
import { isLockRefusal, readProgress } from '../images/qemu-img.ts';
import type { ImageTool, LongWork } from '../runtime/image-ports.ts';
import { codeOf } from './system-error.ts';

/** Far more than qemu-img has to say. */
const longestOutput = 4_000_000;

/** qemu-img and qemu-io of this machine, in English, so that their words can be read. */
export class QemuImageTool implements ImageTool {
  async run(args: readonly string[], { onProgress, signal }: LongWork = {}): Promise<string> {
    const child = start('qemu-img', args);
    const cancelling = onCancel(signal, () => child.kill('SIGTERM'));
    let [printed, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-longestOutput);
      const percent = readProgress(text);
      if (percent !== undefined) onProgress?.(percent);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-longestOutput)));
    try {
      const code = await ended(child, 'qemu-img');
      if (code === 0) return printed;
      if (signal?.aborted === true) throw new CalledOff('It was called off.');
      if (isLockRefusal(errors)) throw new ImageInUse(pathOf(args), errors);
      throw new UserError(`qemu-img says: ${errors.trim().replace(/^qemu-img: /, '') || `it ended with code ${code}`}`);
    } finally {
      cancelling.dispose();
    }
  }

  async hold(path: string, format: ImageFormat): Promise<Disposable> {
    const child = start('qemu-io', ['-f', format, '--', path]);
    // It may be gone before it reads.
    child.stdin.on('error', () => undefined);
    let [printed, errors] = ['', ''];
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const isOpen = new Promise<true>(resolve => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed = (printed + text).slice(-1000);
        if (/\d/.test(printed)) resolve(true);
      });
    });
    const gone = ended(child, 'qemu-io');
    // It has opened the image when it tells its length; until its input ends it keeps it open.
    child.stdin.write('length\n');
    void gone.catch(() => undefined);
    if ((await Promise.race([isOpen, gone])) === true) return disposable(() => child.stdin.end());
    if (isLockRefusal(errors)) throw new ImageInUse(path, errors);
    throw new UserError(`${path} cannot be opened. qemu-io says: ${errors.trim()}`);
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const start = (program: string, args: readonly string[]): Child =>
  spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });

async function ended(child: Child, program: string): Promise<number> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? -1;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new UserError(`The program ${program} is missing. On Debian: sudo apt-get install qemu-utils`, [], {
      cause: error,
    });
  }
}

/** All our command lines have the image behind the dashes. */
const pathOf = (args: readonly string[]): string => args[args.indexOf('--') + 1] ?? 'The image';
