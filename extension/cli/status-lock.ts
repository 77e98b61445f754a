import { UserError } from '../base/user-error.ts';
import { vmScript } from '../lab/layout.ts';
import { scriptFolder } from '../runtime/lab-identity.ts';
import type { VmLock } from '../runtime/locks/lock-words.ts';
import type { CliPorts } from './command.ts';
import type { OpenLab } from './lab-file.ts';
import { lockOf } from './lock.ts';
import { printable } from './text-table.ts';

/** What the lock of a VM says. `unknown`: it cannot be read. The rest is null where nobody holds it. */
export interface LockStatus {
  readonly state: VmLock['state'] | 'unknown';
  readonly host: string | null;
  readonly phase: string | null;
  /** Seconds since 1970. */
  readonly since: number | null;
  readonly run: string | null;
}

/** By VM; empty: the lab has no locks. */
export async function locksOf(open: OpenLab, ports: CliPorts): Promise<ReadonlyMap<string, LockStatus>> {
  if (open.lab.locks === undefined) return new Map();
  const folder = scriptFolder(open.path, open.lab);
  const read = async (vm: string): Promise<readonly (readonly [string, LockStatus])[]> =>
    // Without a script it never ran from here, and nobody can be asked.
    (await ports.files.exists(`${folder}/${vmScript(vm)}`)) ? [[vm, await ask(vm)]] : [];
  const ask = async (vm: string): Promise<LockStatus> => {
    try {
      const { state, holder } = await lockOf(open, vm, ports);
      const { host = null, phase = null, since = null, run = null } = holder ?? {};
      return { state, host, phase, since, run };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { state: 'unknown', host: null, phase: null, since: null, run: null };
    }
  };
  return new Map((await Promise.all(open.lab.vms.map(({ name }) => read(name)))).flat());
}

/** Whether a VM that does not run here runs at another host, as far as its lock says. */
export const isHeldElsewhere = (state: string, lock: LockStatus | null): boolean =>
  state === 'stopped' && lock?.state === 'held';

/** What a lock adds to the state of a VM, in words; undefined: nothing. */
export function lockWords(state: string, lock: LockStatus | null): string | undefined {
  if (!lock) return undefined;
  const since = lock.since === null ? '' : ` since ${new Date(lock.since * 1000).toISOString().slice(0, 19)}Z`;
  const host = printable(lock.host ?? '');
  switch (lock.state) {
    case 'held':
      if (state === 'locked') return `${lock.phase === 'starting' ? 'starts' : 'runs'} at ${host} (lock${since})`;
      return state === 'running' ? undefined : `lock of ${host}${since}`;
    case 'stale':
      return `lock of ${host}${since} is over, which is proven`;
    case 'unknown':
      return 'its lock cannot be read: kvmlab lock list';
    case 'none':
    case 'free':
    case 'ours':
      return undefined;
  }
}
