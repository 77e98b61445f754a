import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '../base/user-error.ts';

export interface FileLock {
  /** Resolves when another process can have it. */
  release(): Promise<void>;
}

/**
 * Locks a file between processes with flock(1), as the scripts do: the kernel lets go of it when we die, however that
 * happens. Node itself has no locks. Undefined: another process has it.
 */
export async function lockFile(file: string): Promise<FileLock | undefined> {
  // cat holds the lock for as long as its input is open, and gives back a line when it has it.
  const holder = spawn('flock', ['--nonblock', '--conflict-exit-code', '3', file, 'cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(holder, 'close');
  ended.catch(() => undefined);
  // It may be gone before it reads.
  holder.stdin.on('error', () => undefined);
  holder.stdin.write('locked\n');
  const answer = await Promise.race([once(holder.stdout, 'data').then(() => 'locked' as const), ended]).catch(
    (error: unknown) => {
      throw new UserError(`${file} cannot be locked: the program flock is missing.`, [], { cause: error });
    },
  );
  if (answer === 'locked') {
    return {
      release: async () => {
        holder.stdin.end();
        await ended;
      },
    };
  }
  if (answer[0] === 3) return undefined;
  throw new UserError(`${file} cannot be locked. Look at whether its folder can be written.`);
}
