import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import type { SwitchPort } from '../../vde/port-table.ts';
import type { Clock, ManagementDialer, ProcessEntry, ProcessTable } from '../host.ts';
import type { RunningSwitch } from '../state.ts';
import { behindPlug } from './behind-plug.ts';
import { lookAtPorts, lookAtSwitch, type SwitchLook } from './switch-look.ts';
import type { SwitchPicture } from './port-picture.ts';
import { drawSwitch } from './switch-picture.ts';

export interface SwitchReaderParts {
  readonly management: ManagementDialer;
  readonly processes: ProcessTable;
  readonly clock: Pick<Clock, 'now'>;
  readonly runRoots: readonly string[];
}

/** Looks at one switch again and again; two looks give rates. */
export class SwitchReader {
  private readonly parts: SwitchReaderParts;
  private readonly of: RunningSwitch;
  private look: SwitchLook | undefined;
  private before: SwitchLook | undefined;
  private processes: ReadonlyMap<number, ProcessEntry> = new Map();

  constructor(of: RunningSwitch, parts: SwitchReaderParts) {
    this.of = of;
    this.parts = parts;
  }

  /** Asks the switch; `ports`: only for what changes from second to second. */
  async read(what: 'all' | 'ports', signal?: CancelSignal): Promise<void> {
    const { management, clock } = this.parts;
    const socket = managementOf(this.of);
    const isShort = what === 'ports' && this.look;
    const look = isShort
      ? await lookAtPorts(management, socket, clock, isShort)
      : await lookAtSwitch(management, socket, clock, signal);
    this.before = this.look;
    this.look = look;
    this.processes = findProcesses(look.ports, this.processes, this.parts.processes);
  }

  /** Undefined before the first look. */
  picture(lab: Lab | undefined): SwitchPicture | undefined {
    const { of, look, before, processes } = this;
    return look && drawSwitch({ of, look, before, processes, runRoots: this.parts.runRoots, lab });
  }
}

export function managementOf({ name, management, pid }: RunningSwitch): string {
  if (management !== undefined) return management;
  throw new UserError(`Switch ${name} (process ${pid}) runs without a management socket, so it cannot be asked.`);
}

/**
 * The processes that the endpoints name, by the pids that they name. Of those known from the look before it is only seen
 * whether they live: an endpoint may outlive its process.
 */
function findProcesses(
  ports: readonly SwitchPort[],
  known: ReadonlyMap<number, ProcessEntry>,
  table: ProcessTable,
): ReadonlyMap<number, ProcessEntry> {
  const found = new Map<number, ProcessEntry>();
  const living = new Map(table.find([...known.values()].map(({ pid }) => pid)).map(one => [one.pid, one.startTicks]));
  for (const { pid, description } of ports.flatMap(port => port.endpoints)) {
    if (pid === undefined) continue;
    const before = known.get(pid);
    const isLiving = before && living.get(before.pid) === before.startTicks;
    const process = isLiving ? before : findProcess(pid, description, table);
    if (process) found.set(pid, process);
  }
  return found;
}

/** slirpvde and wirefilter name themselves before they become daemons, and so get another pid, in general the next. */
function findProcess(pid: number, description: string, table: ProcessTable): ProcessEntry | undefined {
  const program = description.startsWith('slirpvde')
    ? 'slirpvde'
    : description.startsWith('vde_crosscable')
      ? 'wirefilter'
      : '';
  if (program === '') return behindPlug(table.find([pid])[0], table);
  const pids = Array.from({ length: 9 }, (_, more) => pid + more);
  return table.find(pids).find(({ args }) => args[0]?.split('/').at(-1) === program);
}
