import { nothingLive, type PictureFacts } from '../../extension/diagram/live.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { ToPicture } from '../protocol.ts';

/** What is known of what is drawn; each message replaces the one before. */
export type Known = Extract<ToPicture, { readonly type: 'live' }>;

export const nothingKnown: Known = { type: 'live', live: nothingLive, facts: {}, summary: '', menu: undefined };

/** What is known of a thing, with its place in the spanning tree and what goes through it now. */
export function factsOf({ facts, live }: Known, thing: ThingId): PictureFacts | undefined {
  const known = facts[thing];
  const now = [live.trees[thing]?.words, live.traffic[thing]?.words].flatMap(words => words ?? []);
  return known && now.length > 0 ? { ...known, lines: [...known.lines, ...now] } : known;
}
