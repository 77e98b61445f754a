import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { switchCommands } from '../../vde/switch-commands.ts';
import type { Clock, ManagementDialer } from '../host.ts';
import type { RunningSwitch } from '../state.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { managementOf } from '../switches/switch-reader.ts';
import type { FramePort } from '../wire-ports.ts';
import { measureWire, type MeasuredWire } from './measure-wire.ts';

export interface ProbeParts {
  readonly management: ManagementDialer;
  readonly clock: Clock;
  /** Plugs into a port, `SOCKETS[PORT]`, that is there and free. */
  readonly plug: (address: string) => FramePort;
  /** 32 bits that nobody else has. */
  readonly random: () => number;
}

export interface ProbeOrder {
  readonly switches: readonly [RunningSwitch, RunningSwitch];
  /** The VLAN that crosses the wire; 0: none. */
  readonly vlan: number;
  readonly count: number;
  readonly patienceMs: number;
  readonly signal?: CancelSignal | undefined;
}

/**
 * Measures a wire with a probe on each of its switches, which needs neither root nor a guest. The probes get ports of
 * their own, which are gone afterwards. With a second way between the switches it may be that one that is measured.
 */
export async function probeWire(order: ProbeOrder, parts: ProbeParts): Promise<MeasuredWire> {
  const made: Probe[] = [];
  try {
    for (const one of order.switches) made.push(await makeProbe(one, order, parts));
    const [first, second] = made;
    if (!first || !second) throw new UserError('There are no two switches to measure between.');
    const { count, patienceMs, signal } = order;
    const options = { count, patienceMs, signal, mark: parts.random() >>> 0, clock: parts.clock };
    return await measureWire([first.port, second.port], options);
  } finally {
    for (const probe of made) await probe.remove();
  }
}

interface Probe {
  readonly port: FramePort;
  remove(): Promise<void>;
}

async function makeProbe(of: RunningSwitch, { vlan, signal }: ProbeOrder, parts: ProbeParts): Promise<Probe> {
  const { management, clock } = parts;
  const socket = managementOf(of);
  const number = await askSwitch(management, socket, switchCommands.createAnyPort(), signal);
  if (number === undefined) throw new UserError(`Switch ${of.name} has no port left for a probe.`);
  const free = (): Promise<unknown> => askSwitch(management, socket, switchCommands.removePort(number));
  try {
    if (vlan > 0) await askSwitch(management, socket, switchCommands.setUntagged(number, vlan), signal);
  } catch (error) {
    await free();
    throw error;
  }
  const port = parts.plug(`${of.socket}[${number}]`);
  const isUsed = async (): Promise<boolean> =>
    ((await askSwitch(management, socket, switchCommands.printPort(number)))?.endpoints.length ?? 0) > 0;
  const remove = async (): Promise<void> => {
    port.dispose();
    await waitFor(async () => !(await isUsed()), clock);
    await free();
  };
  if (await waitFor(isUsed, clock)) return { port, remove };
  await remove();
  throw new UserError(`A probe could not be plugged into port ${number} of switch ${of.name}. Is vde_plug installed?`);
}

const lookMs = 20;
const longestMs = 10_000;

/** False: it did not come true in time. */
async function waitFor(isSo: () => Promise<boolean>, clock: Clock): Promise<boolean> {
  for (const end = clock.now() + longestMs; !(await isSo());) {
    if (clock.now() >= end) return false;
    await new Promise<void>(resolve => void clock.after(lookMs, resolve));
  }
  return true;
}
