import type { PacketListRow } from '../protocol.ts';

const columns = ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info'] as const;

export interface RowPlace {
  readonly index: number;
  /** How many rows there are. */
  readonly of: number;
  readonly top: number;
  readonly isSelected: boolean;
  /** Time from which times are counted, in microseconds. */
  readonly origin: number;
}

/** One packet as a line of the list. */
export function drawRow(row: PacketListRow, { index, of, top, isSelected, origin }: RowPlace): HTMLElement {
  const element = document.createElement('div');
  element.className = 'row';
  element.id = `packet-${row.number}`;
  element.role = 'option';
  element.ariaSelected = String(isSelected);
  element.ariaPosInSet = String(index + 1);
  element.ariaSetSize = String(of);
  element.style.top = `${top}px`;
  element.dataset['protocol'] = row.protocol.split(/\W/)[0]?.toLowerCase() ?? '';
  const texts = { ...row, time: ((row.time - origin) / 1_000_000).toFixed(6) };
  for (const column of columns) {
    const cell = document.createElement('span');
    cell.className = column;
    cell.textContent = String(texts[column]);
    if (column === 'info') cell.title = row.info;
    element.append(cell);
  }
  return element;
}
