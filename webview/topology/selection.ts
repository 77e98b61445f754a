import type { ThingId } from '../../extension/diagram/thing-id.ts';

/** What is chosen after a click or a step: that thing alone, or with it what was chosen before (again: without it). */
export function chosen(
  before: ReadonlySet<ThingId>,
  thing: ThingId | undefined,
  isAdding: boolean,
): ReadonlySet<ThingId> {
  if (thing === undefined) return isAdding ? before : new Set();
  if (!isAdding) return new Set([thing]);
  const after = new Set(before);
  if (!after.delete(thing)) after.add(thing);
  return after;
}

export const isSame = (a: ReadonlySet<ThingId>, b: ReadonlySet<ThingId>): boolean =>
  a.size === b.size && [...a].every(thing => b.has(thing));
