import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Emitter, type Event } from '../base/emitter.ts';
import { UserError } from '../base/user-error.ts';
import type { CaptureProcess, CaptureProcesses } from '../runtime/capture-ports.ts';

/** Runs `kvmlab capture` on the Node that runs us. */
export class KvmlabCaptures implements CaptureProcesses {
  private readonly cli: string;

  /** `cli`: the program `dist/cli.js`. */
  constructor(cli: string) {
    this.cli = cli;
  }

  stream(operands: readonly string[]): CaptureProcess {
    const words = [this.cli, 'capture', ...operands, '-w', '-', '--until-exit', String(process.pid)];
    return new StreamedCapture(spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], env: asNode() }));
  }

  detach(operands: readonly string[]): Promise<string> {
    const words = [this.cli, 'capture', ...operands];
    const child = spawn(process.execPath, words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: asNode(),
      detached: true,
    });
    let said = '';
    return new Promise((resolve, reject) => {
      child.stderr.on('data', (bytes: Buffer) => {
        said = (said + bytes.toString()).slice(0, 10_000);
        const [begun] = /^Capturing .*$/m.exec(said) ?? [];
        if (begun === undefined) return;
        // From here on it lives without us.
        child.stderr.destroy();
        child.unref();
        resolve(begun);
      });
      child.once('error', cause => reject(new UserError(`kvmlab cannot be run: ${cause.message}.`, [], { cause })));
      child.once('close', () => reject(new UserError(withoutName(said) || 'The capture ended at once.')));
    });
  }
}

class StreamedCapture implements CaptureProcess {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly bytes = new Emitter<Uint8Array>();
  private readonly news = new Emitter<string>();
  private readonly ended = new Emitter<void>();
  readonly onNews = this.news.event;
  readonly onEnd = this.ended.event;

  constructor(child: ChildProcessByStdio<null, Readable, Readable>) {
    this.child = child;
    child.stdout.on('data', (bytes: Buffer) => this.bytes.fire(bytes));
    child.stdout.pause();
    child.stderr.on('data', (bytes: Buffer) => {
      for (const line of bytes.toString().split('\n')) if (line !== '') this.news.fire(withoutName(line));
    });
    child.once('error', error => {
      this.news.fire(`kvmlab cannot be run: ${error.message}.`);
      this.ended.fire();
    });
    child.once('close', () => this.ended.fire());
  }

  readonly onBytes: Event<Uint8Array> = listener => {
    const subscription = this.bytes.event(listener);
    this.child.stdout.resume();
    return subscription;
  };

  dispose(): void {
    // It takes back what it did in VMs and switches; what it still says nobody hears.
    this.child.stdout.resume();
    this.child.kill('SIGTERM');
    this.bytes.dispose();
    this.news.dispose();
    this.ended.dispose();
  }
}

const withoutName = (text: string): string => text.replaceAll(/^kvmlab: /gm, '').trim();

/** VS Code's own program becomes Node by this. */
const asNode = (): NodeJS.ProcessEnv => ({ ...process.env, ELECTRON_RUN_AS_NODE: '1' });
