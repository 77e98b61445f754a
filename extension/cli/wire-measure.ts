import { digits, lossOf, roundTripOf } from '../runtime/wires/measure-target.ts';
import type { MeasuredWay, MeasuredWire } from '../runtime/wires/measure-wire.ts';
import { renderTable } from './text-table.ts';

export function measureTable(measured: MeasuredWire, [first, second]: readonly [string, string]): string {
  const { there, back } = measured;
  const header = ['FROM', 'TO', 'SENT', 'LOST', 'TWICE', 'LEAST ms', 'MEAN ms', 'MOST ms'];
  const trip = roundTripOf(measured);
  const round = trip === undefined ? '' : `Round trip: ${digits(trip)} ms.\n`;
  return renderTable(header, [rowOf(first, second, there), rowOf(second, first, back)]) + round;
}

const rowOf = (from: string, to: string, way: MeasuredWay) => [
  ...[from, to, way.sent, `${digits(lossOf(way))}%`, way.duplicates],
  ...(way.delay ? [way.delay.least, way.delay.mean, way.delay.most].map(digits) : []),
];

export const plainMeasured = ({ there, back }: MeasuredWire) => ({ there: plainWay(there), back: plainWay(back) });

const plainWay = (way: MeasuredWay) => ({ ...way, lossPercent: lossOf(way) });
