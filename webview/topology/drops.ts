import { cellAt, type Grid } from '../../extension/diagram/layout/cell-at.ts';
import type { Point } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { PictureEdit } from '../protocol.ts';

/** What comes of letting a thing go here, and that in words. */
export interface Drop {
  readonly edit: PictureEdit;
  readonly words: string;
}

/** Where a drag is: over which thing, and at which place of the picture. */
interface Place {
  readonly thing: ThingId | undefined;
  readonly point: Point;
}

/** Whether a thing can be dragged somewhere: VMs, NICs, switches, and what a switch brings along. */
export const isDraggable = (thing: ThingId): boolean => {
  const { kind, nic } = partsOf(thing);
  return kind === 'node' || kind === 'network' || (kind === 'link' && nic !== undefined);
};

/** Undefined: nothing would come of it. */
export function dropOf(dragged: ThingId, { thing, point }: Place, grid: Grid): Drop | undefined {
  const { kind, name, nic } = partsOf(dragged);
  const over = thing === undefined ? undefined : partsOf(thing);
  if (kind === 'node') return dropOfNode(name, over, point, grid);
  if (over?.kind !== 'network') return undefined;
  if (kind === 'link' && nic !== undefined)
    return {
      edit: { kind: 'moveNic', vm: name, nic, switch: over.name },
      words: `Move ${name} NIC ${nic} to ${over.name}`,
    };
  if (kind !== 'network' || over.name === name) return undefined;
  return { edit: { kind: 'addWire', between: [name, over.name] }, words: `Wire ${name} – ${over.name}` };
}

function dropOfNode(name: string, over: Parts | undefined, point: Point, grid: Grid): Drop | undefined {
  // A name with a slash is no VM's: it is what a switch brings along.
  if (over?.kind === 'network' && !name.includes('/'))
    return { edit: { kind: 'addNic', vm: name, switch: over.name }, words: `Connect ${name} to ${over.name}` };
  if (over?.kind === 'node' && over.name !== name) return undefined;
  const cell = cellAt(grid, name, point);
  if (!cell) return undefined;
  const words = `Pin ${name} to column ${cell.column + 1}, row ${cell.row + 1}`;
  return { edit: { kind: 'pin', node: name, ...cell }, words };
}

interface Parts {
  readonly kind: unknown;
  readonly name: string;
  /** Number of a lab's NIC. */
  readonly nic: number | undefined;
}

function partsOf(thing: ThingId): Parts {
  const [kind, name, nic] = JSON.parse(thing) as readonly unknown[];
  return { kind, name: String(name), nic: typeof nic === 'number' ? nic : undefined };
}
