import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import type { WireFaults } from '../../lab/wire-faults.ts';
import type { RunningSwitch } from '../state.ts';
import type { LabStore } from '../store.ts';
import type { MeasuredWay, MeasuredWire } from './measure-wire.ts';
import type { WireTarget } from './wire-picture.ts';
import { probeWire, type ProbeParts } from './wire-probes.ts';

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

/** Sends packets over a wire between two switches that run. Rejects with a UserError if that cannot be. */
export async function measureTarget(
  { target, lab, faults, count, signal }: MeasureOrder,
  parts: MeasureParts,
): Promise<MeasuredWire> {
  const wire = target.nic === 0 ? lab.wires.find(({ name }) => name === target.name) : undefined;
  if (!wire) throw new UserError('Only wires between switches are measured from here. Ping from the guest instead.');
  const [first, second] = wire.ends.map(end => runningSwitch(end.switch, target.lab, parts.store));
  if (!first || !second) throw new UserError('A wire has two ends.');
  const patienceMs = 2000 + 2 * longestMs(faults);
  const vlan = wire.vlan ?? wire.tagged[0] ?? 0;
  return probeWire({ switches: [first, second], vlan, count, patienceMs, signal }, parts);
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

/** Milliseconds there and back, on average; undefined: nothing came through in one of the directions. */
export const roundTripOf = ({ there, back }: MeasuredWire): number | undefined =>
  there.delay && back.delay ? there.delay.mean + back.delay.mean : undefined;

/** Milliseconds or percent, with three digits or so. */
export const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** What was measured, a line for each direction, for people. */
export function measuredWords(measured: MeasuredWire, [first, second]: readonly [string, string]): string {
  const round = roundTripOf(measured);
  return [
    `Round trip ${round === undefined ? 'never' : `${digits(round)} ms`}.`,
    `${first} → ${second}: ${wayWords(measured.there)}`,
    `${second} → ${first}: ${wayWords(measured.back)}`,
  ].join('\n');
}

function wayWords(way: MeasuredWay): string {
  const { sent, delay, duplicates } = way;
  const time = delay ? `${digits(delay.mean)} ms (${digits(delay.least)} to ${digits(delay.most)})` : 'nothing arrived';
  const copies = duplicates === 0 ? '' : `, ${duplicates} twice`;
  return `${time}, ${digits(lossOf(way))} % of ${sent} lost${copies}.`;
}
