import { CancelSource } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { changedWire } from '../../lab/wire-change.ts';
import { wireOfStep, type ScenarioDeed, type ScenarioStep } from '../../lab/scenario.ts';
import { pauseVm, queryStatus, resumeVm } from '../../qemu/qmp-queries.ts';
import { haltWords } from '../../qemu/vm-status.ts';
import { flap, guestSide, wireCable, type Cable } from '../change/cables.ts';
import type { VmLine } from '../change/vm-nics.ts';
import type { Clock } from '../host.ts';
import type { LabControl, Verb } from '../lab-control.ts';
import { shortReason } from '../reason.ts';
import type { ThingRef } from '../state.ts';
import type { LabStore } from '../store.ts';
import type { WireControl } from '../wires/wire-control.ts';
import type { Deed } from './run-scenario.ts';

export interface DeedParts {
  /** Absolute path of the lab file, whose lab the store knows. */
  readonly lab: string;
  readonly store: LabStore;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
  readonly control: LabControl;
  readonly wires: Pick<WireControl, 'read' | 'change' | 'isFiltered' | 'makePlain'>;
  /** Throws a UserError if the VM does not run. */
  readonly line: (vm: string) => VmLine;
  readonly clock: Clock;
}

/** What is to be remembered for a step before it begins. Rejects with a UserError if it cannot be done. */
export async function prepareDeed({ deed, forMs }: ScenarioStep, parts: DeedParts): Promise<Deed> {
  await parts.look();
  if (deed.kind === 'wire') return badWire(deed, parts);
  if (deed.kind === 'flap') return flapping(cableOf(deed.wire, parts), deed.everyMs, forMs, parts.clock);
  if (deed.kind === 'pause') return paused(parts.line(deed.vm));
  return killed({ lab: parts.lab, kind: 'switch', name: deed.switch }, parts);
}

async function badWire(
  { wire, changes }: Extract<ScenarioDeed, { kind: 'wire' }>,
  { lab, wires }: DeedParts,
): Promise<Deed> {
  const target = { lab, ...wireOfStep(wire) };
  const before = await wires.read(target);
  if (before.kind === 'stopped') throw new UserError(`Wire ${wire} does not run. Start it first.`);
  if (before.kind === 'silent') throw new UserError(before.reason);
  const wasFiltered = wires.isFiltered(target);
  return {
    async begin() {
      await wires.change(target, now => changedWire(now, changes));
    },
    async undo() {
      if (wasFiltered) await wires.change(target, () => before.faults);
      else await wires.makePlain(target);
    },
  };
}

function cableOf(wire: string, { lab, store, control, wires, line }: DeedParts): Cable {
  const { name, nic } = wireOfStep(wire);
  if (nic > 0) return guestSide(line(name), nic);
  const thing = { lab, kind: 'wire', name } as const;
  if (store.stateOf(thing).kind !== 'running') throw new UserError(`Wire ${name} does not run. Start it first.`);
  return wireCable(control, thing, wires);
}

function flapping(cable: Cable, everyMs: number, forMs: number, clock: Clock): Deed {
  const end = new CancelSource();
  let ended: Promise<unknown> = Promise.resolve();
  return {
    begin() {
      ended = flap(cable, { everyMs, forMs, clock, signal: end.signal });
      // It is told by `undo`, which comes later.
      ended.catch(() => undefined);
      return Promise.resolve();
    },
    async undo() {
      end.cancel();
      await ended;
    },
  };
}

/** A VM that stood still before is not woken. */
async function paused(vm: VmLine): Promise<Deed> {
  if (haltWords(await vm.ask(queryStatus)) !== undefined) return { begin: nothing, undo: nothing };
  return { begin: () => vm.ask(pauseVm), undo: () => vm.ask(resumeVm) };
}

const nothing = (): Promise<void> => Promise.resolve();

function killed(thing: ThingRef, { store, control }: DeedParts): Deed {
  if (store.stateOf(thing).kind !== 'running')
    throw new UserError(`Switch ${thing.name} does not run. Start it first.`);
  const order = async (verb: Verb): Promise<void> => {
    for (const { kind, message } of await control.run(verb, [thing]))
      if (kind === 'failed') throw new UserError(`Switch ${thing.name}: ${shortReason(thing.name, message)}`);
  };
  return { begin: () => order('kill'), undo: () => order('start') };
}
