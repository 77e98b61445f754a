import type { InstallPorts } from '../../extension/cli/command.ts';
import { UserError } from '../../extension/base/user-error.ts';
import { FakeLink } from './console-fakes.ts';

/** Lines to other machines that the test plays; nobody answers before `link` is set. */
export class FakeInstalls implements InstallPorts {
  link: FakeLink | undefined;
  readonly dialled: string[] = [];
  readonly secrets = new Map<string, string>();
  readonly identities = new Map<string, string>();
  readonly locked = new Set<string>();

  readonly lines: InstallPorts['lines'] = {
    telnet: (host, port) => {
      this.dialled.push(`${host}:${port}`);
      return this.link ? Promise.resolve(this.link) : Promise.reject(new UserError('nobody'));
    },
    ssh: args => {
      this.dialled.push(args.join(' '));
      return this.link ?? new FakeLink();
    },
  };

  readonly files: InstallPorts['files'] = {
    identity: path => Promise.resolve(this.identities.get(path)),
    lock: path => {
      if (this.locked.has(path)) return Promise.resolve(undefined);
      this.locked.add(path);
      return Promise.resolve({ release: () => Promise.resolve(void this.locked.delete(path)) });
    },
  };

  /** Scripts that were run for fresh VMs, and folders that were removed. */
  readonly runs: string[] = [];
  readonly fresh: InstallPorts['fresh'] = {
    scripts: {
      run: (script, words) => {
        this.runs.push([script, ...words].join(' '));
        return Promise.resolve({ code: 0, output: '' });
      },
    },
    removeFolder: path => Promise.resolve(void this.runs.push(`rm ${path}`)),
  };

  readonly secret = (name: string): string | undefined => this.secrets.get(name);
}
