import { sentenceAt } from './check-offers.ts';
import { includedKeys, wireKeys } from '../lab/schema.ts';
import type { Completion } from './completion-item.ts';
import type { LanguageFacts } from './facts.ts';
import { placeAt, type Place } from './place.ts';
import { completeAt, type PlaceOffers } from './schema-completion.ts';
import { endOffers, thingOffers } from './thing-offers.ts';
import { valueOffers } from './value-offers.ts';

/** What can be typed at an offset of a lab file. Undefined: nothing is known there, as in comments and free texts. */
export async function completionAt(
  text: string,
  offset: number,
  facts: LanguageFacts,
): Promise<Completion | undefined> {
  const place = placeAt(text, offset) ?? sentenceAt(text, offset);
  return place && completeAt(text, place, labOffers(facts));
}

const labOffers = (facts: LanguageFacts): PlaceOffers<Place> => ({
  values: place => valueOffers(place, facts),
  things: (place, inner) => thingOffers(place, facts, inner),
  lists: place => (place.schema.key === wireKeys.between ? endOffers(place, facts) : undefined),
  mayHave: ({ cursor }, name) =>
    facts.part === undefined || cursor.path.length > 0 || Object.hasOwn(includedKeys, name),
});
