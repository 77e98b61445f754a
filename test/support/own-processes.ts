import { readdirSync, readFileSync, rmSync } from 'node:fs';

/** Words between NULs, as proc(5) gives them; empty for a process that is gone or a zombie. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Pids of all live processes but ours whose command line has the text in it, such as a test's own folder. */
export const processesThatMention = (text: string): readonly number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => pid !== process.pid && commandLine(pid).includes(text));

/** Ends every process that mentions a test's own folder, and removes the folder. */
export function endAndRemove(folder: string): void {
  for (const pid of processesThatMention(folder)) killIfAlive(pid);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** A negative pid stands for a process group. */
export function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}
