import type { ProcessEntry, ProcessFiles, ProcessTable } from '../../extension/runtime/host.ts';

/** Processes that a test starts and ends at will. */
export class FakeProcesses implements ProcessTable, ProcessFiles {
  /** How often somebody looked. */
  sweeps = 0;
  /** Set to make every look fail. */
  failure: Error | undefined;
  private entries: readonly ProcessEntry[];

  constructor(...entries: readonly ProcessEntry[]) {
    this.entries = entries;
  }

  set(...entries: readonly ProcessEntry[]): void {
    this.entries = entries;
  }

  list(): readonly ProcessEntry[] {
    this.sweeps += 1;
    if (this.failure) throw this.failure;
    return this.entries;
  }

  /** Files that were replaced under whoever has them open. */
  readonly replaced = new Set<string>();

  hasReplaced(_pid: number, name: string): boolean {
    return this.replaced.has(name);
  }

  find(pids: readonly number[]): readonly ProcessEntry[] {
    return this.entries.filter(entry => pids.includes(entry.pid));
  }
}

export const processEntry = (pid: number, args: readonly string[], parts: Partial<ProcessEntry> = {}): ProcessEntry => {
  return { pid, args, startTicks: 1000 + pid, uid: 1000, ...parts };
};

const chardev = (id: string, port: number): string =>
  `socket,id=${id},host=127.0.0.1,port=${port},server=on,wait=off,telnet=on`;

/** A VM as its script starts it. */
export function vmProcess(pid: number, run: string, name: string, id: number, parts: Partial<ProcessEntry> = {}) {
  const consoles = ['-chardev', chardev('serial', 10_000 + id), '-serial', 'chardev:serial'];
  const monitor = ['-chardev', chardev('monitor', 20_000 + id), '-mon', 'chardev=monitor,mode=readline'];
  const args = ['qemu-system-x86_64', '-name', `${name},process=${name}`, '-m', '256M', ...consoles, ...monitor];
  return processEntry(pid, [...args, '-pidfile', `${run}/${name}.pid`, '-daemonize'], parts);
}

export function switchProcess(pid: number, run: string, name: string, parts: Partial<ProcessEntry> = {}): ProcessEntry {
  const socket = `${run}/switch-${name}`;
  const args = ['vde_switch', '-s', socket, '-M', `${socket}.mgmt`, '-p', `${socket}.pid`, '-n', '33', '-d'];
  return processEntry(pid, args, parts);
}

export function wireProcess(pid: number, run: string, a: string, b: string): ProcessEntry {
  const ends = [`${run}/switch-${a}[31]`, `${run}/switch-${b}[31]`];
  return processEntry(pid, ['vde_plug', '-d', '-p', `${run}/wire-${a}-${b}.pid`, '-D', `wire-${a}-${b}`, ...ends]);
}
