import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { hostOf, thisHost } from '../lab/hosts/lab-part.ts';
import type { Lab, LabReading } from '../lab/model.ts';
import type { WireInfo } from '../vde/wirefilter.ts';
import { middleOf, placesOf, type Places } from './hosts/thing-places.ts';
import { belongsTo, isSamePath, type OfLab, type SameFolder } from './lab-identity.ts';
import { placedVms } from './vms/vm-places.ts';
import type {
  BootState,
  FarProcess,
  FarThings,
  HostLook,
  HostSnapshot,
  LabSnapshot,
  RunningVm,
  RunState,
  SeenStick,
  ThingRef,
} from './state.ts';

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
  /** By pid: USB sticks in VMs. */
  private readonly sticks = new Map<number, { readonly startTicks: number; readonly list: readonly SeenStick[] }>();
  /** By pid: how far VMs are that say when they are ready. */
  private readonly boots = new Map<number, { readonly startTicks: number; readonly boot: BootState }>();
  /** By pid: what wirefilters told. */
  private readonly told = new Map<number, { readonly startTicks: number; readonly info: WireInfo }>();
  /** By lab and host: what runs on its other hosts. */
  private readonly far = new Map<string, ReadonlyMap<string, HostLook>>();
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
    forgetEnded(this.sticks, host.vms);
    forgetEnded(this.boots, host.vms);
    forgetEnded(this.told, host.wires);
    const isTold = this.halted.size + this.pulled.size + this.sticks.size + this.boots.size + this.told.size > 0;
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

  /** What QEMU says of a VM that runs: the USB sticks in it. Holds until its process ends. */
  setSticks(pid: number, list: readonly SeenStick[]): void {
    const vm = this.observed.vms.find(one => one.pid === pid);
    if (!vm) return;
    if (list.length === 0) this.sticks.delete(pid);
    else this.sticks.set(pid, { startTicks: vm.startTicks, list });
    this.setHost(this.observed);
  }

  /** How far a VM that runs is. Holds until its process ends. */
  setBoot(pid: number, boot: BootState): void {
    const vm = this.observed.vms.find(one => one.pid === pid);
    if (!vm) return;
    this.boots.set(pid, { startTicks: vm.startTicks, boot });
    this.setHost(this.observed);
  }

  /** What the wirefilter of a wire says is wrong. Holds until it ends. */
  setWireInfo(pid: number, info: WireInfo): void {
    const wire = this.observed.wires.find(one => one.pid === pid);
    if (!wire) return;
    this.told.set(pid, { startTicks: wire.startTicks, info });
    this.setHost(this.observed);
  }

  /** What runs of a lab on its other hosts, by their names, as they told last. */
  farOf(path: string): ReadonlyMap<string, HostLook> {
    return this.far.get(path) ?? new Map();
  }

  /** What another host of a lab has told, or why it cannot; undefined: it is none of them any more. */
  setFar(path: string, host: string, look: HostLook | undefined): void {
    const looks = new Map(this.far.get(path));
    if (look) looks.set(host, look);
    else looks.delete(host);
    this.far.set(path, looks);
    this.refresh([path], false);
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
    const looks = this.farOf(path);
    const far = (kind: keyof FarThings): readonly Seen[] =>
      [...looks.values()].flatMap(look => (look.kind === 'seen' ? look.things[kind] : []));
    // What runs here goes before what another host has of the same name.
    const running = (list: readonly Observed[], elsewhere: readonly Seen[]) =>
      new Map<string | undefined, Seen>(
        [...elsewhere, ...list.filter(one => belongsTo(one, path, lab, this.isSameFolder))].map(one => [one.name, one]),
      );
    const states = (kind: 'vm' | 'switch' | 'wire', places: Places, found: ReturnType<typeof running>) =>
      new Map(
        places.map(([name, host]) => [
          name,
          this.derive({ lab: path, kind, name }, found.get(name), looks.get(host ?? thisHost)),
        ]),
      );
    const vms = running(this.hostSnapshot.vms, far('vms'));
    const moved = this.hostSnapshot.moved?.filter(one => belongsTo(one, path, lab, this.isSameFolder));
    let next: LabSnapshot = {
      path,
      reading,
      lab,
      vms: placedVms(states('vm', placesOf(lab?.vms, hostOf), vms), { lab, seen: vms, moved, looks }),
      switches: states(
        'switch',
        placesOf(lab?.switches, middleOf),
        running(this.hostSnapshot.switches, far('switches')),
      ),
      wires: states('wire', placesOf(lab?.wires, hostOf), running(this.hostSnapshot.wires, far('wires'))),
    };
    const told = this.hostSnapshot.wires.filter(one => one.info && belongsTo(one, path, lab, this.isSameFolder));
    if (told.length > 0)
      next = { ...next, told: new Map(told.flatMap(({ name, info }) => (info ? [[name, info]] : []))) };
    const before = this.snapshots.get(path);
    if (before?.reading === reading && sameStates(before, next)) return false;
    this.snapshots.set(path, next);
    return true;
  }

  private derive(thing: ThingRef, found: Seen | undefined, look: HostLook | undefined): RunState {
    const task = this.tasks.get(keyOf(thing));
    if (task?.kind === 'stopping') return { kind: 'stopping', pid: found?.pid };
    if (task?.kind === 'starting') return { kind: 'starting' };
    if (!found) return task ?? (look?.kind === 'unknown' ? look : { kind: 'stopped' });
    return runningState(found);
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
    const boot = this.boots.get(vm.pid)?.boot;
    const sticks = this.sticks.get(vm.pid)?.list;
    const halted = words === undefined ? {} : { halted: words };
    return { ...vm, ...halted, ...this.pulled.get(vm.pid)?.nics, ...(sticks && { sticks }), ...(boot && { boot }) };
  }
}

function runningState({ pid, halted, pulled, unplugged, sticks, uplink, boot, far }: Seen): RunState {
  const told = { ...(halted === undefined ? {} : { halted }), ...(pulled && { pulled }) };
  return {
    kind: 'running',
    pid,
    ...told,
    ...(unplugged && { unplugged }),
    ...(sticks && { sticks }),
    ...(uplink && { uplink }),
    ...(boot && { boot }),
    ...(far && { far }),
  };
}

/** Pids are used again. */
function forgetEnded(
  told: Map<number, { readonly startTicks: number }>,
  running: readonly { readonly pid: number; readonly startTicks: number }[],
): void {
  for (const [pid, { startTicks }] of told)
    if (!running.some(one => one.pid === pid && one.startTicks === startTicks)) told.delete(pid);
}

type Observed = Seen & OfLab;

/** A VM, switch or wire that runs. */
interface Seen extends PulledNics {
  readonly name?: string | undefined;
  readonly pid: number;
  readonly id?: number | undefined;
  readonly folder?: string;
  readonly halted?: string;
  readonly uplink?: number;
  readonly sticks?: readonly SeenStick[];
  readonly boot?: BootState;
  readonly far?: FarProcess;
}

const keyOf = (thing: ThingRef): string => JSON.stringify([thing.lab, thing.kind, thing.name]);

function sameStates(a: LabSnapshot, b: LabSnapshot): boolean {
  const flat = ({ vms, switches, wires, told = new Map() }: LabSnapshot): string =>
    JSON.stringify([[...vms], [...switches], [...wires], [...told]]);
  return flat(a) === flat(b);
}
