import { installKeys, installSchema, type variableKeys } from '../../dialogue/install-schema.ts';
import { SchemaPlaces } from '../../lab/schema-places.ts';
import type { LooseEntry, LooseNode, LooseTree } from '../loose-node.ts';
import { childOf, textOf } from '../loose-facts.ts';

/** What the schema says of the places of an install script. */
export const installPlaces = new SchemaPlaces(installSchema, [installKeys.steps]);

/** A variable of a script that may be half typed. */
export interface LooseVariable {
  readonly name: string;
  readonly entry: LooseEntry;
  readonly description: string | undefined;
  /** Its default, as it is written. */
  readonly value: string | undefined;
  readonly isSecret: boolean;
}

/** Those of `vars` at the top, in file order. */
export function looseVariables({ root }: LooseTree): readonly LooseVariable[] {
  const vars = childOf(root, 'vars');
  return vars?.kind === 'map' ? vars.entries.map(variableOf) : [];
}

function variableOf(entry: LooseEntry): LooseVariable {
  const { key: name, value } = entry;
  const part = (key: keyof typeof variableKeys): string | undefined => textOf(childOf(value, key));
  return {
    ...{ name, entry, description: part('description') },
    value: textOf(value) ?? part('default'),
    isSecret: part('secret') === 'true',
  };
}

/** Names that steps give to what came or was set: `(?<name>…)` of what they expect, and the keys of `set`. */
export function namesOfSteps(node: LooseNode | undefined): readonly string[] {
  if (node?.kind === 'list') return node.items.flatMap(({ value }) => namesOfSteps(value));
  if (node?.kind !== 'map') return [];
  return node.entries.flatMap(({ key, value }) => {
    if (key === 'set') return value?.kind === 'map' ? value.entries.map(entry => entry.key) : [];
    if (value?.kind !== 'scalar') return namesOfSteps(value);
    return [...value.text.matchAll(/\(\?<(\w+)>/g)].flatMap(([, name]) => name ?? []);
  });
}
