import fs from 'node:fs';
import path from 'node:path';
import type { ProcessEntry, ProcessFiles, ProcessFolders, ProcessTable } from '../runtime/host.ts';
import { systemFailure } from './system-error.ts';

/**
 * The processes of this machine, from /proc in one synchronous sweep: for hundreds of processes that takes about
 * 10 ms, less than with promises and much less than to start ps.
 */
export class LinuxProcessTable implements ProcessTable, ProcessFolders, ProcessFiles {
  private readonly root: string;

  constructor(root = '/proc') {
    this.root = root;
  }

  list(programs: readonly string[]): readonly ProcessEntry[] {
    const isWanted = programMatcher(programs);
    return this.pids().flatMap(pid => this.entry(pid, isWanted) ?? []);
  }

  find(pids: readonly number[]): readonly ProcessEntry[] {
    return pids.flatMap(pid => this.entry(pid, () => true) ?? []);
  }

  workingFolder(pid: number): string | undefined {
    try {
      return fs.readlinkSync(path.join(this.root, String(pid), 'cwd'));
    } catch {
      return undefined;
    }
  }

  hasReplaced(pid: number, name: string): boolean {
    const folder = path.join(this.root, String(pid), 'fd');
    try {
      return fs.readdirSync(folder).some(fd => isReplaced(path.join(folder, fd), name));
    } catch {
      // It has ended, or is not for us to see.
      return false;
    }
  }

  private pids(): readonly number[] {
    try {
      return fs.readdirSync(this.root).flatMap(name => (/^\d+$/.test(name) ? Number(name) : []));
    } catch (error) {
      throw systemFailure(`Cannot list the processes in ${this.root}`, error);
    }
  }

  private entry(pid: number, isWanted: (program: string) => boolean): ProcessEntry | undefined {
    const args = this.file(pid, 'cmdline')?.replace(/\0$/, '').split('\0');
    if (!args?.[0] || !isWanted(args[0].split('/').at(-1) ?? '')) return undefined;
    const stat = parseProcStat(this.file(pid, 'stat') ?? '');
    const uid = /^Uid:\t(\d+)/m.exec(this.file(pid, 'status') ?? '')?.[1];
    if (!stat || uid === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
    return { pid, args, startTicks: stat.startTicks, uid: Number(uid) };
  }

  private file(pid: number, name: string): string | undefined {
    return readOrNothing(path.join(this.root, String(pid), name));
  }
}

/** The kernel says so behind the path: proc(5), /proc/pid/fd. */
function isReplaced(link: string, name: string): boolean {
  try {
    return fs.readlinkSync(link).endsWith(`/${name} (deleted)`);
  } catch {
    // It was closed meanwhile.
    return false;
  }
}

export interface ProcStat {
  readonly state: string;
  /** The session's ID is the pid of its leader. */
  readonly session: number;
  readonly startTicks: number;
}

/** Reads /proc/PID/stat, proc(5). The command's name may hold blanks and parentheses. */
export function parseProcStat(text: string): ProcStat | undefined {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  // The first field after the name is number 3 of the manual.
  const [state, session, startTicks] = [fields[0], fields[3], fields[19]];
  if (!text.includes(')') || !state || session === undefined || !/^\d+$/.test(startTicks ?? '')) return undefined;
  return { state, session: Number(session), startTicks: Number(startTicks) };
}

/** The processes of one session, without those that made themselves daemons: these have sessions of their own. */
export function sessionMembers(session: number, root = '/proc'): readonly number[] {
  return fs.readdirSync(root).flatMap(name => {
    if (!/^\d+$/.test(name)) return [];
    const stat = parseProcStat(readOrNothing(path.join(root, name, 'stat')) ?? '');
    return stat?.session === session ? Number(name) : [];
  });
}

/** Undefined: the process ended in the meantime, or is not for us to see. Both are normal. */
function readOrNothing(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function programMatcher(programs: readonly string[]): (program: string) => boolean {
  const exact = new Set(programs);
  const beginnings = programs.filter(one => one.endsWith('*')).map(one => one.slice(0, -1));
  return program => exact.has(program) || beginnings.some(beginning => program.startsWith(beginning));
}
