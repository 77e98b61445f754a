import { macOf } from '../networks/addressing.ts';
import type { CompleteDefaults } from '../defaults.ts';
import { defaultFormat } from '../images.ts';
import type { Disk, Nic, TaggedVlan, Vm, VmOrigin } from '../model.ts';
import { hostOfVm } from './read-host.ts';
import { readCloudInit, type DraftCloudInit } from './read-image.ts';
import { readInstall } from './read-install.ts';
import { readReady } from './read-ready.ts';
import { readShell } from './read-shell.ts';
import { readWireOf } from './read-faults.ts';
import { asItems, asMap, isEmpty, noKeys, readItems, readKeys, readScalar, type Scope } from './read-keys.ts';
import { diskKeys, nicKeys, vmKeys } from '../schema.ts';
import * as value from '../schema-values.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';

/** A NIC before ports are given out. */
export interface DraftNic extends Nic {
  readonly fixedPort: number | undefined;
}

/** A VM before its image has been looked up among those of the lab. */
export interface DraftVm extends Omit<Vm, 'image' | 'cloudInit'> {
  readonly image: string | undefined;
  readonly cloudInit: DraftCloudInit | undefined;
  readonly nics: readonly DraftNic[];
}

/** `origin`: where the entry has its name and values from, if it was written out from a template or a row. */
export function readVm(scope: Scope, entry: YamlEntry, defaults: CompleteDefaults, origin?: VmOrigin): DraftVm {
  const map = asMap(scope, entry.value, entry.key, '"id: 31" and "nics:"') ?? noKeys(entry.keySpan);
  const { values, nodes, spans } = readKeys(scope, map, vmKeys, [
    'disks',
    'nics',
    'cloud-init',
    'ready',
    'shell',
    'install',
  ]);
  const nicItems = asItems(scope, nodes.nics, 'nics', '"- { switch: lan }"');
  const isTinyGuest = values.guest === 'tiny';
  const shell = shellOf(scope, nodes.shell, isTinyGuest, spans);
  const ready = readReady(scope, nodes.ready, { name: entry.key, isTinyGuest }, spans);
  const install = readInstall(scope, nodes.install, spans);
  const card = { id: values.id, prefix: defaults.macPrefix, model: defaults.model };
  return {
    name: entry.key,
    id: values.id,
    description: values.description,
    memory: values.memory ?? defaults.memory,
    cpus: values.cpus ?? defaults.cpus,
    accel: values.accel ?? defaults.accel,
    image: values.image,
    disks: readDisks(scope, nodes.disks, spans),
    cdrom: values.cdrom,
    ...(values.sticks ? { sticks: values.sticks } : {}),
    kernel: values.kernel,
    initrd: values.initrd,
    append: values.append,
    isTinyGuest,
    cloudInit: readCloudInit(scope, nodes['cloud-init']),
    gateway: values.gateway,
    forward: values.forward ?? false,
    boot: values.boot ?? [],
    vnc: values.vnc ?? defaults.vnc,
    extra: values.extra ?? [],
    nics: nicItems.map((item, index) => readNic(scope, item, index + 1, card)),
    ...shell,
    ...hostOfVm(scope, values.host, spans['host']),
    ...(install ? { install } : {}),
    ...(ready ? { ready } : {}),
    ...(values.after?.length ? { after: values.after } : {}),
    nameSpan: entry.keySpan,
    span: { ...entry.keySpan, end: Math.max(entry.keySpan.end, entry.value.span.end) },
    spans,
    ...(origin ? { origin } : {}),
  };
}

/** The tiny guest needs no words of the defaults. */
function shellOf(
  scope: Scope,
  node: YamlNode | undefined,
  isTinyGuest: boolean,
  spans: Record<string, TextSpan>,
): Pick<DraftVm, 'shell'> {
  const shell = readShell(scope, node, spans) ?? (isTinyGuest ? undefined : scope.shell);
  return shell ? { shell } : {};
}

interface NicOrigin {
  readonly id: number | undefined;
  readonly prefix: string;
  readonly model: Nic['model'];
}

