import type { Group, Vm } from '../model.ts';
import { asMap, noKeys, readKeys, type Scope } from './read-keys.ts';
import { groupKeys } from '../schema.ts';
import { rowNames, withRows, type RowNames } from './row-names.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';

/** `web-*` in a group stands for all VMs of the row `web`. */
export function readGroups(
  scope: Scope,
  node: YamlNode | undefined,
  vms: readonly Pick<Vm, 'name' | 'origin'>[],
): readonly Group[] {
  const entries = asMap(scope, node, 'groups', '"office:"')?.entries ?? [];
  if (entries.length === 0) return [];
  const rows = rowNames(vms);
  return entries.map(entry => readGroup(scope, entry, rows));
}

function readGroup(scope: Scope, entry: YamlEntry, rows: RowNames): Group {
  const map = asMap(scope, entry.value, entry.key, '"vms: [fw, web]"') ?? noKeys(entry.keySpan);
  const { values, spans } = readKeys(scope, map, groupKeys);
  const members = withRows('vms', values.vms ?? [], spans, rows);
  return {
    name: entry.key,
    vms: members.names,
    colour: values.colour,
    nameSpan: entry.keySpan,
    span: { ...entry.keySpan, end: Math.max(entry.keySpan.end, entry.value.span.end) },
    spans: members.spans,
  };
}
