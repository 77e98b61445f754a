import type { ConsoleLoss } from './console-log-stream.ts';
import type { ConsoleState } from './console-session.ts';
import type { PortHolder } from '../console-ports.ts';
import type { Destination } from '../remote-ports.ts';

export type ConsoleKind = 'serial' | 'monitor';

/** One console of one VM, named for good by lab file, VM and kind; the port may change with the VM's ID. */
export interface ConsoleTarget {
  /** Absolute path of the lab file. */
  readonly lab: string;
  readonly vm: string;
  readonly kind: ConsoleKind;
  /** TCP port on the loopback. */
  readonly port: number;
  /** The file into which QEMU writes all that the console prints; the monitor has none. */
  readonly logPath?: string | undefined;
  /** Whose loopback that is. Absent: this host's. */
  readonly host?: Destination;
}

export const consoleTitle = ({ vm, kind }: ConsoleTarget): string => `${vm} · ${kind}`;

/** What a console's user is told about its connection; undefined where there is nothing to say. */
export function consoleNews({ vm, kind, port, host }: ConsoleTarget, state: ConsoleState): string | undefined {
  const name = kind === 'serial' ? 'serial console' : 'monitor';
  if (state.kind === 'connected') {
    const by = state.through ? `, shared with ${holderName(state.through)}` : '';
    const where = host ? ` of ${host.name}` : '';
    return `kvmlab: connected to ${vm}, ${name}, port ${port}${where}${by}`;
  }
  if (state.kind !== 'waiting') return undefined;
  if (state.reason === 'not running') return `kvmlab: ${vm} is not running; this terminal connects when it starts`;
  if (state.reason === 'unreachable') return `kvmlab: ${state.words} (trying again; Enter does so at once)`;
  if (state.holder)
    return `kvmlab: ${holderName(state.holder)} holds this console. Press ${takeOverKey} to take it over.`;
  return (
    `kvmlab: somebody else holds this console (only one at a time): ${name} of ${vm}, port ${port}; ` +
    'this terminal connects when they hang up'
  );
}

/** Pressed while somebody else holds the console, it takes it over. */
export const takeOverKey = 't';

/** `telnet (process 4711)` */
export const holderName = ({ program, pid }: PortHolder): string => `${program} (process ${pid})`;

/** What the user is told where something of the output is missing. */
export function lossNews(loss: ConsoleLoss): string {
  if (loss.kind === 'cut') return 'kvmlab: the console log was cut; some output is missing here';
  const size =
    loss.bytes < 1_000_000 ? `${Math.ceil(loss.bytes / 1000)} kB` : `${(loss.bytes / 1_000_000).toFixed(1)} MB`;
  return `kvmlab: ${size} left out here: they came faster than they can be shown`;
}
