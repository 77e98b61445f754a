import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine, endAndRemove, killIfAlive, processesThatMention } from './own-processes.ts';
import type { ScriptRun } from './script-lab.ts';
import { until } from './vscode/until.ts';

const script = fileURLToPath(new URL('../../extension/script/common-lock.sh', import.meta.url));

/** Which commands of common-lock.sh are the steps of the model (Bash patterns), so that each is seen, and can be stopped at. */
const tracer = `
at_step() {
  [[ -n \${TRACE-} && $BASH_SUBSHELL = 0 ]] || return 0
  local step hook=\${HOOK-}
  case $1 in
    '[[ ! -e $lock_at/lock ]]') step='look' ;;
    'read -r lock_line '*) step='read record' ;;
    *'> "$lock_at/record.$new"') step='write record' ;;
    'mv -fT '*) step='rename state' ;;
    'ln -T '*) step='link lock' ;;
    'rm -f '*) step='remove record' ;;
    *) return 0 ;;
  esac
  steps=$((steps + 1))
  printf '%s\\n' "$step" >>"$TRACE"
  [[ $steps != "\${HOOK_AT-}" ]] || TRACE='' HOOK='' eval "$hook"
}
steps=0
set -o functrace
trap 'at_step "$BASH_COMMAND"' DEBUG
`;

/** What a host is known by, for the real function that finds it out. */
export interface HostWords {
  readonly name: string;
  readonly machine: string;
  readonly boot: string;
  readonly pidns: string;
}

export interface LockCall {
  /** Who asks: a run-time folder, of this host unless another one is described. */
  readonly run?: string;
  readonly host?: Partial<HostWords>;
  /** Right before the step of this number, counted from 1: the script is killed, or another one runs to its end. */
  readonly at?: number;
  readonly meanwhile?: 'kill' | { readonly body: string; readonly run: string };
}

/** As common-vm.sh starts QEMU: it alone inherits the leash. The stand-in is as long-lived, and cheap. */
const standIn = `
start() {
  local pid
  lock_take
  lock_leash
  (exec -a "\${run%/*}/qemu-of-\${run##*/}" sleep 1000) </dev/null >/dev/null 2>&1 &
  pid=$!
  exec 6>&-
  until [[ $(<"/proc/$pid/comm") = sleep ]]; do sleep 0.01; done
  lock_running "$pid" && return
  kill -KILL "$pid"
  exit 4
}
`;

export interface LockRun extends ScriptRun {
  readonly steps: readonly string[];
}

/**
 * Two mounts of one storage, with a colon between them, where the locks are tried instead of in /tmp: who is called `run`
 * sees the first one, all others the second.
 */
const mounts = process.env['KVMLAB_LOCK_MOUNTS']?.split(':') ?? [];

/** The lock of one VM, and the functions of common-lock.sh, each called in a Bash of its own. Disposing ends all it started. */
export class LockScript {
  readonly root = mkdtempSync(path.join(tmpdir(), 'kl-'));
  private readonly own = `locks-${path.basename(this.root)}`;
  private readonly tracer = path.join(this.root, 'tracer.sh');
  private calls = 0;

  constructor() {
    mkdirSync(this.locksOf('run'));
    writeFileSync(this.tracer, tracer);
  }

  private bash(body: string, { host = {}, run = 'run' }: LockCall = {}): string {
    const folder = path.join(this.root, run);
    mkdirSync(folder, { recursive: true });
    return [
      `. ${script}`,
      `run=${folder} lock_at=${this.locksOf(run)}/lab/a lock_vm=a`,
      ...this.disguise(host),
      standIn,
      body,
    ].join('\n');
  }

  private disguise({ name, machine, boot, pidns }: Partial<HostWords>): readonly string[] {
    const isAs = (real: string, text: string | undefined): readonly string[] => {
      if (text === undefined) return [];
      const file = path.join(this.root, `as-${text}`);
      writeFileSync(file, `${text}\n`);
      return [`eval "$(declare -f lock_me | sed 's#${real}#${file}#')"`];
    };
    return [
      ...isAs('/etc/machine-id', machine),
      ...isAs('/proc/sys/kernel/random/boot_id', boot),
      ...(name === undefined ? [] : [`uname() { echo ${name}; }`]),
      ...(pidns === undefined ? [] : [`readlink() { echo 'pid:[${pidns}]'; }`]),
    ];
  }

  async call(body: string, of: LockCall = {}): Promise<LockRun> {
    this.calls += 1;
    const trace = path.join(this.root, `trace-${this.calls}`);
    writeFileSync(trace, '');
    const { at, meanwhile } = of;
    const other = typeof meanwhile === 'object' ? this.bash(meanwhile.body, meanwhile) : 'kill -KILL $1';
    const hook = meanwhile ? { HOOK: 'bash -c "$OTHER" other $$', HOOK_AT: String(at), OTHER: other } : {};
    const child = spawn('bash', ['-c', this.bash(body, of)], {
      env: { ...process.env, BASH_ENV: this.tracer, TRACE: trace, ...hook },
    });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const code = await new Promise<number>(done => child.on('close', status => done(status ?? -1)));
    return { code, output, steps: readFileSync(trace, 'utf8').split('\n').slice(0, -1) };
  }

  /** The file of the record that holds: that of the state which is the lock itself. */
  record(): string {
    const folder = path.join(this.locksOf('run'), 'lab/a');
    const lock = statSync(path.join(folder, 'lock')).ino;
    const state = readdirSync(folder).find(
      name => name.startsWith('state.') && statSync(path.join(folder, name)).ino === lock,
    );
    return path.join(folder, `record.${state?.slice('state.'.length)}`);
  }

  /** Those that stand in for QEMU and live, by their run-time folders. */
  qemus(): readonly string[] {
    return processesThatMention(`${this.root}/qemu-of-`).map(pid => /qemu-of-(\w+)/.exec(commandLine(pid))?.[1] ?? '');
  }

  qemu(run: string): number | undefined {
    return processesThatMention(`${this.root}/qemu-of-${run}`)[0];
  }

  /** As `kill -9` of the stand-in for QEMU of a run-time folder; over when it is gone. */
  async kill(run = 'run'): Promise<void> {
    for (const pid of processesThatMention(`${this.root}/qemu-of-${run}`)) killIfAlive(pid);
    await until(`the QEMU of ${run} to be gone`, () => Promise.resolve(!this.qemus().includes(run)), {
      intervalMs: 10,
    });
  }

  dispose(): void {
    endAndRemove(this.root);
    if (mounts.length > 0) rmSync(this.locksOf('run'), { recursive: true, force: true });
  }

  private locksOf(run: string): string {
    const [first = this.root, second = first] = mounts;
    return path.join(run === 'run' ? first : second, this.own);
  }
}
