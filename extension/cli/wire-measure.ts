import { UserError } from '../base/user-error.ts';
import type { WireFaults } from '../lab/wire-faults.ts';
import type { MeasuredWay, MeasuredWire } from '../runtime/wires/measure-wire.ts';
import type { WireTarget } from '../runtime/wires/wire-picture.ts';
import { probeWire } from '../runtime/wires/wire-probes.ts';
import type { CliPorts } from './command.ts';
import type { OpenLab } from './lab-file.ts';
import { printable, renderTable } from './text-table.ts';

/** Sends packets over a wire between two switches that run. `faults`: what it has, which says how long to wait. */
export async function measureTarget(
  target: WireTarget,
  { lab, path }: OpenLab,
  faults: WireFaults | undefined,
  count: number,
  ports: CliPorts,
): Promise<MeasuredWire> {
  const wire = target.nic === 0 ? lab.wires.find(({ name }) => name === target.name) : undefined;
  if (!wire) throw new UserError('Only wires between switches are measured from here. Ping from the guest instead.');
  const [first, second] = wire.ends.map(end => {
    const isIt = ports.store.stateOf({ lab: path, kind: 'switch', name: end.switch }).kind === 'running';
    const found = ports.store.host.switches.find(one => one.name === end.switch && one.lab === lab.name);
    if (!isIt || !found)
      throw new UserError(`Switch ${printable(end.switch)} does not run, so nothing can be measured.`);
    return found;
  });
  if (!first || !second) throw new UserError('A wire has two ends.');
  const patienceMs = 2000 + 2 * longestMs(faults);
  const order = { switches: [first, second], vlan: wire.vlan ?? wire.tagged[0] ?? 0, count, patienceMs } as const;
  const { management, clock, random, plugFrames, signal } = ports;
  return probeWire({ ...order, signal }, { management, clock, random, plug: plugFrames });
}

const longestMs = (faults: WireFaults | undefined): number =>
  Math.max(0, ...[faults?.there, faults?.back].map(way => (way?.delay?.value ?? 0) + (way?.jitter?.value ?? 0)));

export function measureTable(measured: MeasuredWire, [first, second]: readonly [string, string]): string {
  const { there, back } = measured;
  const header = ['FROM', 'TO', 'SENT', 'LOST', 'TWICE', 'LEAST ms', 'MEAN ms', 'MOST ms'];
  const round = there.delay && back.delay ? `Round trip: ${digits(there.delay.mean + back.delay.mean)} ms.\n` : '';
  return renderTable(header, [rowOf(first, second, there), rowOf(second, first, back)]) + round;
}

const rowOf = (from: string, to: string, way: MeasuredWay) => [
  ...[from, to, way.sent, `${digits(lossOf(way))}%`, way.duplicates],
  ...(way.delay ? [way.delay.least, way.delay.mean, way.delay.most].map(digits) : []),
];

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** Percent. */
const lossOf = ({ sent, received }: MeasuredWay): number => (sent === 0 ? 0 : (100 * (sent - received)) / sent);

export const plainMeasured = ({ there, back }: MeasuredWire) => ({ there: plainWay(there), back: plainWay(back) });

const plainWay = (way: MeasuredWay) => ({ ...way, lossPercent: lossOf(way) });
