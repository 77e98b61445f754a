import { readdirSync, readFileSync } from 'node:fs';
import { commandLine } from '../own-processes.ts';
import type { VsCodeServer } from './server.ts';

const pageBytes = 4096;

/** How much memory (RSS) the extension host of a server's window takes, looked at from outside. */
export class ExtensionHostMemory {
  readonly before: number;
  private readonly pid: number;

  constructor(server: VsCodeServer) {
    const [pid, ...others] = extensionHosts(server.runRoot);
    if (pid === undefined || others.length > 0) throw new Error('The server has not exactly one extension host.');
    this.pid = pid;
    this.before = this.now();
  }

  /** By how many bytes it has grown since the beginning; what waits for the garbage collector counts, too. */
  get growth(): number {
    return this.now() - this.before;
  }

  private now(): number {
    const [, resident = '0'] = readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ');
    return Number(resident) * pageBytes;
  }
}

/** By their environment: each server of a test has run-time folders of its own. */
const extensionHosts = (runRoot: string): readonly number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => commandLine(pid).includes('--type=extensionHost') && environment(pid).includes(runRoot));

function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
