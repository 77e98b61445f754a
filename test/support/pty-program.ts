import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A command line in a terminal of its own, which `script` makes; what is typed goes through the terminal's line discipline. */
export class PtyProgram {
  private readonly child: ChildProcess;
  private printed = '';

  constructor(command: string, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.child = spawn('script', ['-qfec', command, '/dev/null'], { ...options, stdio: 'pipe' });
    this.child.stdout?.on('data', (bytes: Buffer) => (this.printed += bytes.toString('latin1')));
  }

  /** All that was to be seen so far. */
  get shown(): string {
    return this.printed;
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
