import { spawn, type StdioOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { disposable, type Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import type { DisplayLink } from '../runtime/console-ports.ts';
import {
  UnreachableHost,
  type Destination,
  type RemoteHosts,
  type RemoteOptions,
  type RemoteResult,
} from '../runtime/remote-ports.ts';
import { quote } from '../script/quote.ts';
import { openOutput, readOutput } from './output-file.ts';
import { isPrivate } from './private-folder.ts';
import { ProcessLink } from './process-link.ts';
import { codeOf } from './system-error.ts';

/** Never asks anybody, opens nothing by itself, and notices within 15 s when the way is gone. */
const common = ['-a', '-x', '-T', '-e', 'none'].concat(
  ...[
    'BatchMode=yes',
    'ConnectTimeout=10',
    'ServerAliveInterval=5',
    'ServerAliveCountMax=3',
    'PermitLocalCommand=no',
  ].map(option => ['-o', option]),
);
const noForwards = ['-o', 'ClearAllForwardings=yes'];
/** How long a connection stays open that nobody uses. */
const idleSeconds = 60;
/** ssh says so of a failure of its own. */
const sshFailure = 255;
const outputLimitBytes = 8 * 1024 * 1024;
/** A socket's path has 107 bytes (unix(7)); ssh names its own by 40 digits, and with 17 more while it makes it. */
const longestFolder = 49;
/** A port of QEMU greets who comes, unless it serves somebody else. */
const greetingMs = 5_000;

/** The other hosts of labs by the user's own ssh and its configuration. All that goes to one host shares a connection. */
export class SshHosts implements RemoteHosts {
  private readonly root: string;
  private readonly reached = new Map<string, Promise<void>>();

  /** `root`: the folder over the run-time folders of this host. */
  constructor(root: string) {
    this.root = root;
  }

  async run(host: Destination, words: readonly string[], options: RemoteOptions = {}): Promise<RemoteResult> {
    await this.reach(host, options.signal);
    return this.exchange(host, words, options);
  }

  async connect(host: Destination, port: number, signal?: CancelSignal): Promise<DisplayLink> {
    await this.reach(host, signal);
    const args = [...common, ...this.shared(), '-W', `127.0.0.1:${port}`, '--', host.ssh];
    const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const link = new ProcessLink(child);
    const cancelling = onCancel(signal, () => link.dispose());
    const isOpen = await link.firstByte(greetingMs);
    cancelling.dispose();
    if (isOpen) return link;
    link.dispose();
    // ssh ends alike if nobody listens there and if the way there is gone, which is for another question to tell.
    this.reached.delete(host.ssh);
    await this.reach(host, signal);
    throw new UserError(
      `Port ${port} of host ${host.name} does not answer. Check that the VM runs there, or start it.`,
    );
  }

  async forward(host: Destination, here: string, there: string, signal?: CancelSignal): Promise<Disposable> {
    const own = [
      'ExitOnForwardFailure=yes',
      'StreamLocalBindMask=0177',
      'StreamLocalBindUnlink=yes',
      'ControlMaster=no',
    ];
    const args = [...common, ...own.flatMap(option => ['-o', option]), '-S', 'none', '-L', `${here}:${there}`];
    const errors = await openOutput();
    // It ends with us: cat has read all when our end of its input is closed, however that happens.
    const child = spawn('ssh', [...args, '--', host.ssh, 'exec cat'], { stdio: ['pipe', 'pipe', errors.fd] });
    const cancelling = onCancel(signal, () => child.kill());
    child.stdin?.on('error', () => undefined);
    child.stdin?.write('ready\n');
    const ended = once(child, 'exit').then(
      () => false,
      () => false,
    );
    const greeted = child.stdout ? once(child.stdout, 'data').then(() => true) : ended;
    const isOpen = await Promise.race([greeted, ended]);
    cancelling.dispose();
    const said = await readOutput(errors, outputLimitBytes);
    await errors.close();
    if (!isOpen) throw unreachable(host, said, signal);
    return disposable(() => {
      child.kill();
      void fs.rm(here, { force: true });
    });
  }

  async privateFolder(): Promise<Disposable & { readonly path: string }> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kvmlab-'));
    return { path: folder, dispose: () => void fs.rm(folder, { recursive: true, force: true }) };
  }

  digest(text: string): string {
    return createHash('sha256').update(text).digest('hex');
  }

  /** Several at once would each make a connection of their own; so the first one is waited for. */
  private async reach(host: Destination, signal: CancelSignal | undefined): Promise<void> {
    const known = this.reached.get(host.ssh);
    if (known) return known;
    const first = this.exchange(host, ['true'], { signal }).then(() => undefined);
    this.reached.set(host.ssh, first);
    first.catch(() => this.reached.delete(host.ssh));
    return first;
  }

  private async exchange(host: Destination, words: readonly string[], options: RemoteOptions): Promise<RemoteResult> {
    const { input, signal } = options;
    const [output, errors] = [await openOutput(), await openOutput()];
    const source = typeof input === 'object' ? await fs.open(input.file) : undefined;
    try {
      const args = [...common, ...noForwards, ...this.shared(), '--', host.ssh, words.map(quote).join(' ')];
      const stdin = source?.fd ?? (input === undefined ? 'ignore' : 'pipe');
      const text = typeof input === 'string' ? input : undefined;
      const code = await this.ssh(args, [stdin, output.fd, errors.fd], text, signal);
      const said = (await readOutput(errors, outputLimitBytes)).replace(/^ControlSocket .*\r?\n/gm, '');
      if (code === sshFailure || signal?.aborted) throw unreachable(host, said, signal);
      return { code, output: await readOutput(output, outputLimitBytes), errors: said };
    } finally {
      await Promise.all([output.close(), errors.close(), source?.close()]);
    }
  }

  private async ssh(
    args: readonly string[],
    stdio: StdioOptions,
    input?: string,
    signal?: CancelSignal,
  ): Promise<number> {
    const child = spawn('ssh', args, { stdio });
    // Who is gone before all is read says why by his end.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    const cancelling = onCancel(signal, () => child.kill());
    try {
      const [code] = (await once(child, 'exit')) as [number | null];
      return code ?? sshFailure;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      throw new UserError('The program ssh is missing. On Debian: sudo apt-get install openssh-client', [], {
        cause: error,
      });
    } finally {
      cancelling.dispose();
    }
  }

  /** One connection for all, in a folder that is ours alone; where there is none, each has its own. */
  private shared(): readonly string[] {
    const folder = path.join(this.root, '.ssh');
    if (folder.length > longestFolder || !isPrivate(this.root) || !isPrivate(folder)) return ['-S', 'none'];
    const options = ['ControlMaster=auto', `ControlPersist=${idleSeconds}`, `ControlPath=${folder}/%C`];
    return options.flatMap(option => ['-o', option]);
  }
}

function unreachable({ name, ssh }: Destination, said: string, signal: CancelSignal | undefined): UserError {
  if (signal?.aborted) return new UserError(`Host ${name}: called off.`);
  const reason =
    said
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/\p{Cc}+/gu, ' ')
      .slice(0, 300) ?? '';
  const hint = hints.find(({ words }) => said.includes(words))?.hint(ssh) ?? '';
  return new UnreachableHost(`Host ${name} cannot be reached. ssh ${ssh} says: ${reason || 'nothing'}${hint}`, reason);
}

const hints: readonly { readonly words: string; readonly hint: (ssh: string) => string }[] = [
  { words: 'Permission denied', hint: ssh => ` Let your key in there: ssh-copy-id ${ssh}` },
  {
    words: 'IDENTIFICATION HAS CHANGED',
    hint: ssh => ` Find out why its key is another one, then: ssh-keygen -R ${ssh}`,
  },
  { words: 'Host key verification', hint: ssh => ` Log in by hand once, to see the key of that host: ssh ${ssh}` },
];
