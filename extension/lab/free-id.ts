import { highestId, lowestId } from './networks/addressing.ts';

/** The lowest ID that is not in use, nor are the next ones, if there are to be several; undefined if there is none left. */
export function freeId(used: Iterable<number>, count = 1): number | undefined {
  const taken = new Set(used);
  let free = 0;
  for (let id = lowestId; id <= highestId; id += 1) {
    free = taken.has(id) ? 0 : free + 1;
    if (free === count) return id - count + 1;
  }
  return undefined;
}
