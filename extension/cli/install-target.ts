import { vmFiles } from '../lab/layout.ts';
import { VmOrders } from '../runtime/installs/vm-orders.ts';
import { LineSession } from '../runtime/installs/line-session.ts';
import type { MachineOrders } from '../runtime/installs/console-stage.ts';
import type { ByteSession } from '../runtime/console/byte-session.ts';
import { consoleVmName, type KnownConsole } from '../runtime/console/console-list.ts';
import { folderOf } from '../runtime/paths.ts';
import { UsageError } from './arguments.ts';
import type { CliPorts } from './command.ts';
import { findConsole, runningConsoles } from './konnect-target.ts';

/** Where an install script plays. */
export interface InstallTarget {
  readonly name: string;
  readonly session: ByteSession;
  readonly machine: MachineOrders | undefined;
  /** It runs already: what stands on the cursor's line was printed by it. */
  readonly hasPrompt: boolean;
  /** The file into which QEMU writes all that the console prints. */
  readonly logPath: string | undefined;
}

/** A VM as `konnect` names it, `HOST:PORT` (telnet), or `ssh://[USER@]HOST[:PORT]`. */
export async function findInstallTarget(word: string, ports: CliPorts): Promise<InstallTarget> {
  const line = lineTo(word, ports);
  if (line) return { name: word, session: line, machine: undefined, hasPrompt: false, logPath: undefined };
  return consoleTarget(await findConsole(word, 'serial', ports), ports);
}

export function consoleTarget(console: KnownConsole, ports: CliPorts): InstallTarget {
  const { logPath, port, vm, pid } = console;
  const isRunning = async (): Promise<boolean> => (await runningConsoles(ports)).some(one => one.port === port);
  const parts = { qmp: ports.qmp, clock: ports.clock, isRunning };
  return {
    name: consoleVmName(console),
    session: ports.consoles.session(console),
    machine:
      logPath === undefined ? undefined : new VmOrders({ ...parts, socket: `${folderOf(logPath)}/${vmFiles(vm).qmp}` }),
    hasPrompt: pid !== undefined,
    logPath,
  };
}

function lineTo(word: string, { installs }: CliPorts): ByteSession | undefined {
  const [, user, host, port] = /^ssh:\/\/(?:([^@/]+)@)?([^@:/]+)(?::(\d+))?\/?$/.exec(word) ?? [];
  if (word.startsWith('ssh://')) {
    if (host === undefined || `${user ?? ''}${host}`.startsWith('-'))
      throw new UsageError(`${word} is no address. Write it as ssh://me@host or ssh://me@host:22.`);
    const destination = user === undefined ? host : `${user}@${host}`;
    const args = ['-tt', '-e', 'none', ...(port === undefined ? [] : ['-p', port]), '--', destination];
    return new LineSession(() => Promise.resolve(installs.lines.ssh(args)), false);
  }
  const [, address, number] = /^(?:telnet:\/\/)?([^:/\s]+|\[[\da-f:]+\]):(\d{1,5})$/i.exec(word) ?? [];
  if (address === undefined) return undefined;
  const bare = address.replace(/^\[|\]$/g, '');
  return new LineSession(signal => installs.lines.telnet(bare, Number(number), signal), true);
}
