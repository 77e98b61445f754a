/** What the lock of a VM is for this host: nobody's, its own, proven to be over, or held by somebody it cannot judge. */
export type LockState = 'none' | 'free' | 'ours' | 'stale' | 'held';

export interface VmLock {
  readonly vm: string;
  readonly state: LockState;
  /** Absent where nobody holds it. */
  readonly holder?: LockHolder;
}

export interface LockHolder {
  readonly host: string;
  /** `starting` until QEMU is there. */
  readonly phase: string;
  readonly pid: number;
  /** Seconds since 1970, by the clock of that host. */
  readonly since: number;
  /** The run-time folder there. */
  readonly run: string;
}

/** Reads what `VM.sh lock tell` prints. Undefined: it is no such thing. */
export function readLockWords(vm: string, text: string): VmLock | undefined {
  const [, state, record] = /^(none|free|ours|stale|held)(?: (.*))?$/.exec(text.trim()) ?? [];
  if (state === undefined) return undefined;
  if (state === 'none' || state === 'free') return { vm, state };
  const holder = readHolder(record ?? '');
  return holder && { vm, state: state as LockState, holder };
}

function readHolder(record: string): LockHolder | undefined {
  const words = /^state=(\w+) host=(\S+) .*? pid=(\d+) .*? since=(\d+) run=(\/.*)$/.exec(record);
  if (!words) return undefined;
  const [, phase = '', host = '', pid, since, run = ''] = words;
  return { host, phase, pid: Number(pid), since: Number(since), run };
}
