import type { MatrixPort, PortVlans, VlanMatrix } from '../protocol.ts';
import { baseOf, cellOf, withEdit, type CellKind, type Edits } from './edits.ts';

/** `untagged 10 · tagged 20, 30`; a port without any is `no VLAN`. */
function vlanWords({ untagged, tagged }: PortVlans): string {
  const words = [
    ...(untagged === 0 ? [] : [`untagged ${untagged}`]),
    ...(tagged.length === 0 ? [] : [`tagged ${tagged.join(', ')}`]),
  ];
  return words.length === 0 ? 'no VLAN' : words.join(' · ');
}

export const columnName = (vlan: number): string => (vlan === 0 ? 'no VLAN' : `VLAN ${vlan}`);

/** What a cell shows, and what is said of it. */
export interface Cell {
  readonly kind: CellKind;
  readonly isChanged: boolean;
  /** What the lab file says, where that is not what runs. */
  readonly file: CellKind | undefined;
  readonly label: string;
}

export function cellFor(port: MatrixPort, vlan: number, edits: Edits, matrix: VlanMatrix): Cell {
  const base = baseOf(port, matrix);
  const kind = cellOf(withEdit(base, edits[port.number]), vlan);
  const before = cellOf(base, vlan);
  const says = port.file && cellOf(port.file, vlan);
  const file = says === before ? undefined : says;
  const parts = [
    `port ${port.number}, ${port.who}, ${columnName(vlan)}: ${kind === 'none' ? 'not in it' : kind}`,
    ...(kind === before ? [] : [`changed, is ${before === 'none' ? 'not in it' : before}`]),
    ...(file === undefined ? [] : [`lab file says ${file === 'none' ? 'not in it' : file}`]),
  ];
  return { kind, isChanged: kind !== before, file, label: parts.join('; ') };
}

/** What stands behind the cells of a port: what is going to change, and how it differs from the lab file. */
export function noteFor(port: MatrixPort, edits: Edits, matrix: VlanMatrix): { change: string; drift: string } {
  const base = baseOf(port, matrix);
  const edit = edits[port.number];
  const isApart = port.file !== undefined && vlanWords(port.file) !== vlanWords(base);
  const place = matrix.canWrite && edit && port.plug === undefined ? ' (the lab file has no place for it)' : '';
  return {
    change: edit ? `${vlanWords(base)} → ${vlanWords(withEdit(base, edit))}${place}` : '',
    drift: [...(isApart ? [`lab file says ${vlanWords(port.file)}`] : []), ...port.drift].join('; '),
  };
}

/** `2 ports changed`; of no port, nothing. */
export function changedWords(edits: Edits): string {
  const count = Object.keys(edits).length;
  if (count === 0) return '';
  return `${count} port${count === 1 ? '' : 's'} changed, not in force yet`;
}

/** How everything differs from the lab file, in one line; empty if it does not. */
export function driftWords(edits: Edits, matrix: VlanMatrix): string {
  const ports = matrix.ports.filter(port => noteFor(port, edits, matrix).drift !== '').map(port => port.number);
  const words = [
    ...(ports.length === 0 ? [] : [`port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`]),
    ...matrix.drift,
  ];
  return words.length === 0 ? '' : `Differs from the lab file: ${words.join('; ')}.`;
}
