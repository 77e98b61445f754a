import type { DiagramLink } from './diagram.ts';

/**
 * Names one thing of a picture, among all its things and over edits: what is selected, what has which state. It is made
 * of the names, so it stays while the thing keeps its own.
 */
export type ThingId = string;

type NamedKind = 'node' | 'network' | 'group' | 'wire';

export const thingId = (kind: NamedKind, name: string): ThingId => JSON.stringify([kind, name]);

/** A lab's NICs are told apart by their numbers; a `.diag` has one link for each node and network. */
export const linkId = ({ node, nic, network }: Pick<DiagramLink, 'node' | 'nic' | 'network'>): ThingId =>
  JSON.stringify(['link', node, nic ?? network]);
