import { readQemuProcess } from '../qemu/process.ts';
import { readUserNetwork } from '../qemu/user-network.ts';
import { readWireKeeper, type WireKeeper } from '../vde/outside-wire.ts';
import { readPlugProcess, readSwitchProcess, readWireProcess } from '../vde/process.ts';
import type { LabFolders, ProcessEntry } from './host.ts';
import { hasComeFrom } from './moved-vms.ts';
import { baseName, folderOf } from './paths.ts';
import type { HostSnapshot, RunningSwitch, RunningUplink, RunningVm, RunningWire } from './state.ts';

/** The programs whose processes are worth a look, for ProcessTable.list. */
export const watchedPrograms: readonly string[] = [
  'qemu-system-*',
  'qemu-kvm',
  'kvm',
  'vde_switch',
  'vde_plug',
  'wirefilter',
  'slirpvde',
  'kvmlab-wire',
];

/**
 * What runs, from the command lines alone. What belongs to which lab is told by the place of the pid file:
 * `ROOT/LAB/VM.pid` under one of `runRoots`. Labs of other users and other run-time folders are shown with their folder,
 * as `dmz (/tmp/kvmlab-1001)`, so that they are never taken for a lab of the same name of ours. `folders` say by
 * which scripts the lab in a run-time folder was started, and which VMs have moved from one of ours to another.
 */
export function observeHost(
  processes: readonly ProcessEntry[],
  runRoots: readonly string[],
  folders: RunFolders = unknownFolders,
): HostSnapshot {
  const known = new Map<string, string | undefined>();
  const each = <T extends Running>(observe: Observe<T>): readonly T[] => {
    const found = withoutForks(processes.flatMap(process => observe(process, runRoots) ?? []));
    return sorted(found.map(({ running, pidFile }) => withScripts(running, pidFile)));
  };
  const withScripts = <T extends Running>(running: T, pidFile: string | undefined): T => {
    if (running.lab === undefined || pidFile === undefined) return running;
    const runDir = folderOf(pidFile);
    if (!known.has(runDir)) known.set(runDir, folders.scriptsOf(runDir));
    const scripts = known.get(runDir);
    return scripts === undefined ? running : { ...running, scripts };
  };
  const plugFiles = new Set(processes.map(({ args }) => readPlugProcess(args)?.pidFile));
  const withKeepers: Observe<RunningWire> = (process, roots) => {
    const keeper = readWireKeeper(process.args);
    return keeper ? keptWire(process, keeper, roots, plugFiles.has(keeper.plugPidFile)) : observeWire(process, roots);
  };
  const uplinks = each(observeUplink);
  const withUplink: Observe<RunningSwitch> = (process, roots) => {
    const found = observeSwitch(process, roots);
    const uplink = uplinks.find(({ pidFile }) => pidFile !== undefined && pidFile === uplinkFile(found?.pidFile));
    return found && uplink ? { ...found, running: { ...found.running, uplink: uplink.pid } } : found;
  };
  const vms = each((process, roots) => atHome(observeVm(process, roots), roots, folders));
  return {
    ...{ vms, switches: each(withUplink), wires: each(withKeepers) },
    ...(uplinks.length > 0 ? { uplinks } : {}),
  };
}

type RunFolders = Pick<LabFolders, 'scriptsOf' | 'movesFrom'>;

const unknownFolders: RunFolders = { scriptsOf: () => undefined, movesFrom: () => new Map() };

type Running = RunningVm | RunningSwitch | RunningWire | RunningUplink;

interface Observed<T extends Running> {
  readonly running: T;
  readonly pidFile: string | undefined;
}

type Observe<T extends Running> = (process: ProcessEntry, roots: readonly string[]) => Observed<T> | undefined;

function observeVm(process: ProcessEntry, roots: readonly string[]): Observed<RunningVm> | undefined {
  const facts = readQemuProcess(process.args);
  if (!facts || facts.isAppliance) return undefined;
  const { name, id, memory, serialPort, monitorPort, displayPort, pidFile } = facts;
  const { pid, startTicks, uid } = process;
  const place = placeOf(pidFile, roots);
  const ports = { serialPort, monitorPort, displayPort };
  const running = { pid, startTicks, uid, name: place?.name ?? name, id, memory, ...ports, pidFile, lab: place?.lab };
  return { running, pidFile };
}

/** A VM that was migrated from a run-time folder of ours stays one of its lab. */
function atHome(
  found: Observed<RunningVm> | undefined,
  roots: readonly string[],
  folders: RunFolders,
): Observed<RunningVm> | undefined {
  const [, folder = '', name = ''] = /^(\/.+)\/([^/]+)\.pid$/.exec(found?.pidFile ?? '') ?? [];
  if (!found || roots.some(root => withoutSlash(root) === folderOf(folder))) return found;
  if (!hasComeFrom(roots, folder, name, runDir => folders.movesFrom(runDir))) return found;
  return { ...found, running: { ...found.running, name, lab: baseName(folder), folder } };
}

