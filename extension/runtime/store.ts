import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { Lab, LabReading } from '../lab/model.ts';
import type { WireInfo } from '../vde/wirefilter.ts';
import { belongsTo, isSamePath, type OfLab, type SameFolder } from './lab-identity.ts';
import type { HostSnapshot, LabSnapshot, RunningVm, RunState, ThingRef } from './state.ts';

/** What we are doing to a thing, or why the last try failed. Gone as soon as what runs says otherwise. */
export type Task =
  { readonly kind: 'starting' } | { readonly kind: 'stopping' } | { readonly kind: 'failed'; readonly reason: string };

export interface StoreChange {
  /** Labs whose snapshot changed (added and removed ones too). */
  readonly labs: readonly string[];
  readonly isHostChanged: boolean;
}

/** NICs of one VM; a list that would be empty is not there. */
export type PulledNics = Pick<RunningVm, 'pulled' | 'unplugged'>;

const emptyHost: HostSnapshot = { vms: [], switches: [], wires: [] };

/**
 * The one place that holds state: labs as read, what runs as observed, and what we are doing.
 * Snapshots are immutable; listeners hear only of real changes.
 */
export class LabStore implements Disposable {
  private readonly readings = new Map<string, { reading: LabReading; lab: Lab | undefined }>();
  private readonly tasks = new Map<string, Task>();
  private snapshots = new Map<string, LabSnapshot>();
  /** As it was observed from outside, and with what QEMU itself told. */
  private observed = emptyHost;
  private hostSnapshot = emptyHost;
  /** By pid: VMs whose guests do not run, and why. */
  private readonly halted = new Map<number, { readonly startTicks: number; readonly words: string }>();
  /** By pid: NICs whose cables are pulled. */
  private readonly pulled = new Map<number, { readonly startTicks: number; readonly nics: PulledNics }>();
  /** By pid: what wirefilters told. */
  private readonly told = new Map<number, { readonly startTicks: number; readonly info: WireInfo }>();
  private readonly changed = new Emitter<StoreChange>();
  readonly onDidChange = this.changed.event;
  private readonly isSameFolder: SameFolder;

  constructor(isSameFolder: SameFolder = isSamePath) {
    this.isSameFolder = isSameFolder;
  }

  get host(): HostSnapshot {
    return this.hostSnapshot;
  }

