import type { SchemaKey } from '../lab/schema-place.ts';
import { schemaAt } from '../lab/schema-place.ts';
import { includedKeys, wireKeys } from '../lab/schema.ts';
import { yamlText } from '../lab/reading/yaml-text.ts';
import { itemsOf, snippetText, type Completion, type CompletionItem, type Offer } from './completion-item.ts';
import type { Cursor } from './cursor.ts';
import type { LanguageFacts } from './facts.ts';
import { columnOf } from './loose-values.ts';
import { placeAt, type Place } from './place.ts';
import { endOffers, thingOffers } from './thing-offers.ts';
import { valueOffers } from './value-offers.ts';

/** What can be typed at an offset of a lab file. Undefined: nothing is known there, as in comments and free texts. */
export async function completionAt(
  text: string,
  offset: number,
  facts: LanguageFacts,
): Promise<Completion | undefined> {
  const place = placeAt(text, offset);
  if (!place) return undefined;
  const { cursor } = place;
  const inner = innerColumn(text, cursor);
  const items = await (cursor.part === 'key' ? keyPart(place, facts, inner) : valuePart(place, facts, inner));
  // The label of a new thing is the name that is being typed.
  return { items, span: cursor.word.span, isIncomplete: items.some(({ kind }) => kind === 'thing') };
}

async function keyPart(place: Place, facts: LanguageFacts, inner: number): Promise<readonly CompletionItem[]> {
  const { cursor, schema, tree } = place;
  const isNew = !cursor.hasColon && (schema.isNamed || tree.root?.kind !== 'map');
  const things = isNew ? itemsOf(await thingOffers(place, facts, inner), cursor, 2) : [];
  return [...keyItems(place, facts, inner), ...things];
}

async function valuePart(place: Place, facts: LanguageFacts, inner: number): Promise<readonly CompletionItem[]> {
  const { cursor, schema } = place;
  const isItem = typeof cursor.path.at(-1) === 'number';
  if (schema.isList && !isItem && cursor.mayBegin) return valuePart(firstItem(place, '- '), facts, inner + 2);
  if (schema.isList && !isItem && !schema.isScalar) return listInFlow(place, facts);
  const values = itemsOf(await valueOffers(place, facts), cursor, 1);
  const things = isItem ? itemsOf(await thingOffers(place, facts, inner), cursor, 0) : [];
  const isBlock = cursor.mayBegin || cursor.lacks === '- ';
  return [...things, ...values, ...(isBlock ? await keyPart(place, facts, inner) : [])];
}

/** A list that nobody has begun yet, as if the cursor were in its first item. */
function firstItem(place: Place, lacks: Cursor['lacks']): Place {
  const path = [...place.cursor.path, 0];
  return { ...place, cursor: { ...place.cursor, path, lacks }, schema: schemaAt(path) ?? place.schema };
}

/** Behind the key of a list: whole lists. */
async function listInFlow(place: Place, facts: LanguageFacts): Promise<readonly CompletionItem[]> {
  if (place.schema.key === wireKeys.between) return itemsOf(endOffers(place, facts), place.cursor, 1);
  const first = firstItem(place, place.cursor.lacks);
  const offers = [...(await thingOffers(first, facts, 0)), ...(await valueOffers(first, facts))];
  return itemsOf(
    offers.map(offer => ({
      ...offer,
      snippet: `[${offer.snippet ?? snippetText(yamlText(offer.value ?? offer.label))}$1]`,
    })),
    place.cursor,
    1,
  );
}

/** How far to the right of its line's indentation the cursor's word begins: behind the dash of a list. */
function innerColumn(text: string, { word, lacks }: Cursor): number {
  const column = columnOf(text, word.span.start);
  const line = text.slice(word.span.start - column, word.span.start);
  return column - (/^[ \t]*/.exec(line)?.[0].length ?? 0) + (lacks === '- ' ? 2 : 0);
}

function keyItems({ schema, cursor }: Place, { part }: LanguageFacts, inner: number): readonly CompletionItem[] {
  const isOwn = cursor.part === 'key';
  const there = new Set(isOwn ? cursor.map?.entries.filter(one => one !== cursor.own).map(({ key }) => key) : []);
  const isPartTop = part !== undefined && cursor.path.length === 0;
  const mayBe = (name: string): boolean => !there.has(name) && (!isPartTop || Object.hasOwn(includedKeys, name));
  const keys = (schema.keys ?? []).filter(({ name }) => mayBe(name));
  const ordered = [...keys.filter(({ isNeeded }) => isNeeded), ...keys.filter(({ isNeeded }) => !isNeeded)];
  return itemsOf(
    ordered.map(key => keyOffer(key, cursor, inner)),
    cursor,
    1,
  );
}

function keyOffer({ name, description, defaultValue, isNeeded }: SchemaKey, cursor: Cursor, inner: number): Offer {
  const behind = cursor.hasColon ? undefined : behindKey([...cursor.path, name], cursor.isFlow, inner);
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
function behindKey(path: Cursor['path'], isFlow: boolean, inner: number): string {
  const schema = schemaAt(path);
  if (!schema || schema.isScalar) return ': ';
  if (isFlow) return schema.isList ? ': [$1]' : ': { $1 }';
  // Names of things, and lists of scalars, are short.
  const isOfMaps = schema.isList && schemaAt([...path, 0])?.keys !== undefined;
  if (schema.isList && !isOfMaps) return ': [$1]';
  return `:\n${' '.repeat(inner + 2)}${schema.isList ? '- ' : ''}`;
}
