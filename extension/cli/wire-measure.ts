import { digits, inARowOf, lossOf, roundTripOf, type Measured } from '../runtime/wires/measure-target.ts';
import type { MeasuredWay } from '../runtime/wires/measured-way.ts';
import { renderTable } from './text-table.ts';

export function measureTable(measured: Measured, [first, second]: readonly [string, string]): string {
  const header = ['FROM', 'TO', 'SENT', 'LOST', 'IN A ROW', 'TWICE', 'OVERTAKEN', 'LEAST ms', 'MEAN ms', 'MOST ms'];
  if ('round' in measured) return renderTable(header, [rowOf(second, `${first} and back`, measured.round)]);
  const { there, back } = measured;
  const trip = roundTripOf(measured);
  const round = trip === undefined ? '' : `Round trip: ${digits(trip)} ms.\n`;
  return renderTable(header, [rowOf(first, second, there), rowOf(second, first, back)]) + round;
}

const rowOf = (from: string, to: string, way: MeasuredWay) => [
  ...[from, to, way.sent, `${digits(lossOf(way))}%`, digits(inARowOf(way) ?? 0), way.duplicates, way.overtaken],
  ...(way.delay ? [way.delay.least, way.delay.mean, way.delay.most].map(digits) : []),
];

export const plainMeasured = (measured: Measured) =>
  'round' in measured
    ? { round: plainWay(measured.round) }
    : { there: plainWay(measured.there), back: plainWay(measured.back) };

const plainWay = (way: MeasuredWay) => ({ ...way, lossPercent: lossOf(way) });
