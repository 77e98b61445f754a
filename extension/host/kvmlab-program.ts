import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onCancel } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import type { KvmlabProgram, KvmlabRun } from '../runtime/kvmlab-ports.ts';

/** Runs `kvmlab` on the Node that runs us. */
export class SpawnedKvmlab implements KvmlabProgram {
  private readonly cli: string;
  private readonly env: () => NodeJS.ProcessEnv;

  /** `cli`: the program `dist/cli.js`. `env`: what is added to our environment. */
  constructor(cli: string, env: () => NodeJS.ProcessEnv = () => ({})) {
    this.cli = cli;
    this.env = env;
  }

  run(words: readonly string[], { signal, onLine }: KvmlabRun): Promise<void> {
    const all = [this.cli, ...words, '--until-exit', String(process.pid)];
    // VS Code's own program becomes Node by the variable.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...this.env() };
    // In a process group of its own: closing the window must not end it before it has put back what it did.
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'ignore', 'pipe'], env, detached: true });
    let last = '';
    const lines = createInterface({ input: child.stderr });
    lines.on('line', line => {
      last = line.replace(/^kvmlab: /, '');
      onLine?.(last);
    });
    const watching = onCancel(signal, () => child.kill('SIGTERM'));
    return new Promise<void>((resolve, reject) => {
      child.once('error', cause => reject(new UserError(`kvmlab cannot be run: ${cause.message}.`, [], { cause })));
      child.once('close', code => {
        if (code === 0 || signal?.aborted) resolve();
        else reject(new UserError(last === '' ? 'kvmlab ended at once.' : last));
      });
    }).finally(() => watching.dispose());
  }
}
