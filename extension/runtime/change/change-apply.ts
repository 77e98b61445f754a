import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { nicWire, vmFiles } from '../../lab/layout.ts';
import type { Nic } from '../../lab/model.ts';
import type { WireFaults } from '../../lab/wire-faults.ts';
import { queryNics } from '../../qemu/live-nics.ts';
import { deviceName } from '../../qemu/nic-ids.ts';
import { readPlugAddress } from '../../vde/plug-address.ts';
import { switchCommands, type SwitchCommand } from '../../vde/switch-commands.ts';
import { isSamePlace, type ChangeStep } from './change-step.ts';
import type { Clock, ManagementDialer, QmpDialer } from '../host.ts';
import type { LabControl, Verb } from '../lab-control.ts';
import { socketOf } from './live-lab.ts';
import { shortReason } from '../reason.ts';
import type { RunningSwitch, ThingRef } from '../state.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { managementOf } from '../switches/switch-reader.ts';
import { tellSwitch } from '../switches/vlan-change.ts';
import type { WireControl } from '../wires/wire-control.ts';
import { addCard, plugNic, removeNic, unplugNic, vmLine, type VmLine } from './vm-nics.ts';

export interface ApplyParts {
  readonly control: LabControl;
  readonly qmp: QmpDialer;
  readonly management: ManagementDialer;
  readonly clock: Clock;
  /** The lab's run-time folder. */
  readonly run: string;
  readonly switches: () => readonly RunningSwitch[];
  readonly wires: Pick<WireControl, 'change' | 'plug'>;
}

export interface ApplyOptions {
  readonly signal?: CancelSignal | undefined;
  /** Called as each step is begun. */
  readonly onProgress?: ((step: ChangeStep, finished: number, total: number) => void) | undefined;
}

export interface ApplyReport {
  readonly done: readonly ChangeStep[];
  /** The one at which it ended. */
  readonly failed: { readonly step: ChangeStep; readonly error: UserError } | undefined;
  /** Not begun, because another one failed or it was called off. */
  readonly left: readonly ChangeStep[];
}

/** Makes the steps one after another and ends at the first that fails. The scripts have to be written before. */
export async function applySteps(
  steps: readonly ChangeStep[],
  parts: ApplyParts,
  { signal, onProgress }: ApplyOptions = {},
): Promise<ApplyReport> {
  const apply = new Apply(parts, signal);
  const ordered = [...steps].sort((a, b) => rankOf(a) - rankOf(b));
  const done: ChangeStep[] = [];
  for (const [at, step] of ordered.entries()) {
    if (signal?.aborted) return { done, failed: undefined, left: ordered.slice(at) };
    onProgress?.(step, at, ordered.length);
    try {
      // Two may change places, so whoever sits where another one goes leaves first.
      for (const other of ordered.slice(at + 1)) if (isInTheWay(other, step)) await apply.makeWay(other);
      await apply.step(step);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { done, failed: { step, error }, left: ordered.slice(at + 1) };
    }
    done.push(step);
  }
  return { done, failed: undefined, left: [] };
}

/** What ends makes room, what is told counts before anybody plugs in, what starts finds its ports. */
function rankOf({ action }: ChangeStep): number {
  const ranks = { remove: 1, tell: 2, plug: 4, add: 5, faults: 6, forget: 7 } as const;
  if (action.kind !== 'run') return ranks[action.kind];
  return { stop: 0, restart: 3, start: 6 }[action.verb];
}

const isInTheWay = ({ from = [] }: ChangeStep, { to = [] }: ChangeStep): boolean =>
  from.some(place => to.some(one => isSamePlace(place, one)));

class Apply {
  private readonly parts: ApplyParts;
  private readonly signal: CancelSignal | undefined;

  constructor(parts: ApplyParts, signal: CancelSignal | undefined) {
    this.parts = parts;
    this.signal = signal;
  }