function observeSwitch(process: ProcessEntry, roots: readonly string[]): Observed<RunningSwitch> | undefined {
  const { pid, startTicks, uid } = process;
  const facts = readSwitchProcess(process.args, uid === 0);
  if (!facts) return undefined;
  const { socket, management, ports, tap, pidFile } = facts;
  const place = placeOf(pidFile, roots, 'switch-');
  const name = place?.name ?? socket.split('/').findLast(part => part !== '') ?? socket;
  return { running: { pid, startTicks, uid, socket, management, name, ports, tap, lab: place?.lab }, pidFile };
}

/** The pid file of a switch's uplink lies beside that of the switch. */
const uplinkFile = (pidFile: string | undefined): string | undefined => pidFile?.replace(/\.pid$/, '.uplink.pid');

/** slirpvde writes over its own arguments (`:` and `/` are gone), so nothing is taken from them. */
function observeUplink(process: ProcessEntry, roots: readonly string[]): Observed<RunningUplink> | undefined {
  const { pid, startTicks, uid, args } = process;
  const own = { pid, startTicks, uid };
  if (args[0]?.split('/').at(-1) === 'slirpvde')
    return { running: { ...own, name: 'slirpvde', program: 'slirpvde', lab: undefined }, pidFile: undefined };
  const facts = readQemuProcess(args);
  const user = facts?.isAppliance === true ? readUserNetwork(args) : undefined;
  if (!facts || !user) return undefined;
  const { pidFile } = facts;
  const place = placeOf(pidFile?.replace(/\.uplink\.pid$/, '.pid'), roots, 'switch-');
  const name = place?.name ?? facts.name ?? `QEMU ${pid}`;
  return { running: { ...own, name, program: 'qemu', lab: place?.lab, pidFile, ...user }, pidFile };
}

/** Of all plugs, those that connect two switches; a plug with one end is somebody's pipe. */
function observeWire(process: ProcessEntry, roots: readonly string[]): Observed<RunningWire> | undefined {
  const facts = readWireProcess(process.args);
  if (facts?.ends.length !== 2) return undefined;
  const { pid, startTicks } = process;
  const { pidFile, description, ends, management } = facts;
  const place = placeOf(pidFile, roots, 'wire-');
  const name = place?.name ?? description ?? ends.join(' – ');
  const filter = management === undefined ? {} : { management };
  return { running: { pid, startTicks, name, pidFile, lab: place?.lab, ...filter }, pidFile };
}

/** A wire that ssh carries: who keeps it lives also while it has no plug. */
function keptWire(
  { pid, startTicks }: ProcessEntry,
  { pidFile }: WireKeeper,
  roots: readonly string[],
  isPluggedIn: boolean,
): Observed<RunningWire> | undefined {
  const place = placeOf(pidFile, roots, 'wire-');
  const halted = isPluggedIn ? {} : { halted: 'reconnecting' };
  return place && { running: { pid, startTicks, ...place, pidFile, ...halted }, pidFile };
}

interface Place {
  readonly lab: string;
  readonly name: string;
}

function placeOf(pidFile: string | undefined, roots: readonly string[], prefix = ''): Place | undefined {
  const [, root = '', lab = '', file = ''] = /^(\/.*)\/([^/]+)\/([^/]+)\.pid$/.exec(pidFile ?? '') ?? [];
  if (!file.startsWith(prefix) || file === prefix) return undefined;
  const name = file.slice(prefix.length);
  if (roots.some(one => withoutSlash(one) === root)) return { lab, name };
  return /\/kvmlab(-\d+)?$/.test(root) ? { lab: `${lab} (${root})`, name } : undefined;
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

/**
 * While a process makes itself a daemon it is there twice, with the same arguments. The younger one stays.
 * (QEMU's -daemonize takes as long as its start does.)
 */
function withoutForks<T extends Running>(list: readonly Observed<T>[]): readonly Observed<T>[] {
  const kept = new Map<string, Observed<T>>();
  for (const one of list) {
    const { running, pidFile } = one;
    // A relative path says nothing without the working folder.
    const key = pidFile?.startsWith('/') ? pidFile : `pid ${running.pid}`;
    const other = kept.get(key);
    if (!other || isYounger(running, other.running)) kept.set(key, one);
  }
  return [...kept.values()];
}

const isYounger = (a: Running, b: Running): boolean =>
  a.startTicks === b.startTicks ? a.pid > b.pid : a.startTicks > b.startTicks;

function sorted<T extends Running>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => compare(a.name ?? '', b.name ?? '') || a.pid - b.pid);
}

/** By code unit, the same in every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
