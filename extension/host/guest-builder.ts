import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CancelSignal } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import { guestArchive, guestModules, guestRecipe, usbModules } from '../guest/archive.ts';
import type { DebianPackage } from '../guest/debian-control.ts';
import { moduleName, planModules, type ModuleImage, type PlannedModule } from '../guest/modules.ts';
import { checkArchitecture, findPackage, unpackPackages } from './debian-packages.ts';
import { runTool, textOf } from './guest-tools.ts';

export interface GuestOptions {
  /** Hears, line by line, what is being done. */
  readonly log: (line: string) => void;
  readonly signal?: CancelSignal | undefined;
  /** Makes it again even if it is there and up to date. */
  readonly force?: boolean | undefined;
  /** With Debian's usual kernel in place of its cloud kernel, which knows no USB. It needs more memory and time. */
  readonly usb?: boolean | undefined;
}

export interface GuestBuild {
  readonly kernel: string;
  readonly initrd: string;
  /** False: it was there already, made from the same packages and the same init. */
  readonly isNew: boolean;
}

/** Makes the tiny guest, `vmlinuz` and `initrd`, in `dir` from Debian packages, without root. */
export async function buildGuest(dir: string, { log, signal, force, usb = false }: GuestOptions): Promise<GuestBuild> {
  await checkArchitecture(signal);
  const packages = await guestPackages(usb ? 'linux-image-amd64' : 'linux-image-cloud-amd64', signal);
  const modules = usb ? [...guestModules, ...usbModules] : guestModules;
  const madeFrom = [
    ...packages.map(({ name, version }) => `${name} ${version}`),
    `init ${hashOf(guestRecipe(modules))}`,
    '',
  ].join('\n');
  const build = { kernel: path.join(dir, 'vmlinuz'), initrd: path.join(dir, 'initrd') };
  if (force !== true && (await isMade(dir, madeFrom))) {
    log(`The tiny guest in ${dir} is up to date.`);
    return { ...build, isNew: false };
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'kvmlab-guest-'));
  try {
    log(`Downloading ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
    const tree = await unpackPackages(packages, folder, signal);
    const { kernel, initrd } = await assemble(tree, modules, signal);
    await writeGuest(dir, { kernel, initrd, madeFrom });
    log(`Made ${build.kernel} (${mebibytes(kernel)}) and ${build.initrd} (${mebibytes(initrd)}).`);
    return { ...build, isNew: true };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `newest`: the package that depends on the newest kernel of its kind. */
async function guestPackages(newest: string, signal: CancelSignal | undefined): Promise<readonly DebianPackage[]> {
  const { name, version, depends } = await findPackage(newest, signal);
  const kernelName = depends.find(one => one.startsWith('linux-image-'));
  if (kernelName === undefined) throw new UserError(`Package ${name} ${version} names no kernel.`);
  return Promise.all([findPackage(kernelName, signal), findPackage('busybox-static', signal)]);
}

async function isMade(dir: string, madeFrom: string): Promise<boolean> {
  const [names, before] = await Promise.all([
    readdir(dir).catch((): string[] => []),
    readFile(path.join(dir, 'made-from'), 'utf8').catch(() => undefined),
  ]);
  return before === madeFrom && names.includes('vmlinuz') && names.includes('initrd');
}

interface Assembled {
  readonly kernel: Uint8Array;
  readonly initrd: Uint8Array;
}

async function assemble(tree: string, wanted: readonly string[], signal: CancelSignal | undefined): Promise<Assembled> {
  const boot = path.join(tree, 'boot');
  const kernelFile = (await readdir(boot)).find(name => name.startsWith('vmlinuz-'));
  if (kernelFile === undefined) throw new UserError('The kernel package holds no kernel (boot/vmlinuz-…).');
  const kernelRelease = kernelFile.slice('vmlinuz-'.length);
  const busyboxPath = await firstThere([path.join(tree, 'bin/busybox'), path.join(tree, 'usr/bin/busybox')]);
  const applets = textOf(await runTool(busyboxPath, ['--list'], { signal })).split('\n');
  const modules = await readModules(tree, kernelRelease, wanted, signal);
  const [kernel, busybox] = await Promise.all([readFile(path.join(boot, kernelFile)), readFile(busyboxPath)]);
  return { kernel, initrd: guestArchive({ kernelRelease, busybox, applets, modules }) };
}

async function readModules(
  tree: string,
  kernelRelease: string,
  wanted: readonly string[],
  signal: CancelSignal | undefined,
): Promise<readonly PlannedModule[]> {
  const places = ['lib/modules', 'usr/lib/modules'].map(place => path.join(tree, place, kernelRelease));
  const root = await firstThere(places);
  const files = await readdir(root, { recursive: true });
  const pathOf = new Map(files.map(file => [moduleName(file), path.join(root, file)]));
  const load = async (name: string): Promise<ModuleImage | undefined> => {
    const file = pathOf.get(name);
    if (file === undefined) return undefined;
    if (!file.endsWith('.xz')) return { name, bytes: await readFile(file) };
    const unpacked = await runTool('xz', ['-dc', file], { signal });
    if (!unpacked.isOk) throw new UserError(`Module ${file} could not be unpacked: ${unpacked.errors.trim()}`);
    return { name, bytes: unpacked.output };
  };
  return planModules(
    wanted.map(name => name.replaceAll('-', '_')),
    load,
  );
}

async function firstThere(paths: readonly string[]): Promise<string> {
  for (const one of paths) {
    const names = await readdir(path.dirname(one)).catch((): string[] => []);
    if (names.includes(path.basename(one))) return one;
  }
  throw new UserError(`The packages do not hold what the tiny guest needs: ${paths.join(' or ')}.`);
}

/**
 * Each file whole or not at all, and `made-from` last: if anything stops in between, the next call makes all of it again
 * rather than trust a kernel and modules of different versions.
 */
async function writeGuest(
  dir: string,
  { kernel, initrd, madeFrom }: Assembled & { readonly madeFrom: string },
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const parts = await mkdtemp(path.join(dir, '.new-'));
  try {
    const files = [
      ['vmlinuz', kernel],
      ['initrd', initrd],
      ['made-from', madeFrom],
    ] as const;
    for (const [name, content] of files) await writeFile(path.join(parts, name), content);
    await rm(path.join(dir, 'made-from'), { force: true });
    for (const [name] of files) await rename(path.join(parts, name), path.join(dir, name));
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}

const hashOf = (text: Uint8Array): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const mebibytes = (bytes: Uint8Array): string => `${(bytes.length / 1_048_576).toFixed(1)} MiB`;
