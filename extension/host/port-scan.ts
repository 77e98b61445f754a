import fs from 'node:fs';
import path from 'node:path';
import { programName } from '../console/program-name.ts';
import type { PortHolder } from '../runtime/console-ports.ts';

const established = '01';

/** One line of /proc/net/tcp or udp, proc(5): ports, state, and the number of the socket; 0 until somebody has accepted it. */
interface SocketLine {
  /** Hexadecimal, as it stands there. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remotePort: number;
  readonly state: string;
  readonly inode: number;
}

/**
 * Who is connected to which of the ports, as the proc file system under `root` tells. In steps, one for each process
 * looked at, so that the caller may do something else between them. Never throws: what cannot be read is left out.
 */
export function* scanPorts(
  root: string,
  ports: readonly number[],
): Generator<void, ReadonlyMap<number, PortHolder>, void> {
  const sockets = clientSockets(root, new Set(ports));
  const holders = sockets.size === 0 ? new Map<number, PortHolder>() : yield* ownersOf(root, new Set(sockets.values()));
  const found = new Map<number, PortHolder>();
  for (const [port, inode] of sockets) {
    const holder = holders.get(inode);
    if (holder) found.set(port, holder);
  }
  return found;
}

/** For each port the number of the client's socket. Those that QEMU has not accepted yet only wait. */
function clientSockets(root: string, wanted: ReadonlySet<number>): ReadonlyMap<number, number> {
  const lines = ['tcp', 'tcp6'].flatMap(name => socketLines(root, name)).filter(line => line.state === established);
  const clients = new Map(lines.map(line => [`${line.localPort} ${line.remotePort}`, line.inode]));
  const found = new Map<number, number>();
  for (const { localPort, remotePort, inode } of lines) {
    const client = clients.get(`${remotePort} ${localPort}`);
    if (wanted.has(localPort) && inode !== 0 && client !== undefined) found.set(localPort, client);
  }
  return found;
}

/** The lines of a file of `net/`: tcp, tcp6, udp, udp6. */
export function socketLines(root: string, name: string): readonly SocketLine[] {
  const lines = textOrNothing(path.join(root, 'net', name))
    .split('\n')
    .slice(1);
  return lines.flatMap(line => {
    const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
    if (state === '') return [];
    return [
      {
        localAddress: local.slice(0, local.lastIndexOf(':')),
        localPort: portOf(local),
        remotePort: portOf(remote),
        state,
        inode: Number(inode),
      },
    ];
  });
}

/** Only what this user may see: the descriptors of other users' processes are hidden. */
export function* ownersOf(
  root: string,
  inodes: ReadonlySet<number>,
): Generator<void, ReadonlyMap<number, PortHolder>, void> {
  const found = new Map<number, PortHolder>();
  for (const name of namesIn(root)) {
    if (!/^\d+$/.test(name)) continue;
    const held = socketsOf(root, name).filter(inode => inodes.has(inode));
    if (held.length > 0) {
      const pid = Number(name);
      const program = programName(processArgs(root, pid), processText(root, pid, 'comm').trim());
      for (const inode of held) found.set(inode, { pid, program });
    }
    if (found.size === inodes.size) break;
    yield;
  }
  return found;
}

function socketsOf(root: string, pid: string): readonly number[] {
  const folder = path.join(root, pid, 'fd');
  return namesIn(folder).flatMap(name => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOrNothing(path.join(folder, name))) ?? [];
    return inode === undefined ? [] : [Number(inode)];
  });
}

export function processArgs(root: string, pid: number): readonly string[] {
  return processText(root, pid, 'cmdline').replace(/\0$/, '').split('\0');
}

/** A file of the process; empty if it is gone. */
export function processText(root: string, pid: number, name: string): string {
  return textOrNothing(path.join(root, String(pid), name));
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

function textOrNothing(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
