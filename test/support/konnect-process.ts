import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command as it is built. */
export const cliPath = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist/cli.js');

/** `kvmlab konnect …` as a process of its own, without a terminal: what is typed and printed are bytes. */
export class KonnectProcess {
  readonly child: ChildProcess;
  private readonly pieces: Buffer[] = [];
  /** What it said besides. */
  messages = '';

  /** `place`: a root of run-time folders in which it is run, or where and with what environment it is. */
  constructor(place: string | { readonly cwd: string; readonly env: NodeJS.ProcessEnv }, ...words: readonly string[]) {
    const options = typeof place === 'string' ? { env: { ...process.env, KVMLAB_RUN_ROOT: place }, cwd: place } : place;
    this.child = spawn(process.execPath, [cliPath, 'konnect', ...words], { ...options, stdio: 'pipe' });
    this.child.stdout?.on('data', (bytes: Buffer) => this.pieces.push(bytes));
    this.child.stderr?.on('data', (bytes: Buffer) => (this.messages += bytes.toString()));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.pieces);
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  get isConnected(): boolean {
    return this.messages.includes('connected to');
  }

  type(text: string): void {
    this.child.stdin?.write(text, 'latin1');
  }

  /** Its exit code. */
  async end(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