/** Without a switch it still counts, for the numbers of the NICs behind it. */
function readNic(scope: Scope, item: YamlNode, number: number, origin: NicOrigin): DraftNic {
  const map = asMap(scope, item, `NIC ${number}`, '"switch: lan"') ?? noKeys(item.span);
  const { values, nodes, spans } = readKeys(scope, map, nicKeys, ['tagged', 'wire']);
  if (values.switch === undefined && !('switch' in spans)) {
    scope.report('missing-key', item.span, `NIC ${number} has no switch. Add "switch:" with the name of one.`);
  }
  const madeMac = origin.id === undefined || number > 255 ? undefined : macOf(origin.prefix, origin.id, number);
  const faults = readWireOf(scope, nodes.wire, spans);
  return {
    number,
    switch: values.switch ?? '',
    port: undefined,
    fixedPort: values.port,
    mac: values.mac ?? madeMac,
    model: values.model ?? origin.model,
    addresses: values.address ?? [],
    vlan: values.vlan,
    tagged: nodes.tagged ? readTagged(scope, nodes.tagged, spans) : [],
    ...(faults ? { faults } : {}),
    span: item.span,
    spans,
  };
}

/** `[10, 20]`, `10`, or `{ 10: 10.0.10.1/24, 20: }`. The place of VLAN 10 is kept as `tagged.10`. */
function readTagged(scope: Scope, node: YamlNode, spans: Record<string, TextSpan>): readonly TaggedVlan[] {
  const found = node.kind === 'map' ? taggedOfMap(scope, node, spans) : taggedOfList(scope, node);
  const byVlan = new Map<number, TaggedVlan>();
  for (const { tagged, span } of found) {
    if (byVlan.has(tagged.vlan)) {
      scope.report('vlan-and-tag', span, `VLAN ${tagged.vlan} is there twice. Remove one.`, 'warning');
      continue;
    }
    spans[`tagged.${tagged.vlan}`] = span;
    byVlan.set(tagged.vlan, tagged);
  }
  return [...byVlan.values()];
}

interface TaggedFound {
  readonly tagged: TaggedVlan;
  readonly span: TextSpan;
}

function taggedOfList(scope: Scope, node: YamlNode): readonly TaggedFound[] {
  return (node.kind === 'list' ? node.items : [node]).flatMap(item => {
    const vlan = isEmpty(item) ? undefined : readScalar(scope, 'tagged', item, value.vlan);
    return vlan === undefined ? [] : [{ tagged: { vlan, addresses: [] }, span: item.span }];
  });
}

function taggedOfMap(scope: Scope, map: YamlMap, spans: Record<string, TextSpan>): readonly TaggedFound[] {
  return map.entries.flatMap(({ key, keySpan, value: addresses }) => {
    const name: YamlNode = { kind: 'scalar', value: /^\d+$/.test(key) ? Number(key) : key, text: key, span: keySpan };
    const vlan = readScalar(scope, 'tagged', name, value.vlan);
    if (vlan === undefined) return [];
    const list = isEmpty(addresses) ? [] : readItems(scope, `tagged.${vlan}`, addresses, value.address, spans);
    return [{ tagged: { vlan, addresses: list }, span: keySpan }];
  });
}

function readDisks(scope: Scope, node: YamlNode | undefined, spans: Record<string, TextSpan>): readonly Disk[] {
  if (!node) return [];
  const disks: Disk[] = [];
  for (const item of node.kind === 'list' ? node.items : [node]) {
    const disk = isEmpty(item) ? undefined : readDisk(scope, item);
    if (!disk) continue;
    spans[`disks.${disks.length}`] = disk.span;
    disks.push(disk.disk);
  }
  return disks;
}

function readDisk(scope: Scope, item: YamlNode): { readonly disk: Disk; readonly span: TextSpan } | undefined {
  if (item.kind !== 'map') {
    const file = readScalar(scope, 'disks', item, value.path);
    return file === undefined
      ? undefined
      : { disk: { file, format: defaultFormat(file), size: undefined }, span: item.span };
  }
  const { values, spans } = readKeys(scope, item, diskKeys);
  const { file, size, format } = values;
  if (file !== undefined)
    return { disk: { file, size, format: format ?? defaultFormat(file) }, span: spans['file'] ?? item.span };
  if (!('file' in spans))
    scope.report('missing-key', item.span, 'This disk has no file. Add "file:" with the path of its image.');
  return undefined;
}
