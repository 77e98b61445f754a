import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { Nic } from '../../lab/model.ts';
import { isPerfect, type WireFaults } from '../../lab/wire-faults.ts';
import { queryNics } from '../../qemu/live-nics.ts';
import { switchCommands } from '../../vde/switch-commands.ts';
import type { Clock, ManagementDialer } from '../host.ts';
import type { LabControl } from '../lab-control.ts';
import { shortReason } from '../reason.ts';
import type { RunningSwitch, ThingRef } from '../state.ts';
import { timePassed } from '../time-passed.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { managementOf } from '../switches/switch-reader.ts';
import type { WireControl } from '../wires/wire-control.ts';
import { plugNic, setCable, unplugNic, type VmLine } from './vm-nics.ts';

/** A cable that is pulled and plugged in as often as one likes. Both reject with a UserError that names it. */
export interface Cable {
  /** `NIC 1 of web`, `wire lan-dmz`. */
  readonly name: string;
  /** `already`: it was so. */
  set(isPulled: boolean): Promise<'done' | 'already'>;
}

/** At the guest it loses its carrier; at the switch the port becomes free, and the guest sees nothing of it. */
export const cableSides = ['guest', 'switch', 'both'] as const;
export type CableSide = (typeof cableSides)[number];

export const guestSide = (vm: VmLine, nic: number): Cable => ({
  name: `NIC ${nic} of ${vm.name}`,
  set: isPulled => setCable(vm, nic, isPulled),
});

/** What the other end of a NIC's cable needs. */
export interface SwitchSideParts {
  readonly management: ManagementDialer;
  /** The switch of the NIC, if it runs now. */
  readonly find: () => RunningSwitch | undefined;
  readonly filter: NicFilter;
}

/** What holds the plug of a NIC that goes through a wirefilter: that of the NIC itself stays where it is. */
export interface NicFilter {
  pull(): Promise<'done' | 'already'>;
  plug(): Promise<'done' | 'already'>;
}

/** `nic`: as the lab file has it, as nothing else knows where an unplugged one belongs. */
export function switchSide(vm: VmLine, nic: Nic, parts: SwitchSideParts): Cable {
  const name = `NIC ${nic.number} of ${vm.name}`;
  return {
    name,
    async set(isPulled) {
      const live = (await vm.ask(queryNics)).find(({ number }) => number === nic.number);
      if (live?.model === undefined) throw new UserError(`${vm.name} has no NIC ${nic.number} now.`);
      if (live.address?.startsWith('multi://')) return isPulled ? parts.filter.pull() : parts.filter.plug();
      if ((live.address === undefined) === isPulled) return 'already';
      if (isPulled) await unplugNic(vm, nic.number);
      else await plugNic(vm, nic.number, ...(await freePlace(name, nic, parts)));
      return 'done';
    },
  };
}

/** A plug into a port that is not there would hang the VM; one that is taken would be shared. */
async function freePlace(name: string, nic: Nic, { management, find }: SwitchSideParts): Promise<[string, number]> {
  const running = find();
  if (!running) throw new UserError(`Switch ${nic.switch} does not run. Start it: then ${name} is plugged in again.`);
  const { port = 0 } = nic;
  const seen = await askSwitch(management, managementOf(running), switchCommands.printPort(port));
  if (!seen)
    throw new UserError(`Switch ${nic.switch} has no port ${port}, where ${name} belongs. Restart the switch.`);
  const [owner] = seen.endpoints;
  if (owner)
    throw new UserError(`Port ${port} of switch ${nic.switch} is taken: ${owner.description}. Unplug that first.`);
  return [running.socket, port];
}

/** The carrier comes last: a guest that asks for an address at once is heard. */
export const bothSides = (guest: Cable, far: Cable): Cable => ({
  name: guest.name,
  async set(isPulled) {
    const [first, second] = isPulled ? [guest, far] : [far, guest];
    const outcomes = [await first.set(isPulled), await second.set(isPulled)];
    return outcomes.includes('done') ? 'done' : 'already';
  },
});

/** What is wrong with a wire, to be kept while it is pulled. */
export type WireMemory = Pick<WireControl, 'read' | 'change'>;

/**
 * The wire between two switches: while it is pulled its process is gone and both ports are free. Plugged in again by the
 * same cable, it has what it had, also where the lab file says something else.
 */
export function wireCable(control: LabControl, thing: ThingRef, memory?: WireMemory): Cable {
  const target = { lab: thing.lab, name: thing.name, nic: 0 };
  let faults: WireFaults | undefined;
  return {
    name: `wire ${thing.name}`,
    async set(isPulled) {
      const live = isPulled ? await memory?.read(target) : undefined;
      if (live?.kind === 'told') faults = live.faults;
      const outcomes = await control.run(isPulled ? 'stop' : 'start', [thing]);
      const bad = outcomes.find(({ kind }) => kind === 'failed' || kind === 'cancelled');
      if (bad) throw new UserError(`Wire ${thing.name}: ${shortReason(thing.name, bad.message)}`);
      const kept = faults;
      if (!isPulled && kept && !isPerfect(kept)) await memory?.change(target, () => kept);
      return outcomes.some(({ kind }) => kind === 'done') ? 'done' : 'already';
    },
  };
}

export interface FlapOptions {
  /** From one pull to the next; it is pulled for half of that. */
  readonly everyMs: number;
  readonly forMs: number;
  readonly clock: Clock;
  readonly signal?: CancelSignal | undefined;
  /** Called after each change. `count`: how often it was pulled so far. */
  readonly onChange?: (isPulled: boolean, count: number) => void;
}

/**
 * Pulls a cable and plugs it in, again and again. However it ends, the cable is then as it was before. Gives how often
 * it was pulled.
 */
export async function flap(cable: Cable, { everyMs, forMs, clock, signal, onChange }: FlapOptions): Promise<number> {
  const end = clock.now() + forMs;
  const half = (): Promise<void> => timePassed(clock, Math.min(everyMs / 2, end - clock.now()), signal);
  const wasPulled = (await cable.set(true)) === 'already';
  let count = 1;
  try {
    for (;;) {
      onChange?.(true, count);
      await half();
      await cable.set(false);
      onChange?.(false, count);
      await half();
      if (signal?.aborted || clock.now() >= end) return count;
      await cable.set(true);
      count += 1;
    }
  } finally {
    await cable.set(wasPulled);
  }
}
