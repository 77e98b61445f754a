import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { displayPort } from '../../extension/lab/networks/addressing.ts';
import { freeIds } from './free-ids.ts';
import { endAndRemove, processesThatMention } from './own-processes.ts';
import { until } from './vscode/until.ts';

const server = '/usr/sbin/sshd';
/** `npm test` installs it only where that serves nobody else. */
export const hasSshServer = existsSync(server);

/** Where an sshd listens: an address, and the words before its command line that bring it into a network namespace. */
export interface SshPlace {
  readonly address: string;
  readonly enter: readonly string[];
}

/**
 * This host once more, behind an sshd of its own (on loopback, if nothing else is said), with keys of its own: `ssh -F config other` logs in. Whoever
 * logs in finds labs in another run-time folder, so that two labs of this host are labs of two hosts.
 */
export class SshHost {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kls-'));
  /** What `ssh -F` takes. */
  readonly config = path.join(this.folder, 'config');
  private readonly sshd: ChildProcess;
  private readonly port: number;
  private readonly address: string;

  private constructor(runRoot: string, port: number, { address, enter }: SshPlace) {
    this.port = port;
    this.address = address;
    this.makeKeys();
    writeFileSync(path.join(this.folder, 'sshd_config'), this.serverConfig(runRoot));
    writeFileSync(this.config, this.clientConfig());
    // sshd wants an absolute path, and as root a folder for what has no rights.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    const args = ['-D', '-e', '-f', path.join(this.folder, 'sshd_config')];
    const [program = server, ...words] = [...enter, server, ...args];
    this.sshd = spawn(program, words, { stdio: 'ignore' });
  }

  static async start(runRoot: string, place: SshPlace = { address: '127.0.0.1', enter: [] }): Promise<SshHost> {
    const [id] = await freeIds(1);
    const host = new SshHost(runRoot, displayPort(id!), place);
    await until('the sshd of the test', () => host.answers());
    return host;
  }

  /** A folder for PATH: its `ssh` knows this host by the name `other`, as the user's own would by its configuration. */
  programs(): string {
    const folder = path.join(this.folder, 'bin');
    mkdirSync(folder, { recursive: true });
    const ssh = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
    writeFileSync(path.join(folder, 'ssh'), `#!/bin/sh\nexec ${ssh} -F ${this.config} "$@"\n`, { mode: 0o755 });
    return folder;
  }

  /** From now on the key is let in. */
  letIn(): void {
    copyFileSync(path.join(this.folder, 'user_key.pub'), path.join(this.folder, 'authorized_keys'));
    chmodSync(path.join(this.folder, 'authorized_keys'), 0o600);
  }

  /** From now on nobody is let in. */
  forgetKey(): void {
    writeFileSync(path.join(this.folder, 'authorized_keys'), '');
  }

  /** From now on whoever comes has never seen this host's key. */
  forgetHostKey(): void {
    writeFileSync(path.join(this.folder, 'known_hosts'), '');
  }

  /** Pids of the ssh that are connected to it. */
  clients(): readonly number[] {
    return processesThatMention(this.config).filter(pid => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'ssh');
  }

  dispose(): void {
    this.sshd.kill('SIGKILL');
    endAndRemove(this.folder);
  }

  private makeKeys(): void {
    for (const name of ['host_key', 'user_key']) {
      const file = path.join(this.folder, name);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    }
    const read = (name: string): string => readFileSync(path.join(this.folder, name), 'utf8');
    this.letIn();
    writeFileSync(path.join(this.folder, 'known_hosts'), `[${this.address}]:${this.port} ${read('host_key.pub')}`);
  }

  private serverConfig(runRoot: string): string {
    const file = (name: string): string => path.join(this.folder, name);
    return [
      `Port ${this.port}`,
      `ListenAddress ${this.address}`,
      `HostKey ${file('host_key')}`,
      `PidFile ${file('sshd.pid')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      // Who logs in finds the way back as those here find it.
      `SetEnv KVMLAB_RUN_ROOT=${runRoot} PATH=${this.programs()}:${process.env['PATH']}`,
      '',
    ].join('\n');
  }

  private clientConfig(): string {
    const file = (name: string): string => path.join(this.folder, name);
    // Also by its address, which is how somebody who was logged in from here finds the way back.
    return [
      `Host other ${this.address}`,
      `  HostName ${this.address}`,
      `  Port ${this.port}`,
      `  IdentityFile ${file('user_key')}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      `  UserKnownHostsFile ${file('known_hosts')}`,
      '  GlobalKnownHostsFile none',
      '  StrictHostKeyChecking yes',
      '',
    ].join('\n');
  }

  private answers(): Promise<boolean> {
    if (!existsSync(path.join(this.folder, 'sshd.pid'))) return Promise.resolve(false);
    return new Promise(done => {
      const socket = createConnection(this.port, this.address);
      socket.once('data', () => done(true)).once('error', () => done(false));
      socket.once('data', () => socket.destroy());
    });
  }
}