  /** Sorted by path. */
  get labs(): readonly LabSnapshot[] {
    return [...this.snapshots.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  lab(path: string): LabSnapshot | undefined {
    return this.snapshots.get(path);
  }

  /** The lab whose scripts started it, if it is one of ours. */
  labOf(one: OfLab): LabSnapshot | undefined {
    return this.labs.find(({ path, lab }) => belongsTo(one, path, lab, this.isSameFolder));
  }

  setReading(path: string, reading: LabReading): void {
    this.readings.set(path, { reading, lab: reading.lab ?? this.readings.get(path)?.lab });
    this.refresh([path], false);
  }

  removeLab(path: string): void {
    if (!this.readings.delete(path)) return;
    this.snapshots.delete(path);
    this.changed.fire({ labs: [path], isHostChanged: false });
  }

  setHost(host: HostSnapshot): void {
    this.observed = host;
    forgetEnded(this.halted, host.vms);
    forgetEnded(this.pulled, host.vms);
    forgetEnded(this.told, host.wires);
    const isTold = this.halted.size + this.pulled.size + this.told.size > 0;
    const next = isTold ? this.withAllTold(host) : host;
    if (JSON.stringify(next) === JSON.stringify(this.hostSnapshot)) return;
    this.hostSnapshot = next;
    this.refresh([...this.readings.keys()], true);
  }

  /** What QEMU says of a VM that runs: why its guest does not, undefined if it does. Holds until its process ends. */
  setHalted(pid: number, words: string | undefined): void {
    const vm = this.observed.vms.find(one => one.pid === pid);
    if (!vm) return;
    if (words === undefined) this.halted.delete(pid);
    else this.halted.set(pid, { startTicks: vm.startTicks, words });
    this.setHost(this.observed);
  }

  /** What QEMU says of a VM that runs: the NICs whose cables are pulled. Holds until its process ends. */
  setPulled(pid: number, nics: PulledNics): void {
    const vm = this.observed.vms.find(one => one.pid === pid);
    if (!vm) return;
    if (!nics.pulled && !nics.unplugged) this.pulled.delete(pid);
    else this.pulled.set(pid, { startTicks: vm.startTicks, nics });
    this.setHost(this.observed);
  }

  /** What the wirefilter of a wire says is wrong. Holds until it ends. */
  setWireInfo(pid: number, info: WireInfo): void {
    const wire = this.observed.wires.find(one => one.pid === pid);
    if (!wire) return;
    this.told.set(pid, { startTicks: wire.startTicks, info });
    this.setHost(this.observed);
  }

  setTask(thing: ThingRef, task: Task | undefined): void {
    if (task) this.tasks.set(keyOf(thing), task);
    else this.tasks.delete(keyOf(thing));
    this.refresh([thing.lab], false);
  }

  stateOf(thing: ThingRef): RunState {
    const snapshot = this.snapshots.get(thing.lab);
    const states = { vm: snapshot?.vms, switch: snapshot?.switches, wire: snapshot?.wires };
    if (thing.kind === 'lab' || thing.kind === 'group') return { kind: 'stopped' };
    return states[thing.kind]?.get(thing.name) ?? { kind: 'stopped' };
  }

  dispose(): void {
    this.changed.dispose();
  }

  private refresh(paths: readonly string[], isHostChanged: boolean): void {
    const labs = paths.filter(path => this.refreshOne(path));
    if (labs.length > 0 || isHostChanged) this.changed.fire({ labs, isHostChanged });
  }

  private refreshOne(path: string): boolean {
    const held = this.readings.get(path);
    if (!held) return false;
    const { lab, reading } = held;
    const running = (list: readonly Observed[]) =>
      new Map(list.filter(one => belongsTo(one, path, lab, this.isSameFolder)).map(one => [one.name, one]));
    const states = (kind: 'vm' | 'switch' | 'wire', names: readonly string[], found: ReturnType<typeof running>) =>
      new Map(names.map(name => [name, this.derive({ lab: path, kind, name }, found.get(name))]));
    const names = (list: readonly { name: string }[] | undefined): string[] => list?.map(one => one.name) ?? [];
    let next: LabSnapshot = {
      path,
      reading,
      lab,
      vms: states('vm', names(lab?.vms), running(this.hostSnapshot.vms)),
      switches: states('switch', names(lab?.switches), running(this.hostSnapshot.switches)),
      wires: states('wire', names(lab?.wires), running(this.hostSnapshot.wires)),
    };
    const told = this.hostSnapshot.wires.filter(one => one.info && belongsTo(one, path, lab, this.isSameFolder));
    if (told.length > 0)
      next = { ...next, told: new Map(told.flatMap(({ name, info }) => (info ? [[name, info]] : []))) };
    const before = this.snapshots.get(path);
    if (before?.reading === reading && sameStates(before, next)) return false;
    this.snapshots.set(path, next);
    return true;
  }

  private derive(thing: ThingRef, found: Observed | undefined): RunState {
    const task = this.tasks.get(keyOf(thing));
    if (task?.kind === 'stopping') return { kind: 'stopping', pid: found?.pid };
    if (task?.kind === 'starting') return { kind: 'starting' };
    if (!found) return task ?? { kind: 'stopped' };
    const { pid, halted, pulled, unplugged, uplink } = found;
    const told = { ...(halted === undefined ? {} : { halted }), ...(pulled && { pulled }) };
    return { kind: 'running', pid, ...told, ...(unplugged && { unplugged }), ...(uplink && { uplink }) };
  }

  private withAllTold(host: HostSnapshot): HostSnapshot {
    const wires = host.wires.map(wire => {
      const info = this.told.get(wire.pid)?.info;
      return info ? { ...wire, info } : wire;
    });
    return { ...host, vms: host.vms.map(vm => this.withTold(vm)), wires };
  }

  private withTold(vm: RunningVm): RunningVm {
    const words = this.halted.get(vm.pid)?.words;
    return { ...vm, ...(words === undefined ? {} : { halted: words }), ...this.pulled.get(vm.pid)?.nics };
  }
}

/** Pids are used again. */
function forgetEnded(
  told: Map<number, { readonly startTicks: number }>,
  running: readonly { readonly pid: number; readonly startTicks: number }[],
): void {
  for (const [pid, { startTicks }] of told)
    if (!running.some(one => one.pid === pid && one.startTicks === startTicks)) told.delete(pid);
}

/** A VM, switch or wire that runs. */
interface Observed extends OfLab, PulledNics {
  readonly name?: string | undefined;
  readonly pid: number;
  readonly halted?: string;
  readonly uplink?: number;
}

const keyOf = (thing: ThingRef): string => JSON.stringify([thing.lab, thing.kind, thing.name]);

function sameStates(a: LabSnapshot, b: LabSnapshot): boolean {
  const flat = ({ vms, switches, wires, told = new Map() }: LabSnapshot): string =>
    JSON.stringify([[...vms], [...switches], [...wires], [...told]]);
  return flat(a) === flat(b);
}
