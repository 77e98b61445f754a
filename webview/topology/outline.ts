import type { Picture } from '../../extension/diagram/picture.ts';
import { linkId, thingId, type ThingId } from '../../extension/diagram/thing-id.ts';

/** One row of the outline: a thing, and how deep it lies. */
export interface OutlineRow {
  readonly id: ThingId;
  /** From 1. */
  readonly level: 1 | 2 | 3;
}

/**
 * The things of a picture as a tree, for those who do not see it: each network with the nodes that hang on it first, each
 * node with its NICs, each network with its wires, and last what hangs nowhere. Every thing is there once.
 */
export function outlineOf({ networks, nodes, links, wires, groups }: Omit<Picture, 'diagram'>): readonly OutlineRow[] {
  const rows = new Map<ThingId, OutlineRow>();
  const add = (id: ThingId, level: OutlineRow['level']): boolean => {
    if (rows.has(id)) return false;
    rows.set(id, { id, level });
    return true;
  };
  const byNode = groupBy(links, ({ link }) => link.node);
  const byNetwork = groupBy(links, ({ link }) => link.network);
  const addNode = (name: string, level: 1 | 2): void => {
    if (!add(thingId('node', name), level)) return;
    for (const { link } of byNode.get(name) ?? []) add(linkId(link), level === 1 ? 2 : 3);
  };
  const visible = [...networks].filter(({ isHidden }) => !isHidden).sort((a, b) => a.bus.y - b.bus.y);
  for (const { network } of visible) {
    add(thingId('network', network.id), 1);
    for (const { link } of byNetwork.get(network.id) ?? []) addNode(link.node, 2);
    for (const { wire } of wires) if (wire.ends[0] === network.id) add(thingId('wire', wire.id), 2);
  }
  for (const { node } of nodes) addNode(node.id, 1);
  for (const { wire } of wires) add(thingId('wire', wire.id), 1);
  for (const { group } of groups) add(thingId('group', group.id), 1);
  return [...rows.values()];
}

function groupBy<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const held = groups.get(keyOf(one));
    if (held) held.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
