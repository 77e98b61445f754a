import type { ConsoleState } from './console-session.ts';

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
}

export const consoleTitle = ({ vm, kind }: ConsoleTarget): string => `${vm} · ${kind}`;

/** What a console's user is told about its connection; undefined where there is nothing to say. */
export function consoleNews({ vm, kind, port }: ConsoleTarget, state: ConsoleState): string | undefined {
  const name = kind === 'serial' ? 'serial console' : 'monitor';
  switch (state.kind) {
    case 'connected':
      return `kvmlab: connected to ${vm}, ${name}, port ${port}`;
    case 'waiting':
      return state.reason === 'not running'
        ? `kvmlab: ${vm} is not running; this terminal connects when it starts`
        : `kvmlab: somebody else holds this console (only one at a time): ${name} of ${vm}, port ${port}; ` +
            'this terminal connects when they hang up';
    case 'connecting':
    case 'closed':
      return undefined;
  }
}
