import { UserError } from '../base/user-error.ts';
import type { Lab } from '../lab/model.ts';
import type { CaptureMark } from '../runtime/capture-ports.ts';
import type { CaptureSource } from '../runtime/capture/capture-source.ts';
import { findCapture, isSeen, type CaptureSubject, type CaptureTarget } from '../runtime/capture/capture-target.ts';
import { findFarCapture, type FarCaptureTarget } from '../runtime/capture/far-capture.ts';
import { FarSwitch } from '../runtime/capture/far-switch.ts';
import { NicCapture } from '../runtime/capture/nic-capture.ts';
import { SwitchCapture } from '../runtime/capture/switch-capture.ts';
import { lookFar } from '../runtime/hosts/far-look.ts';
import type { CliPorts } from './command.ts';
import { labsHere } from './konnect-target.ts';

/** What is to be captured, wherever it runs. */
export interface FoundCapture {
  readonly subject: CaptureSubject;
  /** Socket of a switch, by which captures of it know of each other. */
  readonly socket: string | undefined;
  /** The other host on which it is captured, in words; empty: this one. */
  readonly place: string;
  readonly source: CaptureSource;
  dispose(): void;
}

/** `lab`: only of this one. `place`: only on this host of it. */
export async function findSource(
  what: string,
  lab: Lab | undefined,
  place: string | undefined,
  ports: CliPorts,
): Promise<FoundCapture> {
  await ports.watcher.poll();
  const { store, processes } = ports;
  if (place === undefined && isSeen(what, lab?.name, store.host))
    return sourceHere(findCapture(what, lab?.name, store.host, processes), ports);
  const far = await findElsewhere(what, lab ? [lab] : await labsHere(ports), place, ports);
  return far ? sourceThere(far, ports) : sourceHere(findCapture(what, lab?.name, store.host, processes), ports);
}

/** Of several labs of the folder that have it, the first. Undefined: no host that answers has it. */
async function findElsewhere(
  what: string,
  labs: readonly Lab[],
  place: string | undefined,
  { remote }: CliPorts,
): Promise<FarCaptureTarget | undefined> {
  const reasons: string[] = [];
  for (const lab of labs.filter(({ hosts }) => hosts)) {
    if (place !== undefined && !lab.hosts?.some(({ name }) => name === place))
      throw new UserError(`Lab ${lab.name} has no host ${place}.`);
    const { things, unknown } = await lookFar(remote, lab);
    const found = findFarCapture(what, lab, things, place);
    if (found) return found;
    for (const [host, reason] of unknown) if (place === undefined || place === host) reasons.push(reason);
  }
  if (reasons.length > 0) throw new UserError(`${what} was not found to run. ${reasons.join(' ')}`);
  return undefined;
}

function sourceHere(target: CaptureTarget, ports: CliPorts): FoundCapture {
  const { management, clock, processes, qmp, consoles, captures } = ports;
  const common = { subject: target.subject, place: '', dispose: () => undefined };
  if (target.kind === 'nic') {
    const { remove, pid } = captures;
    const parts = { qmp, clock, processes, remove, pid, follow: (file: string) => consoles.log(file) };
    return { ...common, socket: undefined, source: new NicCapture(target.nic, parts) };
  }
  const { socket } = target.of;
  const parts = { management, clock, sockets: captures.sockets, isShared: isShared(socket, ports) };
  return { ...common, socket, source: new SwitchCapture(target.of, parts) };
}

async function sourceThere(target: FarCaptureTarget, ports: CliPorts): Promise<FoundCapture> {
  const { remote, management, signal, clock, captures } = ports;
  const { subject, host, port, switch: name } = target;
  const parts = { remote, management, signal, sockets: captures.sockets };
  const way = await FarSwitch.reach(parts, host, subject.lab ?? '', name);
  const of = { name, socket: way.socket, port, host: host.name };
  const source = new SwitchCapture(of, {
    ...{ management: way.management, sockets: way.sockets, clock },
    isShared: isShared(way.identity, ports),
  });
  const at = subject.kind === 'nic' || subject.kind === 'wire' ? `, at port ${port ?? 0} of switch ${name}` : '';
  return { subject, socket: way.identity, place: `${at} of host ${host.name}`, source, dispose: () => way.dispose() };
}

/** Whether another process of ours captures at the same switch. */
const isShared =
  (socket: string, { captures }: CliPorts) =>
  (): boolean =>
    captures.marks.list().some((mark: CaptureMark) => mark.socket === socket && mark.pid !== captures.pid);