  async step({ thing, action }: ChangeStep): Promise<void> {
    switch (action.kind) {
      case 'run':
        return this.run(action.verb, thing);
      case 'tell':
      case 'forget':
        return this.tell(thing.name, action.commands);
      case 'plug':
        return this.plug(thing, action.nic);
      case 'add':
        return this.add(thing, action.nic);
      case 'remove':
        return removeNic(this.vm(thing), action.nic, this.parts.clock, this.signal);
      case 'faults':
        return this.makeBad(thing, action.nic, action.faults);
    }
  }

  async makeWay({ thing, action }: ChangeStep): Promise<void> {
    if (action.kind === 'plug') await unplugNic(this.vm(thing), action.nic.number);
    if (action.kind === 'remove') await unplugNic(this.vm(thing), action.nic);
    if (action.kind === 'run' && thing.kind === 'wire') await this.run('stop', thing);
  }

  private async makeBad({ lab, name }: ThingRef, nic: number, faults: WireFaults): Promise<void> {
    await this.parts.wires.change({ lab, name, nic }, () => faults, this.signal);
  }

  private async add(thing: ThingRef, nic: Nic): Promise<void> {
    const { number, model, mac = '' } = nic;
    await this.readySwitch(thing, nic);
    await this.checkFree(thing, nic);
    await addCard(this.vm(thing), { number, driver: deviceName(model), mac });
    await plugNic(this.vm(thing), number, socketOf(this.parts.run, nic.switch), nic.port ?? 0);
  }

  private async plug(thing: ThingRef, nic: Nic): Promise<void> {
    await this.readySwitch(thing, nic);
    if (await this.checkFree(thing, nic)) return;
    const { wires } = this.parts;
    if (nic.faults) await wires.plug({ lab: thing.lab, name: thing.name, nic: nic.number }, this.signal);
    else await plugNic(this.vm(thing), nic.number, socketOf(this.parts.run, nic.switch), nic.port ?? 0);
  }

  /** Its script starts the switch, or makes the port on the one that runs. */
  private readySwitch({ lab }: ThingRef, nic: Nic): Promise<void> {
    return this.run('start', { lab, kind: 'switch', name: nic.switch });
  }

  /** True: the NIC is there already, as a switch that has just started plugs in who belongs there. */
  private async checkFree(thing: ThingRef, nic: Nic): Promise<boolean> {
    const { run, management } = this.parts;
    const number = nic.port ?? 0;
    const where = `Port ${number} of switch ${nic.switch}`;
    const socket = managementOf(this.switch(nic.switch));
    const port = await askSwitch(management, socket, switchCommands.printPort(number), this.signal);
    if (!port) throw new UserError(`${where} could not be made. The switch may have fewer ports.`);
    const [endpoint] = port.endpoints;
    if (!endpoint) return false;
    if (endpoint.description.startsWith(`wire-${nicWire(thing.name, nic.number)} `)) return true;
    const live = (await this.vm(thing).ask(queryNics)).find(one => one.number === nic.number);
    const address = live?.address === undefined ? undefined : readPlugAddress(live.address);
    if (address?.socket === socketOf(run, nic.switch) && address.port === number) return true;
    throw new UserError(`${where} is taken: ${endpoint.description}. Unplug that first.`);
  }

  private async tell(name: string, commands: readonly SwitchCommand<unknown>[]): Promise<void> {
    await tellSwitch(this.parts.management, name, managementOf(this.switch(name)), commands, this.signal);
  }

  private switch(name: string): RunningSwitch {
    const found = this.parts.switches().find(one => one.name === name);
    if (!found) throw new UserError(`Switch ${name} does not run any more.`);
    return found;
  }

  private vm({ name }: ThingRef): VmLine {
    return vmLine(this.parts.qmp, name, `${this.parts.run}/${vmFiles(name).qmp}`);
  }

  private async run(verb: Verb, thing: ThingRef): Promise<void> {
    const outcomes = await this.parts.control.run(verb, [thing], { signal: this.signal });
    const bad = outcomes.find(one => one.kind === 'failed' || one.kind === 'cancelled');
    if (bad) throw new UserError(shortReason(bad.thing.name, bad.message));
  }
}
