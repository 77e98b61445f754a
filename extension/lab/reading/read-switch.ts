import { formatCidr, networkOf, parseCidr } from '../networks/cidr.ts';
import type { Pxe, SlirpForward, Switch, Tap, ValueSpans } from '../model.ts';
import { knownHost } from './read-host.ts';
import { asMap, noKeys, isScalarNode, readKeys, readScalar, type Scope } from './read-keys.ts';
import { pxeKeys, slirpKeys, stpKeys, switchKeys, tapKeys } from '../schema.ts';
import * as value from '../schema-values.ts';
import type { TextSpan } from '../text-span.ts';
import { defaultUplinkNetwork } from '../uplink.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';

/** A switch before ports are given out; `vlans` are the declared ones. */
export interface DraftSwitch extends Omit<Switch, 'slirp'> {
  /** Undefined: there is no uplink. */
  readonly forward: readonly SlirpForward[] | undefined;
  readonly pxe: Pxe | undefined;
  readonly spans: ValueSpans;
}

/** VDE switches are made with 32 ports by default, of which 1 to 31 can be used. */
const defaultPorts = 31;

export function readSwitch(scope: Scope, entry: YamlEntry): DraftSwitch {
  const map = asMap(scope, entry.value, entry.key, '"network: 192.168.10.0/24"') ?? noKeys(entry.keySpan);
  const { values, nodes, spans } = readKeys(scope, map, switchKeys, ['stp', 'slirp', 'pxe', 'tap']);
  const open = nodes.slirp && readSlirp(scope, nodes.slirp, spans);
  const pxe = nodes.pxe && readPxe(scope, nodes.pxe, open === undefined, spans);
  const forward = open ?? (pxe ? [] : undefined);
  return {
    name: entry.key,
    description: values.description,
    ...knownHost(scope, values.host, spans['host']),
    network: readNetwork(scope, values.network, spans) ?? (forward ? defaultUplinkNetwork : undefined),
    vlans: values.vlans ?? [],
    ports: values.ports ?? defaultPorts,
    stp: nodes.stp && readStp(scope, nodes.stp),
    forward,
    pxe,
    tap: nodes.tap && readTap(scope, nodes.tap, spans),
    nameSpan: entry.keySpan,
    span: { ...entry.keySpan, end: Math.max(entry.keySpan.end, entry.value.span.end) },
    spans,
  };
}

function readNetwork(scope: Scope, text: string | undefined, spans: ValueSpans): string | undefined {
  const cidr = text === undefined ? undefined : parseCidr(text);
  const span = spans['network'];
  if (!cidr || !span) return undefined;
  const network = networkOf(cidr);
  if (network.value === cidr.value) return text;
  const meant = formatCidr(network);
  scope.report(
    'bad-value',
    span,
    `network takes a network, and this is an address in ${meant}. Write ${meant}.`,
    'warning',
  );
  return meant;
}

function readStp(scope: Scope, node: YamlNode): Switch['stp'] {
  if (isScalarNode(node))
    return readScalar(scope, 'stp', node, value.flag) === true ? { priority: undefined } : undefined;
  const map = asMap(scope, node, 'stp', 'true or "{ priority: 4096 }"');
  return map && { priority: readKeys(scope, map, stpKeys).values.priority };
}

function readSlirp(scope: Scope, node: YamlNode, spans: Record<string, TextSpan>): readonly SlirpForward[] | undefined {
  if (isScalarNode(node)) return readScalar(scope, 'slirp', node, value.flag) === true ? [] : undefined;
  const map = asMap(scope, node, 'slirp', 'true or "{ forward: [tcp 2222 10.0.2.15:22] }"');
  if (!map) return undefined;
  const read = readKeys(scope, map, slirpKeys);
  Object.assign(spans, read.spans);
  return read.values.forward ?? [];
}

/** Places are kept as `root` and `file` of the switch, which has no such keys itself. */
function readPxe(scope: Scope, node: YamlNode, isClosed: boolean, spans: Record<string, TextSpan>): Pxe | undefined {
  const map = asMap(scope, node, 'pxe', '"{ root: tftp, file: boot.ipxe }"');
  if (!map) return undefined;
  const { values, spans: own } = readKeys(scope, map, pxeKeys);
  Object.assign(spans, own);
  for (const key of ['root', 'file'] as const) {
    if (key in own) continue;
    scope.report('missing-key', node.span, `This pxe has no ${key}. Write "pxe: { root: tftp, file: boot.ipxe }".`);
  }
  const { root, file } = values;
  return root === undefined || file === undefined ? undefined : { root, file, isClosed };
}

/** Places are kept as `interface`, `address`, `nat` … of the switch, which has no such keys itself. */
function readTap(scope: Scope, node: YamlNode, spans: Record<string, TextSpan>): Tap | undefined {
  const map = asMap(scope, node, 'tap', '"{ interface: kvmadm0, address: 192.168.99.1/24 }"');
  if (!map) return undefined;
  const { values, spans: tapSpans } = readKeys(scope, map, tapKeys);
  Object.assign(spans, tapSpans);
  const { interface: name, address, group, nat = false, proxy, dns, bridge, lan } = values;
  if (name !== undefined) return { interface: name, address, group, nat, proxy, dns, bridge, lan };
  if (!('interface' in tapSpans)) {
    scope.report('missing-key', node.span, 'This tap has no interface. Add "interface:" with a name such as kvmadm0.');
  }
  return undefined;
}
