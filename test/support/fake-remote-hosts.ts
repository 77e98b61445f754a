import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import type { DisplayLink } from '../../extension/runtime/console-ports.ts';
import {
  UnreachableHost,
  type Destination,
  type RemoteHosts,
  type RemoteOptions,
  type RemoteResult,
} from '../../extension/runtime/remote-ports.ts';

/** Hosts without a way there: each is a folder of this machine, the home of whoever logs in. */
export class FakeRemoteHosts implements RemoteHosts {
  readonly homes = new Map<string, string>();
  /** By name: what ssh says of those that cannot be reached. */
  readonly down = new Map<string, string>();
  readonly runs: { readonly host: string; readonly words: readonly string[] }[] = [];

  run({ name }: Destination, words: readonly string[], { input }: RemoteOptions = {}): Promise<RemoteResult> {
    this.runs.push({ host: name, words });
    const reason = this.down.get(name);
    if (reason !== undefined) return Promise.reject(new UnreachableHost(`Host ${name} cannot be reached. ${reason}`));
    const [program = 'true', ...args] = words;
    const bytes = typeof input === 'object' ? readFileSync(input.file) : (input ?? '');
    const home = this.homes.get(name)!;
    const env = { ...process.env, HOME: home, XDG_DATA_HOME: '' };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: home, env, input: bytes, encoding: 'utf8' });
    return Promise.resolve({ code: status ?? 127, output: stdout, errors: stderr });
  }

  connect({ name }: Destination, port: number): Promise<DisplayLink> {
    return Promise.reject(new UnreachableHost(`Host ${name}: nobody listens on ${port}.`));
  }

  forward(_host: Destination, here: string, there: string): Promise<Disposable> {
    execFileSync('ln', ['-sf', there, here]);
    return Promise.resolve(disposable(() => execFileSync('rm', ['-f', here])));
  }

  privateFolder(): Promise<Disposable & { readonly path: string }> {
    return Promise.reject(new Error('no sockets here'));
  }

  digest(text: string): string {
    return createHash('sha256').update(text).digest('hex');
  }
}
