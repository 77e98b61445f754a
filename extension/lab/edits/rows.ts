import type { Lab, Vm } from '../model.ts';

/** The VMs of the row (`count`) whose entry has this name, in their order; empty: there is no such row. */
export const rowVms = (lab: Lab, name: string): readonly Vm[] =>
  lab.vms.filter(({ origin }) => origin?.row?.name === name);

/** What a row loses with some of its VMs. */
export interface RowLoss {
  readonly row: string;
  readonly before: number;
  /** How many are left; 0: its entry goes. */
  readonly after: number;
  /** Names of VMs that would have to go as well, as a row loses VMs from its end only. */
  readonly inTheWay: readonly string[];
}

/** Of all rows that lose one of these VMs. */
export function rowLosses(lab: Lab, vms: ReadonlySet<string>): readonly RowLoss[] {
  const rows = lab.vms.flatMap(({ name, origin }) => (origin?.row && vms.has(name) ? [origin.row] : []));
  return [...new Map(rows.map(row => [row.name, row])).values()].map(({ name: row, count: before }) => {
    const numbers = rowVms(lab, row).map(({ name, origin }) => ({ name, number: origin?.row?.number ?? 0 }));
    const first = Math.min(...numbers.flatMap(({ name, number }) => (vms.has(name) ? [number] : [])));
    const inTheWay = numbers.flatMap(({ name, number }) => (number > first && !vms.has(name) ? [name] : []));
    return { row, before, after: first - 1, inTheWay };
  });
}

/** In words, for questions; empty: no row loses any. */
export const rowLossWords = (lab: Lab, vms: ReadonlySet<string>): string =>
  rowLosses(lab, vms)
    .map(({ row, before, after }) =>
      after === 0 ? `Row ${row} goes.` : `Row ${row} will count ${after} instead of ${before}.`,
    )
    .join(' ');
