import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder over the run-time folders of all labs. The scripts find it by the same rule (`run_root` in common.sh): an empty
 * variable is none, and neither is one that names a folder that is not there, as after `su`.
 */
export function runRoot(env: Environment, uid: number): string {
  if (env['KVMLAB_RUN_ROOT']) return path.resolve(env['KVMLAB_RUN_ROOT']);
  const session = env['XDG_RUNTIME_DIR'];
  if (session && existsSync(session)) return path.join(session, 'kvmlab');
  return `/tmp/kvmlab-${uid}`;
}

/** The run-time folder of one lab; the files in it are named in lab/layout.ts. */
export const labRunDir = (root: string, lab: string): string => path.join(root, lab);

const homeFolder = (env: Environment): string => env['HOME'] ?? os.homedir();

/** The user's defaults for every lab: shell variables. */
export const kvmscriptPath = (env: Environment): string => path.join(homeFolder(env), '.kvmscript');

/** Where the tiny guest lies that every lab of this user may use. */
export function defaultGuestDir(env: Environment): string {
  // The XDG base directory specification: a relative path counts as not set.
  const data = env['XDG_DATA_HOME'];
  const base = data !== undefined && path.isAbsolute(data) ? data : path.join(homeFolder(env), '.local/share');
  return path.join(base, 'kvmlab/guest');
}
