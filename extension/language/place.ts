import type { Lab } from '../lab/model.ts';
import type { TextSpan } from '../lab/text-span.ts';
import { schemaAt, type SchemaPlace } from '../lab/schema-place.ts';
import { cursorAt, type Cursor } from './cursor.ts';
import { looseFacts, type LooseFacts } from './loose-facts.ts';
import { readLoosely } from './loose-tree.ts';
import type { LooseTree } from './loose-node.ts';

/** A place of a lab file that the schema knows, with what the file says around it. */
export interface Place {
  readonly cursor: Cursor;
  readonly schema: SchemaPlace;
  readonly tree: LooseTree;
  readonly file: LooseFacts;
}

/** Undefined: nothing that a lab file has can stand there. */
export function placeAt(text: string, offset: number): Place | undefined {
  const tree = readLoosely(text);
  const cursor = cursorAt(text, tree, offset);
  const schema = cursor && schemaAt(cursor.path);
  return cursor && schema ? { cursor, schema, tree, file: looseFacts(tree) } : undefined;
}

/** Names of switches in the text, then those of included files. */
export const switchNames = ({ file }: Place, lab: Lab | undefined): readonly string[] =>
  namesOf(file.switches, lab?.switches);

/** Names of VMs in the text, then those of included files. */
export const vmNames = ({ file }: Place, lab: Lab | undefined): readonly string[] => namesOf(file.vms, lab?.vms);

/** What was read last may know names that were changed meanwhile, so of this text's own it counts for nothing. */
function namesOf(
  inText: readonly { readonly name: string }[],
  read: readonly { readonly name: string; readonly nameSpan: TextSpan }[] = [],
): readonly string[] {
  const others = read.filter(({ nameSpan }) => nameSpan.file !== undefined);
  return [...new Set([...inText, ...others].map(({ name }) => name))];
}
