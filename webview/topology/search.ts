import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { PictureFacts } from '../../extension/diagram/live.ts';

/** The things whose facts have all words of the query, in any order and case; undefined: there is no query. */
export function thingsFound(
  query: string,
  facts: Readonly<Record<ThingId, PictureFacts>>,
): readonly ThingId[] | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  return Object.entries(facts)
    .filter(([, { spoken, lines }]) => {
      const text = [spoken, ...lines].join('\n').toLowerCase();
      return words.every(word => text.includes(word));
    })
    .map(([id]) => id);
}
