import { highestId } from '../networks/addressing.ts';
import { contains, formatCidr, formatIp, isNetworkOrBroadcast, networkOf, parseCidr } from '../networks/cidr.ts';
import type { Scope } from './read-keys.ts';
import * as value from '../schema-values.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';

/** How many VMs of a row get an ID: those that would have one above the highest are reported, and not made. */
export function fittingCount({ report }: Scope, row: YamlMap, count: number): number {
  const node = row.entries.find(({ key }) => key === 'id')?.value;
  const first = node && idOf(node);
  const last = (first ?? 1) + count - 1;
  if (!node || first === undefined || last <= highestId) return count;
  const message = `The IDs of this row would go from ${first} to ${last}, and ${highestId} is the highest. Begin lower or count fewer.`;
  report('id-range', node.span, message);
  return highestId - first + 1;
}

/**
 * The entry of one VM of a row: its ID and the addresses of its NICs are so many above the ones that are written there.
 * An address that would leave its network is reported and left out.
 */
export function countedUp(scope: Scope, row: YamlMap, by: number): YamlMap {
  return mapEntries(row, ({ key, value: node }) => {
    if (key === 'id') return idAbove(node, by);
    return key === 'nics' && node.kind === 'list' ? mapItems(node, nic => nicAbove(scope, nic, by)) : node;
  });
}

function idOf(node: YamlNode): number | undefined {
  const read = value.id.safeParse(node.kind === 'scalar' ? node.value : undefined);
  return read.success ? read.data : undefined;
}

function idAbove(node: YamlNode, by: number): YamlNode {
  const first = idOf(node);
  return first === undefined ? node : scalarOf(first + by, node);
}

function nicAbove(scope: Scope, nic: YamlNode, by: number): YamlNode {
  if (nic.kind !== 'map') return nic;
  return mapEntries(nic, ({ key, value: node }) => {
    if (key === 'address') return addressesAbove(scope, node, by);
    const isMap = key === 'tagged' && node.kind === 'map';
    return isMap ? mapEntries(node, vlan => addressesAbove(scope, vlan.value, by)) : node;
  });
}

const addressesAbove = (scope: Scope, node: YamlNode, by: number): YamlNode | undefined =>
  node.kind === 'list' ? mapItems(node, item => addressAbove(scope, item, by)) : addressAbove(scope, node, by);

/** Undefined: it would leave its network. What is no address at all (`dhcp`) is the same for all. */
function addressAbove({ report }: Scope, node: YamlNode, by: number): YamlNode | undefined {
  const first = node.kind === 'scalar' && typeof node.value === 'string' ? parseCidr(node.value) : undefined;
  if (!first || by === 0) return node;
  const network = networkOf(first);
  const address = { ...first, value: first.value + BigInt(by) };
  if (contains(network, address) && !isNetworkOrBroadcast(network, address)) return scalarOf(formatCidr(address), node);
  report(
    'address-outside',
    node.span,
    `Counted up from ${formatIp(first)}, the addresses of this row leave ${formatCidr(network)}. Begin lower or count fewer.`,
  );
  return undefined;
}

const scalarOf = (content: string | number, { span }: YamlNode): YamlScalar => ({
  kind: 'scalar',
  value: content,
  text: String(content),
  span,
});

/** Entries without a value are left out. */
function mapEntries(map: YamlMap, change: (entry: YamlEntry) => YamlNode | undefined): YamlMap {
  const entries = map.entries.flatMap(entry => {
    const changed = change(entry);
    return changed ? [{ ...entry, value: changed }] : [];
  });
  return { ...map, entries };
}

function mapItems(
  list: Extract<YamlNode, { kind: 'list' }>,
  change: (item: YamlNode) => YamlNode | undefined,
): YamlNode {
  return { ...list, items: list.items.flatMap(item => change(item) ?? []) };
}
