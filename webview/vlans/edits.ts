import type { MatrixPort, PortVlans, PortWish, VlanMatrix } from '../protocol.ts';

/** What a port is in a VLAN. */
export type CellKind = 'none' | 'untagged' | 'tagged';

/** What was changed at a port and is not in force yet: only that, so that everything else follows what runs. */
export interface PortEdit {
  readonly untagged?: number;
  /** By VLAN: whether its tag is put on or taken off. */
  readonly tags: Readonly<Record<number, boolean>>;
}

/** By port number. */
export type Edits = Readonly<Record<number, PortEdit>>;

const noVlans: PortVlans = { untagged: 0, tagged: [] };

/** What edits start from: what runs; in a switch that does not run, what the file says. */
export function baseOf(port: MatrixPort, { canApply }: VlanMatrix): PortVlans {
  return port.live ?? (canApply ? undefined : port.file) ?? noVlans;
}

export function cellOf({ untagged, tagged }: PortVlans, vlan: number): CellKind {
  if (untagged === vlan) return 'untagged';
  return tagged.includes(vlan) ? 'tagged' : 'none';
}

export function withEdit(base: PortVlans, edit: PortEdit | undefined): PortVlans {
  if (!edit) return base;
  const untagged = edit.untagged ?? base.untagged;
  const on = Object.keys(edit.tags).map(Number);
  const tagged = [...new Set([...base.tagged, ...on])].filter(vlan => edit.tags[vlan] !== false && vlan !== untagged);
  return { untagged, tagged: tagged.sort((a, b) => a - b) };
}

/** The edit after one cell was set. A port has one untagged VLAN: the one before it goes, and 0 takes the place of none. */
export function setCell(
  base: PortVlans,
  edit: PortEdit | undefined,
  vlan: number,
  kind: CellKind,
): PortEdit | undefined {
  const { untagged, tagged } = withEdit(base, edit);
  const others = tagged.filter(one => one !== vlan);
  const isLost = untagged === vlan && kind !== 'untagged';
  const canTag = kind === 'tagged' && vlan !== 0;
  return difference(base, {
    untagged: kind === 'untagged' ? vlan : isLost ? 0 : untagged,
    tagged: canTag ? [...others, vlan] : others,
  });
}

/** The edits that still change something; of ports and VLANs that are as wished by now, none is left. */
export function settled(edits: Edits, matrix: VlanMatrix): Edits {
  const left = matrix.ports.flatMap(port => {
    const base = baseOf(port, matrix);
    const edit = difference(base, withEdit(base, edits[port.number]));
    return edit ? [[port.number, edit] as const] : [];
  });
  return Object.fromEntries(left);
}

export function wishesOf(edits: Edits, matrix: VlanMatrix): readonly PortWish[] {
  return matrix.ports
    .filter(port => edits[port.number] !== undefined)
    .map(port => {
      return { number: port.number, plug: port.plug, ...withEdit(baseOf(port, matrix), edits[port.number]) };
    });
}

/** What Space makes of a cell. Nobody has a tag for no VLAN. */
export function nextKind(kind: CellKind, vlan: number): CellKind {
  if (vlan === 0) return 'untagged';
  return kind === 'none' ? 'untagged' : kind === 'untagged' ? 'tagged' : 'none';
}

function difference(base: PortVlans, then: PortVlans): PortEdit | undefined {
  const on = then.tagged.filter(vlan => !base.tagged.includes(vlan)).map(vlan => [vlan, true] as const);
  // What becomes untagged loses its tag by itself, but is to be told all the same.
  const off = base.tagged.filter(vlan => !then.tagged.includes(vlan)).map(vlan => [vlan, false] as const);
  const isSame = then.untagged === base.untagged;
  if (isSame && on.length + off.length === 0) return undefined;
  return { ...(isSame ? {} : { untagged: then.untagged }), tags: Object.fromEntries([...on, ...off]) };
}
