import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { CancelSignal } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import { parsePackages, type DebianPackage } from '../guest/debian-control.ts';
import { madeElsewhere, runTool, textOf } from './guest-tools.ts';

const refreshLists = 'Run: sudo apt-get update';

/** What apt would install under this name. */
export async function findPackage(name: string, signal: CancelSignal | undefined): Promise<DebianPackage> {
  const shown = await runTool('apt-cache', ['show', '--no-all-versions', name], { signal });
  const found = parsePackages(textOf(shown)).find(one => one.name === name);
  if (found) return found;
  throw new UserError(
    `The tiny guest needs the Debian package ${name}, and apt knows none of this name. ${refreshLists}\n` +
      `If that does not help, this system is not Debian: ${madeElsewhere}`,
  );
}

/** Refuses a system whose packages would not run in the guest, before anything is downloaded. */
export async function checkArchitecture(signal: CancelSignal | undefined): Promise<void> {
  const architecture = textOf(await runTool('dpkg', ['--print-architecture'], { signal })).trim();
  if (architecture === 'amd64') return;
  throw new UserError(
    `The tiny guest is made from amd64 packages, and this system is ${architecture}. ${madeElsewhere}`,
  );
}

/** Downloads exactly these versions into `folder` and unpacks them into one tree, installing nothing. Gives the tree. */
export async function unpackPackages(
  packages: readonly DebianPackage[],
  folder: string,
  signal: CancelSignal | undefined,
): Promise<string> {
  const tree = path.join(folder, 'tree');
  for (const { name, version } of packages) {
    const downloads = path.join(folder, name);
    await mkdir(downloads);
    const downloaded = await runTool('apt-get', ['download', `${name}=${version}`], { signal, folder: downloads });
    const [file] = await readdir(downloads);
    if (!downloaded.isOk || file === undefined)
      throw failed(`Package ${name} could not be downloaded`, downloaded.errors);
    const unpacked = await runTool('dpkg-deb', ['-x', path.join(downloads, file), tree], { signal });
    if (!unpacked.isOk) throw failed(`Package ${name} could not be unpacked`, unpacked.errors);
  }
  return tree;
}

function failed(what: string, errors: string): UserError {
  const reasons = errors.split('\n').filter(line => /^(E|dpkg-deb): /.test(line));
  return new UserError(
    `${what}: ${reasons.join(' ') || errors.trim()}\nIs the network there? ${refreshLists}\nThen try again.`,
  );
}
