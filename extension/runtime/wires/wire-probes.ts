import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { switchCommands } from '../../vde/switch-commands.ts';
import type { Clock, ManagementDialer } from '../host.ts';
import type { RunningSwitch } from '../state.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { managementOf } from '../switches/switch-reader.ts';
import type { FramePort } from '../wire-ports.ts';

export interface ProbeParts {
  readonly management: ManagementDialer;
  readonly clock: Clock;
  /** Plugs into a port, `SOCKETS[PORT]`, that is there and free. */
  readonly plug: (address: string) => FramePort;
  /** 32 bits that nobody else has. */
  readonly random: () => number;
}

export interface ProbeOrder {
  /** Where probes are plugged in. */
  readonly switches: readonly RunningSwitch[];
  /** The VLAN of their ports; 0: none. */
  readonly vlan: number;
  readonly signal?: CancelSignal | undefined;
}

/**
 * Works with a probe on each switch, which needs neither root nor a guest. The probes get ports of their own, which are
 * gone afterwards.
 */
export async function withProbes<T>(
  order: ProbeOrder,
  parts: ProbeParts,
  work: (...ports: readonly FramePort[]) => Promise<T>,
): Promise<T> {
  const made: Probe[] = [];
  try {
    for (const one of order.switches) made.push(await makeProbe(one, order, parts));
    return await work(...made.map(({ port }) => port));
  } finally {
    for (const probe of made) await probe.remove();
  }
}

export interface Probe {
  readonly port: FramePort;
  remove(): Promise<void>;
}

/** Makes a port in a VLAN (0: none) of a switch and plugs in there; whoever calls this removes both. */
export async function makeProbe(
  of: RunningSwitch,
  { vlan, signal }: Pick<ProbeOrder, 'vlan' | 'signal'>,
  parts: Pick<ProbeParts, 'management' | 'clock' | 'plug'>,
): Promise<Probe> {
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
