import type { Lab, Vm } from '../../lab/model.ts';
import type { HostFacts, HostLook } from '../doctor-ports.ts';
import { phasesOf } from '../lab-things.ts';
import { folderOf } from '../paths.ts';
import type { ThingRef } from '../state.ts';
import type { LabStore } from '../store.ts';
import { stoppedOf, takenPorts, wantedPorts } from './wanted-ports.ts';

/** Memory that stays free for everything else if nobody says otherwise, in MB. */
export const defaultReserveMb = 256;
/** What QEMU needs besides the memory of its guest, in MB: its code, its buffers, and what it has translated. */
const qemuMb = 64;
/** More virtual CPUs than this for each real one, and guests miss their timers. */
const mostCpusPerCore = 8;
/** Below this, in bytes, a host is in trouble before the guests are. */
const diskReserve = 1024 ** 3;

export interface BudgetParts {
  readonly store: LabStore;
  readonly look: HostLook;
}

/**
 * What a start of these things would want of this host and not get, one sentence each; none: there is enough. What runs
 * already wants nothing more. `reserveMb`: memory that is to stay free for everything else.
 */
export async function shortages(
  things: readonly ThingRef[],
  { store, look }: BudgetParts,
  reserveMb: number,
): Promise<readonly string[]> {
  const labs = new Map(store.labs.flatMap(({ path, lab }) => (lab ? [[path, lab] satisfies [string, Lab]] : [])));
  const started = phasesOf('start', things, labs).flatMap(phase => phase.things);
  const plans = [...labs].flatMap(([path, lab]) => planOf(path, lab, started, store));
  if (plans.length === 0) return [];
  const folders = [...new Set(plans.filter(({ vms }) => vms.some(writesDisks)).map(({ path }) => folderOf(path)))];
  const facts = await look.look({ programs: [], groups: [], folders, tryKvm: false });
  const vms = plans.flatMap(plan => plan.vms);
  return [
    ...memoryShortage(vms, facts, reserveMb),
    ...cpuShortage(vms, facts),
    ...plans.flatMap(plan => diskShortage(plan, facts)),
    ...plans.flatMap(({ lab, vms: own, switches }) => {
      const names = own.map(({ name }) => name);
      return takenPorts(wantedPorts(lab, names, switches), facts);
    }),
  ];
}

interface StartPlan {
  readonly path: string;
  readonly lab: Lab;
  /** That are started and do not run yet. */
  readonly vms: readonly Vm[];
  readonly switches: readonly string[];
}

/** A VM starts its switches too. */
function planOf(path: string, lab: Lab, started: readonly ThingRef[], store: LabStore): readonly StartPlan[] {
  const stopped = stoppedOf(lab, store.lab(path));
  const names = (kind: ThingRef['kind']) =>
    started.filter(one => one.lab === path && one.kind === kind).map(one => one.name);
  const [vmNames, named] = [names('vm'), names('switch')];
  const vms = lab.vms.filter(({ name }) => vmNames.includes(name) && stopped.vms.includes(name));
  const needed = new Set([...named, ...vms.flatMap(vm => vm.nics.map(nic => nic.switch))]);
  const switches = stopped.switches.filter(name => needed.has(name));
  return vms.length + switches.length === 0 ? [] : [{ path, lab, vms, switches }];
}

function memoryShortage(vms: readonly Vm[], { memory }: HostFacts, reserveMb: number): readonly string[] {
  const wanted = vms.reduce((sum, vm) => sum + megabytes(vm.memory) + qemuMb, 0);
  if (wanted === 0 || wanted + reserveMb <= memory.availableMb) return [];
  return [
    `${vmWords(vms)} with ${amount(wanted)} of memory, and ${amount(memory.availableMb)} of ${amount(memory.totalMb)} are free; ${amount(reserveMb)} should stay so. The host may swap or end processes.`,
  ];
}

function cpuShortage(vms: readonly Vm[], { cpus }: HostFacts): readonly string[] {
  const wanted = vms.reduce((sum, vm) => sum + vm.cpus, 0);
  const large = vms.filter(vm => vm.cpus > cpus);
  if (large.length > 0)
    return [
      `${large.map(vm => `VM ${vm.name}`).join(', ')}: more CPUs than the ${cpus} of this host, which slows it down.`,
    ];
  if (wanted <= cpus * mostCpusPerCore) return [];
  return [`${vmWords(vms)} with ${wanted} CPUs, and this host has ${cpus}: they will be slow.`];
}

const writesDisks = (vm: Vm): boolean => vm.image !== undefined || vm.disks.length > 0;

function diskShortage({ path, vms }: StartPlan, { freeBytes }: HostFacts): readonly string[] {
  const folder = folderOf(path);
  const free = freeBytes.get(folder);
  if (free === undefined || !vms.some(writesDisks)) return [];
  const sizes = vms.flatMap(vm => [vm.image?.source?.size, ...vm.disks.map(disk => disk.size)]);
  const most = sizes.reduce((sum, size) => sum + megabytes(size ?? '0M'), 0);
  const freeMb = Math.floor(free / 1024 ** 2);
  if (free < diskReserve)
    return [`Only ${amount(freeMb)} are free in ${folder}, where disks grow. A guest whose disk cannot grow stops.`];
  return most > freeMb ? [`Disks in ${folder} may grow to ${amount(most)}, and ${amount(freeMb)} are free.`] : [];
}

const vmWords = (vms: readonly Vm[]): string => (vms.length === 1 ? 'This is one VM' : `These are ${vms.length} VMs`);

/** `512M`, `2G`, `1T`, `900K`. */
function megabytes(text: string): number {
  const factors: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2 };
  return Number.parseInt(text, 10) * (factors[text.at(-1) ?? ''] ?? 1);
}

/** `900 MB`, `1.5 GB`. */
const amount = (mb: number): string => (mb < 1024 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`);
