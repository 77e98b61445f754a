import type { CompleteDefaults } from '../defaults.ts';
import { shown } from '../names.ts';
import { asMap, isEmpty, reportUnknownKey, type Scope } from './read-keys.ts';
import { readVm } from './read-vm.ts';
import { templateKeys, vmKeys } from '../schema.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlMap } from './yaml-node.ts';

/** What VMs have in common. */
export interface Template {
  readonly name: string;
  readonly nameSpan: TextSpan;
  /** Those keys of a VM that it gives a value. */
  readonly map: YamlMap;
}

/** The templates by name; each is checked, whether a VM extends it or not. */
export function readTemplates(
  scope: Scope,
  entries: readonly YamlEntry[],
  defaults: CompleteDefaults,
): ReadonlyMap<string, Template> {
  return new Map(
    entries.flatMap(entry => {
      const { key: name, keySpan: nameSpan } = entry;
      const map = asMap(scope, entry.value, `template ${shown(name)}`, '"memory: 512M" and "nics:"');
      if (!map) return [];
      const known = map.entries.filter(({ key }) => Object.hasOwn(templateKeys, key));
      for (const other of map.entries) if (!known.includes(other)) reportRefused(scope, other);
      readVm(scope, { ...entry, value: { ...map, entries: known } }, defaults);
      const given = known.filter(({ value }) => !isEmpty(value));
      return [[name, { name, nameSpan, map: { ...map, entries: given } }] as const];
    }),
  );
}

function reportRefused(scope: Scope, entry: YamlEntry): void {
  if (Object.hasOwn(vmKeys, entry.key)) scope.report('unknown-key', entry.keySpan, refusalOf(entry.key));
  else reportUnknownKey(scope, entry, Object.keys(templateKeys));
}

function refusalOf(key: string): string {
  if (key === 'extends') return 'A template cannot extend another one. Write out here what it is to have of it.';
  if (key === 'count') return 'A template makes no VMs. Write "count:" at the VM that extends it.';
  return `A template has no ${key}: each VM has one of its own. Write it there.`;
}
