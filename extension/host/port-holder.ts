import fs from 'node:fs';
import path from 'node:path';
import { programName } from '../console/program-name.ts';
import type { PortHolder, PortHolders } from '../runtime/host.ts';
import { codeOf } from './system-error.ts';

const established = '01';

/** One line of /proc/net/tcp, proc(5): ports, state, and the number of the socket; 0 until somebody has accepted it. */
interface TcpLine {
  readonly localPort: number;
  readonly remotePort: number;
  readonly state: string;
  readonly inode: number;
}

/** Finds in /proc who is at the other end of QEMU's console ports. */
export class LinuxPortHolders implements PortHolders {
  private readonly root: string;

  constructor(root = '/proc') {
    this.root = root;
  }

  find(ports: readonly number[]): ReadonlyMap<number, PortHolder> {
    const sockets = this.clientSockets(ports);
    const pids = sockets.size === 0 ? new Map<number, number>() : this.pidsOf(new Set(sockets.values()));
    const found = new Map<number, PortHolder>();
    for (const [port, inode] of sockets) {
      const pid = pids.get(inode);
      if (pid !== undefined)
        found.set(port, { pid, program: programName(this.args(pid), this.text(pid, 'comm').trim()) });
    }
    return found;
  }

  end(port: number): string | undefined {
    const holder = this.find([port]).get(port);
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

  private refusal(pid: number): string | undefined {
    if (pid === process.pid) return 'that is this very program.';
    if (!new RegExp(`^Uid:\\t${process.getuid?.() ?? -1}\\t`, 'm').test(this.text(pid, 'status')))
      return 'it belongs to another user.';
    const args = this.args(pid);
    if (/^(qemu-system-|qemu-kvm$|kvm$)/.test(path.basename(args[0] ?? ''))) return 'it is a VM.';
    // All extensions of a window live in that process.
    if (args.some(word => /^--type=(extensionHost|utility)$/.test(word)))
      return 'it is a window of VS Code; close its terminal there.';
    return undefined;
  }

  /** For each port the number of the client's socket. Those that QEMU has not accepted yet only wait. */
  private clientSockets(ports: readonly number[]): ReadonlyMap<number, number> {
    const wanted = new Set(ports);
    const lines = ['tcp', 'tcp6'].flatMap(name => this.tcpLines(name)).filter(line => line.state === established);
    const clients = new Map(lines.map(line => [`${line.localPort} ${line.remotePort}`, line.inode]));
    const found = new Map<number, number>();
    for (const { localPort, remotePort, inode } of lines) {
      const client = clients.get(`${remotePort} ${localPort}`);
      if (wanted.has(localPort) && inode !== 0 && client !== undefined) found.set(localPort, client);
    }
    return found;
  }

  private tcpLines(name: string): readonly TcpLine[] {
    const lines = (readOrNothing(path.join(this.root, 'net', name)) ?? '').split('\n').slice(1);
    return lines.flatMap(line => {
      const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === '') return [];
      return [{ localPort: portOf(local), remotePort: portOf(remote), state, inode: Number(inode) }];
    });
  }

  /** Only what this user may see: the descriptors of other users' processes are hidden. */
  private pidsOf(inodes: ReadonlySet<number>): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    for (const pid of namesIn(this.root)) {
      if (!/^\d+$/.test(pid)) continue;
      const folder = path.join(this.root, pid, 'fd');
      for (const name of namesIn(folder)) {
        const inode = Number(/^socket:\[(\d+)\]$/.exec(linkOrNothing(path.join(folder, name)))?.[1]);
        if (inodes.has(inode)) found.set(inode, Number(pid));
      }
      if (found.size === inodes.size) break;
    }
    return found;
  }

  private args(pid: number): readonly string[] {
    return this.text(pid, 'cmdline').replace(/\0$/, '').split('\0');
  }

  private text(pid: number, name: string): string {
    return readOrNothing(path.join(this.root, String(pid), name)) ?? '';
  }
}

/** `0100007F:272F` → 10031 */
const portOf = (address: string): number => Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOrNothing(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

function readOrNothing(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
