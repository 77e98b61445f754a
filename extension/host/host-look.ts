import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { access, readdir, readFile, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { CancelSignal } from '../base/cancel.ts';
import type {
  HostFacts,
  HostLook,
  HostQuestion,
  InterfaceKind,
  KvmFact,
  RunRootFact,
} from '../runtime/doctor-ports.ts';
import { rememberedAccel, tryKvm, type KvmProofPlaces } from './kvm-proof.ts';
import { listeners } from './listeners.ts';

export interface HostLookPlaces {
  readonly env: NodeJS.ProcessEnv;
  /** The folder over the run-time folders. */
  readonly runRoot: string;
  /** Where the tiny guest of this user lies. */
  readonly guestFolder: string;
}

/** Looks at this machine: /proc, /sys, /dev and the programs on the PATH. */
export class LinuxHostLook implements HostLook {
  private readonly places: HostLookPlaces;

  constructor(places: HostLookPlaces) {
    this.places = places;
  }

  async look(question: HostQuestion, signal?: CancelSignal): Promise<HostFacts> {
    const { env, runRoot } = this.places;
    const uid = process.getuid?.() ?? 0;
    const [kvm, groups, tun, interfaces, forwarding, heard, memory, freeBytes, runRootFact] = await Promise.all([
      this.kvm(question.tryKvm, signal),
      groupFacts(question.groups),
      deviceFact('/dev/net/tun'),
      interfaceKinds(),
      readOrNothing('/proc/sys/net/ipv4/ip_forward'),
      listeners(),
      memoryFact(),
      freeIn(question.folders),
      runRootState(runRoot, uid),
    ]);
    return {
      programs: new Set(question.programs.filter(program => findProgram(program, env) !== undefined)),
      ...{ kvm, groups, interfaces, memory, freeBytes },
      tun,
      user: { name: os.userInfo().username, isRoot: uid === 0 },
      isForwarding: forwarding.trim() === '1',
      listeners: heard,
      cpus: os.availableParallelism(),
      runRoot: runRootFact,
    };
  }

  private async kvm(mayTry: boolean, signal: CancelSignal | undefined): Promise<KvmFact> {
    const device = await deviceFact('/dev/kvm');
    if (device !== 'there') return device;
    const { env, guestFolder } = this.places;
    const places: KvmProofPlaces = {
      cache: cacheFolder(env),
      kernel: path.join(guestFolder, 'vmlinuz'),
      qemu: findProgram('qemu-system-x86_64', env),
    };
    let known = await rememberedAccel(places);
    if (known === undefined && mayTry && places.qemu !== undefined && existsSync(places.kernel)) {
      await tryKvm(places, signal);
      known = await rememberedAccel(places);
    }
    if (known === undefined) return 'untried';
    return known === 'kvm' ? 'works' : 'useless';
  }
}

/** By the rule of the scripts: an empty variable is none. */
const cacheFolder = ({ XDG_CACHE_HOME: cache, HOME: home }: NodeJS.ProcessEnv): string =>
  cache === undefined || cache === '' ? path.join(home ?? os.homedir(), '.cache') : cache;

/** Root's programs too: an ordinary user has no path to them, but asks sudo for them. */
function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.map(folder => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function deviceFact(file: string): Promise<'there' | 'refused' | 'missing'> {
  if (!existsSync(file)) return 'missing';
  return (await mayWrite(file)) ? 'there' : 'refused';
}

const mayWrite = (file: string): Promise<boolean> =>
  access(file, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );

/** By getent, which also knows groups that come over the network. */
async function groupFacts(names: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
  const mine = new Set([process.getgid?.(), ...(process.getgroups?.() ?? [])]);
  const lines = await output('getent', ['group', ...names]);
  return new Map(
    lines.split('\n').flatMap(line => {
      const [name = '', , gid] = line.split(':');
      return gid === undefined ? [] : [[name, mine.has(Number(gid))] as const];
    }),
  );
}

/** What a program prints; it may say in its exit code that it did not find everything. */
const output = (program: string, args: readonly string[]): Promise<string> =>
  new Promise(resolve => {
    execFile(program, args, { timeout: 10_000 }, (_error, stdout) => resolve(stdout));
  });

async function interfaceKinds(root = '/sys/class/net'): Promise<ReadonlyMap<string, InterfaceKind>> {
  const names = await readdir(root).catch(() => []);
  return new Map(
    names.map(name => {
      const has = (file: string): boolean => existsSync(path.join(root, name, file));
      if (has('tun_flags')) return [name, 'tap'] as const;
      return [name, has('bridge') ? 'bridge' : has('phy80211') ? 'wireless' : 'other'] as const;
    }),
  );
}

async function memoryFact(): Promise<HostFacts['memory']> {
  const text = await readOrNothing('/proc/meminfo');
  const mb = (name: string): number =>
    Math.floor(Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) / 1024);
  return { totalMb: mb('MemTotal'), availableMb: mb('MemAvailable') };
}

async function freeIn(folders: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const entries = folders.map(async folder => {
    const { bavail, bsize } = await statfs(nearest(folder));
    return [folder, bavail * bsize] as const;
  });
  return new Map(await Promise.all(entries));
}

const nearest = (folder: string): string =>
  existsSync(folder) || folder === '/' ? folder : nearest(path.dirname(folder));

async function runRootState(folder: string, uid: number): Promise<RunRootFact> {
  try {
    const { uid: owner } = await stat(folder);
    if (owner !== uid) return 'foreign';
    return (await mayWrite(folder)) ? 'there' : 'refused';
  } catch {
    // The scripts make the folder over it too, but no more.
    const parent = path.dirname(folder);
    // The dot: a file is no folder.
    return (await mayWrite(`${existsSync(parent) ? parent : path.dirname(parent)}/.`)) ? 'absent' : 'refused';
  }
}

const readOrNothing = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
