import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { Lab, LabReading } from '../lab/model.ts';
import type { HostSnapshot, LabSnapshot, RunState, ThingRef } from './state.ts';

/** What we are doing to a thing, or why the last try failed. Gone as soon as what runs says otherwise. */
export type Task =
  { readonly kind: 'starting' } | { readonly kind: 'stopping' } | { readonly kind: 'failed'; readonly reason: string };

export interface StoreChange {
  /** Labs whose snapshot changed (added and removed ones too). */
  readonly labs: readonly string[];
  readonly isHostChanged: boolean;
}

const emptyHost: HostSnapshot = { vms: [], switches: [], wires: [] };

/**
 * The one place that holds state: labs as read, what runs as observed, and what we are doing.
 * Snapshots are immutable; listeners hear only of real changes.
 */
export class LabStore implements Disposable {
  private readonly readings = new Map<string, { reading: LabReading; lab: Lab | undefined }>();
  private readonly tasks = new Map<string, Task>();
  private snapshots = new Map<string, LabSnapshot>();
  private hostSnapshot = emptyHost;
  private readonly changed = new Emitter<StoreChange>();
  readonly onDidChange = this.changed.event;

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
    if (JSON.stringify(host) === JSON.stringify(this.hostSnapshot)) return;
    this.hostSnapshot = host;
    this.refresh([...this.readings.keys()], true);
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
    const running = (list: readonly { name?: string | undefined; lab: string | undefined; pid: number }[]) =>
      new Map(list.filter(one => one.lab === lab?.name).map(one => [one.name, one.pid]));
    const states = (kind: 'vm' | 'switch' | 'wire', names: readonly string[], pids: Map<string | undefined, number>) =>
      new Map(names.map(name => [name, this.derive({ lab: path, kind, name }, pids.get(name))]));
    const names = (list: readonly { name: string }[] | undefined): string[] => list?.map(one => one.name) ?? [];
    const next: LabSnapshot = {
      path,
      reading,
      lab,
      vms: states('vm', names(lab?.vms), running(this.hostSnapshot.vms)),
      switches: states('switch', names(lab?.switches), running(this.hostSnapshot.switches)),
      wires: states('wire', names(lab?.wires), running(this.hostSnapshot.wires)),
    };
    const before = this.snapshots.get(path);
    if (before?.reading === reading && sameStates(before, next)) return false;
    this.snapshots.set(path, next);
    return true;
  }

  private derive(thing: ThingRef, pid: number | undefined): RunState {
    const task = this.tasks.get(keyOf(thing));
    if (task?.kind === 'stopping') return { kind: 'stopping', pid };
    if (task?.kind === 'starting') return { kind: 'starting' };
    if (pid !== undefined) return { kind: 'running', pid };
    return task ?? { kind: 'stopped' };
  }
}

const keyOf = (thing: ThingRef): string => JSON.stringify([thing.lab, thing.kind, thing.name]);

function sameStates(a: LabSnapshot, b: LabSnapshot): boolean {
  const flat = ({ vms, switches, wires }: LabSnapshot): string => JSON.stringify([[...vms], [...switches], [...wires]]);
  return flat(a) === flat(b);
}
