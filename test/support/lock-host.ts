import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lab } from '../../extension/lab/model.ts';
import { endAndRemove } from './own-processes.ts';
import { ScriptLab, type ScriptRun } from './script-lab.ts';

/** What another host is known by. It is made of this one: a name, a machine ID and a boot of its own, and nothing else. */
interface Identity {
  readonly name: string;
  readonly machine: string;
  boot: number;
}

const disguise = `
mount --bind "$1" /etc/machine-id && mount --bind "$2" /proc/sys/kernel/random/boot_id && hostname "$3" && exec "\${@:4}"
`;

/** A lab's scripts on a host: this one, or one that differs by what a lock knows a host by. Needs root for the latter. */
export class LockHost {
  readonly lab: ScriptLab;
  private readonly root = mkdtempSync(path.join(tmpdir(), 'klh-'));
  private readonly identity: Identity | undefined;

  constructor(lab: Lab, name?: string) {
    this.lab = new ScriptLab(lab);
    const machine = Buffer.from(name ?? '')
      .toString('hex')
      .padEnd(32, '0');
    this.identity = name === undefined ? undefined : { name, machine, boot: 0 };
    this.boot();
  }

  /** A host that was started again: what ran on it is for the caller to end. */
  boot(): void {
    if (!this.identity) return;
    this.identity.boot += 1;
    writeFileSync(path.join(this.root, 'machine'), `${this.identity.machine}\n`);
    const boot = String(this.identity.boot).padStart(12, '0');
    writeFileSync(path.join(this.root, 'boot'), `00000000-0000-4000-8000-${boot}\n`);
  }

  run(...words: readonly string[]): Promise<ScriptRun> {
    return this.begin(...words).done;
  }

  /** With more in its environment. */
  runWith(env: NodeJS.ProcessEnv, ...words: readonly string[]): Promise<ScriptRun> {
    return this.spawn(env, words).done;
  }

  /** In a process group of its own, whose number is the pid. */
  begin(...words: readonly string[]): { readonly pid: number; readonly done: Promise<ScriptRun> } {
    return this.spawn({}, words);
  }

  private spawn(env: NodeJS.ProcessEnv, words: readonly string[]) {
    const script = [path.join(this.lab.folder, 'a.sh'), ...words];
    const files = ['machine', 'boot'].map(name => path.join(this.root, name));
    const asHost = this.identity
      ? ['unshare', '-m', '-u', 'bash', '-c', disguise, 'bash', ...files, this.identity.name]
      : [];
    const [program = '', ...rest] = [...asHost, ...script];
    const child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, KVMLAB_RUN_ROOT: this.lab.runRoot, KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1', ...env },
    });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const done = new Promise<ScriptRun>(resolve => child.on('exit', code => resolve({ code: code ?? -1, output })));
    return { pid: child.pid!, done };
  }

  /** As `kill -9` of QEMU. */
  end(): Promise<void> {
    return this.lab.kill('a.pid');
  }

  dispose(): void {
    this.lab.dispose();
    endAndRemove(this.root);
  }
}
