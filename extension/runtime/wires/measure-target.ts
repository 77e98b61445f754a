import type { Party } from '../../packets/tcp-knock.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import { parseCidr } from '../../lab/networks/cidr.ts';
import type { WireFaults } from '../../lab/wire-faults.ts';
import type { RunningSwitch } from '../state.ts';
import type { LabStore } from '../store.ts';
import { measureGuest } from './measure-guest.ts';
import type { MeasuredWay } from './measured-way.ts';
import { measureWire, type MeasuredWire } from './measure-wire.ts';
import type { WireTarget } from './wire-picture.ts';
import { withProbes, type ProbeParts } from './wire-probes.ts';

export interface MeasureParts extends ProbeParts {
  readonly store: LabStore;
}

export interface MeasureOrder {
  readonly target: WireTarget;
  readonly lab: Lab;
  /** What the wire has, which says how long to wait. */
  readonly faults: WireFaults | undefined;
  /** Packets in each direction. */
  readonly count: number;
  readonly signal?: CancelSignal | undefined;
}

/** Of the wire of a NIC only the guest is at the other end, so there and back are one. */
export interface MeasuredTrip {
  readonly round: MeasuredWay;
}

export type Measured = MeasuredWire | MeasuredTrip;

/** Sends packets over a wire that is in use. Rejects with a UserError if that cannot be. */
export async function measureTarget(order: MeasureOrder, parts: MeasureParts): Promise<Measured> {
  const { target, lab, faults, count, signal } = order;
  const options = { count, signal, mayReorder: faults?.reorder, mark: parts.random() >>> 0, clock: parts.clock };
  const patienceMs = 2000 + 2 * longestMs(faults);
  if (target.nic > 0) {
    const { to, vlan, guest } = answeringEnd(target, lab);
    const switches = [runningSwitch(to, target.lab, parts.store)];
    return withProbes({ switches, vlan, signal }, parts, async (...ports) => {
      const [port] = ports;
      if (!port) throw new UserError('There is no switch to measure from.');
      // A guest that has just been started is slow.
      return { round: await measureGuest(port, { ...options, guest, patienceMs: 2 * patienceMs }) };
    });
  }
  const wire = lab.wires.find(({ name }) => name === target.name);
  if (!wire || wire.ends[1].outside) throw new UserError('Only wires whose both ends are of this lab can be measured.');
  const switches = wire.ends.map(end => runningSwitch(end.switch, target.lab, parts.store));
  const vlan = wire.vlan ?? wire.tagged[0] ?? 0;
  // With a second way between the switches it may be that one that is measured.
  return withProbes({ switches, vlan, signal }, parts, (...ports) => {
    const [first, second] = ports;
    if (!first || !second) throw new UserError('A wire has two ends.');
    return measureWire([first, second], { ...options, patienceMs });
  });
}

interface AnsweringEnd {
  /** The switch of the NIC. */
  readonly to: string;
  /** In which the guest has the address; 0: none. */
  readonly vlan: number;
  readonly guest: Party;
}

/** The first IPv4 address of a NIC that the lab file knows. */
function answeringEnd({ name, nic: number }: WireTarget, lab: Lab): AnsweringEnd {
  const nic = lab.vms.find(vm => vm.name === name)?.nics.find(one => one.number === number);
  const places = nic ? [{ vlan: nic.vlan ?? 0, addresses: nic.addresses }, ...nic.tagged] : [];
  for (const { vlan, addresses } of places) {
    const address = addresses.map(parseCidr).find(one => one?.family === 4);
    if (nic?.mac === undefined || !address) continue;
    const mac = Uint8Array.from(nic.mac.split(':'), byte => parseInt(byte, 16));
    return { to: nic.switch, vlan, guest: { mac, address: Number(address.value) } };
  }
  throw new UserError(
    `NIC ${number} of ${name} has no IPv4 address in the lab file, and only a guest with one answers. Give it one, or ping from the guest.`,
  );
}

function runningSwitch(name: string, lab: string, store: LabStore): RunningSwitch {
  const found = store.host.switches.find(one => one.name === name && store.labOf(one)?.path === lab);
  if (found) return found;
  throw new UserError(`Switch ${name} does not run, so nothing can be measured.`);
}

const longestMs = (faults: WireFaults | undefined): number =>
  Math.max(0, ...[faults?.there, faults?.back].map(way => (way?.delay?.value ?? 0) + (way?.jitter?.value ?? 0)));

/** Percent. */
export const lossOf = ({ sent, received }: MeasuredWay): number => (sent === 0 ? 0 : (100 * (sent - received)) / sent);

/** How many were lost in a row, on average; undefined: none was. */
export const inARowOf = ({ sent, received, bursts }: MeasuredWay): number | undefined =>
  bursts === 0 ? undefined : (sent - received) / bursts;

/** Milliseconds there and back, on average; undefined: nothing came through in one of the directions. */
export const roundTripOf = ({ there, back }: MeasuredWire): number | undefined =>
  there.delay && back.delay ? there.delay.mean + back.delay.mean : undefined;

/** Milliseconds or percent, with three digits or so. */
export const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** What was measured, a line for each direction, for people. */
export function measuredWords(measured: Measured, [first, second]: readonly [string, string]): string {
  if ('round' in measured) return `Round trip ${wayWords(measured.round)}`;
  const round = roundTripOf(measured);
  return [
    `Round trip ${round === undefined ? 'never' : `${digits(round)} ms`}.`,
    `${first} → ${second}: ${wayWords(measured.there)}`,
    `${second} → ${first}: ${wayWords(measured.back)}`,
  ].join('\n');
}

function wayWords(way: MeasuredWay): string {
  const { sent, delay, duplicates, overtaken } = way;
  const time = delay ? `${digits(delay.mean)} ms (${digits(delay.least)} to ${digits(delay.most)})` : 'nothing arrived';
  const copies = duplicates === 0 ? '' : `, ${duplicates} twice`;
  const late = overtaken === 0 ? '' : `, ${overtaken} overtaken`;
  const row = delay && inARowOf(way);
  const rows = row === undefined || row < 1.05 ? '' : `, ${digits(row)} in a row`;
  return `${time}, ${digits(lossOf(way))} % of ${sent} lost${rows}${copies}${late}.`;
}
