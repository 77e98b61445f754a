import type fs from 'node:fs/promises';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import type { ScriptResult, ScriptRunner } from '../runtime/host.ts';
import { loadExeca } from './load-execa.ts';
import { openOutput, readOutput } from './output-file.ts';
import { sessionMembers } from './process-table.ts';

const outputLimitBytes = 64 * 1024;
/** What a script has to clean up after SIGTERM before SIGKILL comes. */
const graceMs = 5_000;
/** As a shell reports a program that SIGTERM ended. */
const terminatedCode = 128 + 15;

export interface BashScriptRunnerOptions {
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly graceMs?: number;
}

/** Runs the generated scripts, each as a program of its own, never through a shell. */
export class BashScriptRunner implements ScriptRunner {
  private readonly options: BashScriptRunnerOptions;

  constructor(options: BashScriptRunnerOptions = {}) {
    this.options = options;
  }

  async run(script: string, args: readonly string[], signal?: CancelSignal): Promise<ScriptResult> {
    // Both streams go to one file, so that their order stays.
    const output = await openOutput();
    try {
      const code = await this.runInto(output, script, args, signal);
      return { code, output: await readOutput(output, outputLimitBytes) };
    } finally {
      await output.close();
    }
  }

  private async runInto(output: fs.FileHandle, script: string, args: readonly string[], signal?: CancelSignal) {
    for (let attempt = 1; ; attempt += 1) {
      if (signal?.aborted) return terminatedCode;
      const result = await this.spawn(output.fd, script, args, signal);
      if (result.exitCode !== undefined) return result.exitCode;
      if (result.signal !== undefined) return 128 + os.constants.signals[result.signal];
      // A child forked while the script was being written may hold it open for a moment (execve(2), ETXTBSY).
      if (result.code !== 'ETXTBSY' || attempt === 10) throw spawnFailure(script, result.code, result);
      await sleep(10 * attempt);
    }
  }

  /**
   * A session of its own (`detached`), so that a cancel reaches the script's children, but no daemon. The process group
   * would not do: timeout(1) makes one for itself.
   */
  private async spawn(output: number, script: string, args: readonly string[], signal: CancelSignal | undefined) {
    // execa hands any descriptor through to spawn; its types name only those up to 9.
    const descriptor = output as 3;
    const stdio = ['ignore', descriptor, descriptor] as const;
    const { env = {} } = this.options;
    const { execa } = await loadExeca();
    const child = execa(script, args, { stdio, detached: true, cleanup: false, reject: false, env });
    let kill: NodeJS.Timeout | undefined;
    const cancelled = onCancel(signal, () => {
      signalSession(child.pid, 'SIGTERM');
      kill = setTimeout(() => signalSession(child.pid, 'SIGKILL'), this.options.graceMs ?? graceMs);
    });
    try {
      return await child;
    } finally {
      cancelled.dispose();
      clearTimeout(kill);
    }
  }
}

/** The script's own process first, so that it starts nothing more. Any of them may be gone already. */
function signalSession(leader: number | undefined, name: NodeJS.Signals): void {
  if (leader === undefined) return;
  for (const pid of [leader, ...sessionMembers(leader).filter(one => one !== leader)]) {
    try {
      process.kill(pid, name);
    } catch {
      continue;
    }
  }
}

function spawnFailure(script: string, code: string | undefined, cause: unknown): UserError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'it is not there, or the program in its first line is not',
    EACCES: 'it may not be executed; its mode or the file system forbids it',
    ENOEXEC: 'its first line names no program to run it',
    ETXTBSY: 'somebody is still writing it',
    E2BIG: 'its arguments are too long',
  };
  return new UserError(`Cannot run ${script}: ${reasons[code ?? ''] ?? code ?? 'it did not start'}.`, [], { cause });
}
