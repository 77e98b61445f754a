import { yamlText } from '../lab/reading/yaml-text.ts';
import type { SchemaKey, SchemaPlaces } from '../lab/schema-places.ts';
import { itemsOf, snippetText, type Completion, type CompletionItem, type Offer } from './completion-item.ts';
import type { Cursor } from './cursor.ts';
import { columnOf } from './loose-values.ts';
import type { SchemaCursor } from './place.ts';

/** What is offered at a place besides the keys that the schema knows; `inner` is the column of the place in its line. */
export interface PlaceOffers<Place extends SchemaCursor> {
  values(place: Place): Promise<readonly Offer[]>;
  /** Things that are begun there: a new VM, a new step. */
  things(place: Place, inner: number): Promise<readonly Offer[]>;
  /** Whole lists behind the key of one. Undefined: lists with one value or thing. */
  lists(place: Place): readonly Offer[] | undefined;
  /** Whether a key that the schema knows may stand there. */
  mayHave(place: Place, name: string): boolean;
}

/** What can be typed at a place of a file. */
export async function completeAt<Place extends SchemaCursor>(
  text: string,
  place: Place,
  offers: PlaceOffers<Place>,
): Promise<Completion> {
  const { cursor } = place;
  const completer = new Completer(offers, innerColumn(text, cursor));
  const items = await (cursor.part === 'key' ? completer.keyPart(place) : completer.valuePart(place));
  // The label of a new thing is the name that is being typed.
  return { items, span: cursor.word.span, isIncomplete: items.some(({ kind }) => kind === 'thing') };
}

class Completer<Place extends SchemaCursor> {
  private readonly offers: PlaceOffers<Place>;
  private readonly inner: number;

  constructor(offers: PlaceOffers<Place>, inner: number) {
    this.offers = offers;
    this.inner = inner;
  }

  async keyPart(place: Place): Promise<readonly CompletionItem[]> {
    const { cursor, schema, tree } = place;
    const isNew = !cursor.hasColon && (schema.isNamed || tree.root?.kind !== 'map');
    const things = isNew ? itemsOf(await this.offers.things(place, this.inner), cursor, 2) : [];
    return [...this.keyItems(place), ...things];
  }

  async valuePart(place: Place): Promise<readonly CompletionItem[]> {
    const { cursor, schema } = place;
    const isItem = typeof cursor.path.at(-1) === 'number';
    if (schema.isList && !isItem && cursor.mayBegin)
      return new Completer(this.offers, this.inner + 2).valuePart(firstItem(place, '- '));
    if (schema.isList && !isItem && !schema.isScalar) return this.listInFlow(place);
    const values = itemsOf(await this.offers.values(place), cursor, 1);
    const things = isItem ? itemsOf(await this.offers.things(place, this.inner), cursor, 0) : [];
    const isBlock = cursor.mayBegin || cursor.lacks === '- ';
    return [...things, ...values, ...(isBlock ? await this.keyPart(place) : [])];
  }

  /** Behind the key of a list: whole lists. */
  private async listInFlow(place: Place): Promise<readonly CompletionItem[]> {
    const whole = this.offers.lists(place);
    if (whole) return itemsOf(whole, place.cursor, 1);
    const first = firstItem(place, place.cursor.lacks);
    const offers = [...(await this.offers.things(first, 0)), ...(await this.offers.values(first))];
    return itemsOf(
      offers.map(offer => ({
        ...offer,
        snippet: `[${offer.snippet ?? snippetText(yamlText(offer.value ?? offer.label))}$1]`,
      })),
      place.cursor,
      1,
    );
  }

  private keyItems(place: Place): readonly CompletionItem[] {
    const { schema, cursor, places } = place;
    const isOwn = cursor.part === 'key';
    const there = new Set(isOwn ? cursor.map?.entries.filter(one => one !== cursor.own).map(({ key }) => key) : []);
    const keys = (schema.keys ?? []).filter(({ name }) => !there.has(name) && this.offers.mayHave(place, name));
    const ordered = [...keys.filter(({ isNeeded }) => isNeeded), ...keys.filter(({ isNeeded }) => !isNeeded)];
    return itemsOf(
      ordered.map(key => keyOffer(key, cursor, places, this.inner)),
      cursor,
      1,
    );
  }
}

/** A list that nobody has begun yet, as if the cursor were in its first item. */
function firstItem<Place extends SchemaCursor>(place: Place, lacks: Cursor['lacks']): Place {
  const path = [...place.cursor.path, 0];
  return { ...place, cursor: { ...place.cursor, path, lacks }, schema: place.places.at(path) ?? place.schema };
}

/** How far to the right of its line's indentation the cursor's word begins: behind the dash of a list. */
function innerColumn(text: string, { word, lacks }: Cursor): number {
  const column = columnOf(text, word.span.start);
  const line = text.slice(word.span.start - column, word.span.start);
  return column - (/^[ \t]*/.exec(line)?.[0].length ?? 0) + (lacks === '- ' ? 2 : 0);
}

function keyOffer(key: SchemaKey, cursor: Cursor, places: SchemaPlaces, inner: number): Offer {
  const { name, description, defaultValue, isNeeded } = key;
  const behind = cursor.hasColon ? undefined : behindKey([...cursor.path, name], places, cursor.isFlow, inner);
  return {
    label: name,
    kind: 'key',
    detail: isNeeded ? 'needed' : defaultValue === undefined ? undefined : `default: ${JSON.stringify(defaultValue)}`,
    documentation: description,
    snippet: snippetText(name) + (behind ?? ''),
    goesOn: behind !== undefined,
  };
}

/** What a key needs before its value can be typed: a blank, or a line of its own for a block. */
function behindKey(path: Cursor['path'], places: SchemaPlaces, isFlow: boolean, inner: number): string {
  const schema = places.at(path);
  if (!schema || schema.isScalar) return ': ';
  if (isFlow) return schema.isList ? ': [$1]' : ': { $1 }';
  // Names of things, and lists of scalars, are short.
  const isOfMaps = schema.isList && places.at([...path, 0])?.keys !== undefined;
  if (schema.isList && !isOfMaps) return ': [$1]';
  return `:\n${' '.repeat(inner + 2)}${schema.isList ? '- ' : ''}`;
}
