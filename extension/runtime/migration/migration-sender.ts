import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { commonScript, movedFile, vmFiles, vmScript } from '../../lab/layout.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { Lab } from '../../lab/model.ts';
import { done } from '../hosts/deploy.ts';
import { scriptWords } from '../hosts/far-scripts.ts';
import type { Files, ScriptResult, ScriptRunner } from '../host.ts';
import { scriptFolder } from '../lab-identity.ts';
import { folderOf } from '../paths.ts';
import type { RemoteHosts } from '../remote-ports.ts';
import type { LabStore } from '../store.ts';

export interface SenderParts {
  readonly store: Pick<LabStore, 'stateOf'>;
  readonly scripts: ScriptRunner;
  readonly files: Pick<Files, 'read'>;
  readonly remote: () => Promise<RemoteHosts>;
  /** The run-time folder of a lab on this host. */
  readonly runDir: (lab: string) => string;
}

/** A lab file and the lab in it. */
export interface OfLab {
  readonly path: string;
  readonly lab: Lab;
}

/** Where a VM runs that is to be migrated: its script sends it from there. */
export interface Sender {
  /** Another host; undefined: this one. */
  readonly host: LabHost | undefined;
  /** It runs where the lab has it on this host. */
  readonly isHome: boolean;
  /** Runs the VM's script there. */
  run(words: readonly string[], signal?: CancelSignal): Promise<ScriptResult>;
  /** What the script has written down there of the move. */
  moved(): Promise<string>;
  /** Sockets where QEMU tells how far it is, the one for watchers first; none: that cannot be seen from here. */
  readonly progress: readonly string[];
}

/** By what the store knows of the VM. */
export async function senderOf(of: OfLab, vm: string, parts: SenderParts): Promise<Sender> {
  const state = parts.store.stateOf({ lab: of.path, kind: 'vm', name: vm });
  const running = state.kind === 'running' ? state : undefined;
  if (state.kind === 'unknown') throw new UserError(state.reason);
  // How it runs differs from what the lab file says, and the script has to know that.
  const id = running?.id === undefined ? [] : [`ID=${running.id}`];
  const host = of.lab.hosts?.find(({ name }) => name === running?.far?.host);
  if (host) return farSender(of.lab, vm, host, id, await parts.remote());
  const own = parts.runDir(of.lab.name);
  const folder = running?.folder ?? own;
  const settings = [...(folder === own ? [] : [`RUN_ROOT=${folderOf(folder)}`]), ...id];
  return {
    host: undefined,
    isHome: folder === own,
    run: (words, signal) =>
      parts.scripts.run(`${scriptFolder(of.path, of.lab)}/${vmScript(vm)}`, [...settings, ...words], signal),
    moved: async () => (await parts.files.read(`${folder}/${movedFile(vm)}`)) ?? '',
    progress: [vmFiles(vm).watchQmp, vmFiles(vm).qmp].map(file => `${folder}/${file}`),
  };
}

function farSender(lab: Lab, vm: string, host: LabHost, settings: readonly string[], remote: RemoteHosts): Sender {
  return {
    host,
    isHome: false,
    async run(words, signal) {
      const there = scriptWords(host, lab, vmScript(vm), [...settings, ...words]);
      const { code, output, errors } = await remote.run(host, there, { signal });
      return { code, output: output + errors };
    },
    async moved() {
      const folder = done(host, await remote.run(host, scriptWords(host, lab, commonScript, ['folder', lab.name])));
      return done(host, await remote.run(host, ['cat', '--', `${folder.trim()}/${movedFile(vm)}`]));
    },
    progress: [],
  };
}

/** How a host of the lab finds this one by ssh: this user, at the address that ssh comes from. */
export async function wayBack(host: LabHost, user: string | undefined, remote: RemoteHosts): Promise<string> {
  const asked = await remote.run(host, ['sh', '-c', 'printf %s "${SSH_CONNECTION%% *}"']);
  return `${user === undefined ? '' : `${user}@`}${done(host, asked).trim()}`;
}
