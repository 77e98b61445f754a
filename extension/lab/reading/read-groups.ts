import type { Group, ValueSpans, Vm } from '../model.ts';
import { asMap, noKeys, readKeys, type Scope } from './read-keys.ts';
import { groupKeys } from '../schema.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';

/** `web-*` in a group stands for all VMs of the row `web`. */
export function readGroups(
  scope: Scope,
  node: YamlNode | undefined,
  vms: readonly Pick<Vm, 'name' | 'origin'>[],
): readonly Group[] {
  const entries = asMap(scope, node, 'groups', '"office:"')?.entries ?? [];
  if (entries.length === 0) return [];
  const rows = new Map<string, string[]>();
  for (const { name, origin } of vms) {
    if (!origin?.row) continue;
    const key = `${origin.row.name}-*`;
    rows.set(key, [...(rows.get(key) ?? []), name]);
  }
  return entries.map(entry => readGroup(scope, entry, rows));
}

function readGroup(scope: Scope, entry: YamlEntry, rows: ReadonlyMap<string, readonly string[]>): Group {
  const map = asMap(scope, entry.value, entry.key, '"vms: [fw, web]"') ?? noKeys(entry.keySpan);
  const { values, spans } = readKeys(scope, map, groupKeys);
  const { vms, places } = membersOf(values.vms ?? [], spans, rows);
  return {
    name: entry.key,
    vms,
    colour: values.colour,
    nameSpan: entry.keySpan,
    span: { ...entry.keySpan, end: Math.max(entry.keySpan.end, entry.value.span.end) },
    spans: places,
  };
}

function membersOf(names: readonly string[], spans: ValueSpans, rows: ReadonlyMap<string, readonly string[]>) {
  if (!names.some(name => rows.has(name))) return { vms: names, places: spans };
  const places: Record<string, TextSpan> = {};
  for (const [key, span] of Object.entries(spans)) if (!key.startsWith('vms.')) places[key] = span;
  const vms: string[] = [];
  for (const [index, name] of names.entries()) {
    for (const member of rows.get(name) ?? [name]) {
      const span = spans[`vms.${index}`];
      if (span) places[`vms.${vms.length}`] = span;
      vms.push(member);
    }
  }
  return { vms, places };
}
