import type { TextSpan } from '../lab/text-span.ts';
import { labPlaces } from '../lab/lab-places.ts';
import type { SchemaPlace, SchemaPlaces } from '../lab/schema-places.ts';
import { cursorAt, type Cursor } from './cursor.ts';
import type { LanguageFacts } from './facts.ts';
import { looseFacts, type LooseFacts } from './loose-facts.ts';
import { readLoosely } from './loose-tree.ts';
import type { LooseTree } from './loose-node.ts';

/** A place of a file that its schema knows. */
export interface SchemaCursor {
  readonly cursor: Cursor;
  readonly schema: SchemaPlace;
  readonly tree: LooseTree;
  /** All that the schema knows. */
  readonly places: SchemaPlaces;
}

/** A place of a lab file, with what the file says around it. */
export interface Place extends SchemaCursor {
  readonly file: LooseFacts;
}

/** Undefined: nothing that a lab file has can stand there. */
export function placeAt(text: string, offset: number): Place | undefined {
  const place = schemaCursorAt(text, offset, labPlaces);
  return place && { ...place, file: looseFacts(place.tree) };
}

/** Undefined: nothing that the schema knows can stand there. */
export function schemaCursorAt(text: string, offset: number, places: SchemaPlaces): SchemaCursor | undefined {
  const tree = readLoosely(text);
  const cursor = cursorAt(text, tree, offset);
  const schema = cursor && places.at(cursor.path);
  return cursor && schema ? { cursor, schema, tree, places } : undefined;
}

/** Names of switches in the text, then those of the lab's other files. */
export const switchNames = ({ file }: Place, facts: LabFacts): readonly string[] =>
  namesOf(file.switches, elsewhere(facts.lab?.switches, facts));

/** Names of VMs in the text, then those of the lab's other files. */
export const vmNames = ({ file }: Place, facts: LabFacts): readonly string[] =>
  namesOf(file.vms, elsewhere(facts.lab?.vms, facts));

/** Names of templates in the text, then those of the lab's other files. */
export const templateNames = ({ file }: Place, facts: LabFacts): readonly string[] => [
  ...new Set([file, ...othersOf(facts)].flatMap(({ templates }) => templates)),
];

/** Names of images in the text, then those of the lab's other files. */
export const imageNames = ({ file }: Place, facts: LabFacts): readonly string[] => [
  ...new Set([file, ...othersOf(facts)].flatMap(({ images }) => images)),
];

/** Names of hosts in the text, then those of the lab's other files. */
export const hostNames = ({ file }: Place, facts: LabFacts): readonly string[] => [
  ...new Set([file, ...othersOf(facts)].flatMap(({ hosts }) => hosts)),
];

type LabFacts = Pick<LanguageFacts, 'lab' | 'part' | 'otherTexts'>;

/** What was read last may know names that were changed meanwhile, so of this text's own it counts for nothing. */
export const elsewhere = <Thing extends { readonly nameSpan: TextSpan }>(
  things: readonly Thing[] = [],
  { part }: Pick<LanguageFacts, 'part'>,
): readonly Thing[] => things.filter(({ nameSpan }) => nameSpan.file !== part);

const namesOf = (...things: readonly (readonly { readonly name: string }[])[]): readonly string[] => [
  ...new Set(things.flat().map(({ name }) => name)),
];

const othersOf = ({ otherTexts }: LabFacts): readonly LooseFacts[] =>
  otherTexts.map(text => looseFacts(readLoosely(text)));
