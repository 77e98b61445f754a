import type { Lab } from './model.ts';
import { highestId, lowestId } from './networks/addressing.ts';

/** The lowest ID that is not in use, nor are the next ones, if there are to be several; undefined if there is none left. */
export const freeId = (used: Iterable<number>, count = 1): number | undefined =>
  freeIdFrom(lowestId, new Set(used), count);

/**
 * The ID for a new VM of a lab whose file has `own`: behind the highest of them, so that a lab's IDs stay together, or the
 * lowest free one where none is left there. `used`: what else nobody may have. Undefined: none is left at all.
 */
export function nextId(own: Iterable<number>, used: Iterable<number>, count = 1): number | undefined {
  const valid = [...own].filter(id => id <= highestId);
  const taken = new Set([...used, ...valid]);
  return freeIdFrom(Math.max(lowestId - 1, ...valid) + 1, taken, count) ?? freeIdFrom(lowestId, taken, count);
}

/** The same for a lab as it was read; IDs of included files do not count as its own, but nobody may have them. */
export function nextIdOf(lab: Lab | undefined, used: Iterable<number>, count = 1): number | undefined {
  const vms = lab?.vms ?? [];
  const idsOf = (list: typeof vms): readonly number[] => list.flatMap(({ id }) => id ?? []);
  return nextId(idsOf(vms.filter(({ span }) => span.file === undefined)), [...used, ...idsOf(vms)], count);
}

function freeIdFrom(lowest: number, taken: ReadonlySet<number>, count: number): number | undefined {
  let free = 0;
  for (let id = lowest; id <= highestId; id += 1) {
    free = taken.has(id) ? 0 : free + 1;
    if (free === count) return id - count + 1;
  }
  return undefined;
}
