import { highestId, lowestId } from './networks/addressing.ts';

/** The lowest ID that is not in use; undefined if there is none left. */
export function freeId(used: Iterable<number>): number | undefined {
  const taken = new Set(used);
  for (let id = lowestId; id <= highestId; id += 1) if (!taken.has(id)) return id;
  return undefined;
}
