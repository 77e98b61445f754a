import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PortHolder, PortHolders } from '../runtime/console-ports.ts';
import { processArgs, processText, scanPorts } from './port-scan.ts';
import { takeAll, takeInSlices } from './steps.ts';
import { codeOf } from './system-error.ts';

/** One look at /proc that has not begun, for all who ask until then. */
interface Look {
  readonly ports: Set<number>;
  readonly found: Promise<ReadonlyMap<number, PortHolder>>;
}

/**
 * Finds in /proc who is at the other end of QEMU's console ports. A look at all processes takes milliseconds, so all who
 * ask at the same time share one. Whoever asks while one goes on gets the next: it may have passed what they ask for.
 */
export class LinuxPortHolders implements PortHolders {
  private readonly root: string;
  private next: Look | undefined;
  /** The end of the look that goes on. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(root = '/proc') {
    this.root = root;
  }

  async find(ports: readonly number[]): Promise<ReadonlyMap<number, PortHolder>> {
    const look = (this.next ??= this.plan());
    for (const port of ports) look.ports.add(port);
    const found = await look.found;
    return new Map([...found].filter(([port]) => ports.includes(port)));
  }

  end(port: number): string | undefined {
    // In one go, so that nobody else has the port when it is done.
    const holder = takeAll(scanPorts(this.root, [port])).get(port);
    if (!holder) return 'Whoever holds it cannot be seen: another user, or somebody on another host.';
    const { pid, program } = holder;
    const refusal = this.refusal(pid);
    if (refusal !== undefined) return `${program} (process ${pid}) holds it: ${refusal}`;
    try {
      process.kill(pid, 'SIGTERM');
      // One that was stopped, by Ctrl+Z, gets the first signal only when it goes on.
      process.kill(pid, 'SIGCONT');
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') return `${program} (process ${pid}) holds it, and you have no right to end it.`;
    }
    return undefined;
  }

  private plan(): Look {
    const ports = new Set<number>();
    const found = this.lookAfter(this.last, ports);
    this.last = found;
    return { ports, found };
  }

  private async lookAfter(last: Promise<unknown>, ports: Set<number>): Promise<ReadonlyMap<number, PortHolder>> {
    await last;
    // All timers that are due come first, and with them many consoles that wait for a greeting.
    await nextTurn();
    this.next = undefined;
    return takeInSlices(scanPorts(this.root, [...ports]));
  }

  private refusal(pid: number): string | undefined {
    if (pid === process.pid) return 'that is this very program.';
    if (!new RegExp(`^Uid:\\t${process.getuid?.() ?? -1}\\t`, 'm').test(processText(this.root, pid, 'status')))
      return 'it belongs to another user.';
    const args = processArgs(this.root, pid);
    if (/^(qemu-system-|qemu-kvm$|kvm$)/.test(path.basename(args[0] ?? ''))) return 'it is a VM.';
    // All extensions of a window live in that process.
    if (args.some(word => /^--type=(extensionHost|utility)$/.test(word)))
      return 'it is a window of VS Code; close its terminal there.';
    return undefined;
  }
}
