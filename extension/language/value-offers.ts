import { freeId, nextId } from '../lab/free-id.ts';
import {
  checkKeys,
  defaultsKeys,
  diskKeys,
  groupKeys,
  imageKeys,
  labKeys,
  nicKeys,
  readyKeys,
  shellKeys,
  scenarioStepKeys,
  slirpKeys,
  switchKeys,
  tapKeys,
  templateKeys,
  vmKeys,
  wireFaultKeys,
  wireKeys,
} from '../lab/schema.ts';
import { builtInPresets } from '../lab/wire-presets.ts';
import { addressOffers, gatewayOffers, networkOffers, tapAddressOffers } from './address-offers.ts';
import type { Offer } from './completion-item.ts';
import type { LanguageFacts, NeededKind } from './facts.ts';
import { sentenceOffers } from './check-offers.ts';
import { childOf, textOf, textsOf } from './loose-facts.ts';
import { hostNames, imageNames, switchNames, templateNames, vmNames, type Place } from './place.ts';
import { extraOffers, modelOffers } from './qemu-offers.ts';

type Source = (place: Place, facts: LanguageFacts) => readonly Offer[] | Promise<readonly Offer[]>;

/** What can stand at a place as a value, best first. Places are told apart by the key that the schema has for them. */
export async function valueOffers(place: Place, facts: LanguageFacts): Promise<readonly Offer[]> {
  const source = sources.get(place.schema.key);
  if (source) return source(place, facts);
  return place.schema.words.map(label => ({ label }));
}

const references = (names: readonly string[], detail: (name: string) => string | undefined): readonly Offer[] =>
  names.map(label => ({ label, kind: 'reference', detail: detail(label) }));

function switchOffers(place: Place, facts: LanguageFacts): readonly Offer[] {
  const { cursor, file } = place;
  const taken = new Set(textsOf(childOf(cursor.map, 'between')).filter(name => name !== cursor.word.text));
  const names = switchNames(place, facts).filter(name => !taken.has(name));
  return references(names, name => {
    const network = file.switches.find(one => one.name === name)?.network;
    return network ?? facts.lab?.switches.find(one => one.name === name)?.network;
  });
}

/** A VM is in at most one group, so those that are in none come first. */
function memberOffers(place: Place, facts: LanguageFacts): readonly Offer[] {
  const { file, cursor } = place;
  const groupOf = new Map(file.groups.flatMap(({ name, vms }) => vms.map(vm => [vm, name] as const)));
  const own = new Set(textsOf(childOf(cursor.map, 'vms')).filter(name => name !== cursor.word.text));
  const names = vmNames(place, facts).filter(name => !own.has(name));
  const inOther = (name: string): boolean => groupOf.has(name) && name !== cursor.word.text;
  const offers = references(names, name => (inOther(name) ? `in group ${groupOf.get(name)}` : undefined));
  return [...offers.filter(({ label }) => !inOther(label)), ...offers.filter(({ label }) => inOther(label))];
}

/** VMs that this one may come after. */
function beforeOffers(place: Place, facts: LanguageFacts): readonly Offer[] {
  const { cursor } = place;
  const taken = new Set([String(cursor.path[1]), ...textsOf(childOf(cursor.map, 'after'))]);
  const isFree = (name: string): boolean => name === cursor.word.text || !taken.has(name);
  return references(vmNames(place, facts).filter(isFree), () => undefined);
}

const portOffers: readonly Offer[] = [
  { label: 'tcp/22', detail: 'SSH' },
  { label: 'tcp/80', detail: 'web server' },
];

const shellPromptOffers: readonly Offer[] = [
  { label: '"> "', detail: 'a router, for example' },
  { label: '"# "', detail: 'root of a Unix shell' },
];

const readyOffers: readonly Offer[] = [
  { label: 'agent', detail: 'the QEMU guest agent answers' },
  ...portOffers,
  { label: '"login:"', detail: 'the serial console has printed it' },
];

/** The number behind the highest one of this lab, and the lowest one that is free. */
function idOffers(place: Place, facts: LanguageFacts): readonly Offer[] {
  return freeIds(place, facts).map(({ id, detail }) => ({
    label: String(id),
    value: String(id),
    snippet: String(id),
    kind: 'number',
    detail,
  }));
}

/** Next to those of this lab first. */
export function freeIds(
  { file, cursor }: Pick<Place, 'file' | 'cursor'>,
  { usedIds }: LanguageFacts,
): readonly { readonly id: number; readonly detail: string }[] {
  const own = file.vms.flatMap(({ id }) => (id === undefined || String(id) === cursor.word.text ? [] : [id]));
  const next = nextId(own, usedIds);
  const lowest = freeId([...usedIds, ...own]);
  return [
    ...(own.length > 0 && next !== undefined ? [{ id: next, detail: 'the next of this lab' }] : []),
    ...(lowest === undefined || (own.length > 0 && lowest === next) ? [] : [{ id: lowest, detail: 'the lowest free' }]),
  ];
}

function vlanOffers({ file, cursor }: Place): readonly Offer[] {
  const name = textOf(childOf(cursor.map, 'switch'));
  const own = file.switches.find(one => one.name === name)?.vlans ?? [];
  const nics = file.vms.flatMap(vm => vm.nics);
  const there = nics.filter(nic => nic.switch === name).flatMap(nic => nic.vlans);
  const all = [...own, ...there, ...file.switches.flatMap(one => one.vlans), ...nics.flatMap(nic => nic.vlans)];
  const here = new Set([...own, ...there]);
  return [...new Set(all)]
    .filter(vlan => /^\d+$/.test(vlan) && vlan !== cursor.word.text)
    .map(label => numberOffer(label, here.has(label) && name !== undefined ? `on ${name}` : undefined));
}

/** Keys of `tagged: { 10: … }` are VLANs, their values addresses. */
const taggedOffers: Source = (place, facts) =>
  place.cursor.path.slice(place.cursor.path.indexOf('tagged') + 1).some(step => typeof step === 'string')
    ? addressOffers(place, facts)
    : vlanOffers(place);

const numberOffer = (label: string, detail?: string): Offer => ({ label, snippet: label, kind: 'number', detail });

const numbers =
  (...labels: readonly string[]): Source =>
  () =>
    labels.map(label => numberOffer(label));

const filesOf =
  (kind: NeededKind): Source =>
  async (_place, { files }) =>
    (await files(kind)).map(label => ({ label, kind: 'file' }));

const templateOffers: Source = (place, facts) => references(templateNames(place, facts), () => undefined);

const hostOffers: Source = (place, facts) => references(hostNames(place, facts), () => undefined);

/** Names first, as they come with a checksum. */
const imageOffers: Source = async (place, facts) => [
  ...references(imageNames(place, facts), () => 'of this lab'),
  ...(await filesOf('disk')(place, facts)),
];

const forwardOffers: Source = () => [
  { label: 'tcp 2222 10.0.2.15:22', detail: 'SSH of the first VM, on port 2222 of this host' },
  { label: 'tcp 8080 10.0.2.15:80', detail: 'its web server, on port 8080 of this host' },
];

const colourOffers: Source = () =>
  ['#F5C26B', '#8FB8DE', '#A8DADC', '#E07A5F', '#B7C9A8', '#E9C46A'].map(label => ({ label }));

const presetOffers: Source = () =>
  Object.keys(builtInPresets).map(label => ({ label, detail: 'a wire that people know' }));

/** Wires between switches, as the lab that was read last names them, then those of NICs. */
function stepWireOffers({ file }: Place, { lab }: LanguageFacts): readonly Offer[] {
  const between = lab?.wires.map(({ name }) => name) ?? file.wires.map(ends => ends.join('-'));
  const nics = file.vms.flatMap(({ name, nics: list }) =>
    list.map(({ switch: to }, at) => ({ label: `${name}/${at + 1}`, to })),
  );
  return [
    ...references(between, () => 'wire'),
    ...nics.map(({ label, to }): Offer => ({ label, kind: 'reference', detail: to })),
  ];
}

const memory = numbers('128M', '256M', '512M', '1G', '2G', '4G');
const cpus = numbers('1', '2', '4');

const sources: ReadonlyMap<unknown, Source> = new Map<unknown, Source>([
  [nicKeys.switch, switchOffers],
  [wireKeys.between, switchOffers],
  [groupKeys.vms, memberOffers],
  [templateKeys.after, beforeOffers],
  [templateKeys.host, hostOffers],
  [templateKeys.ready, () => readyOffers],
  [readyKeys.port, () => portOffers],
  [shellKeys.prompt, () => shellPromptOffers],
  [shellKeys.command, () => [{ label: '"{}"', detail: 'the command as it is' }]],
  [readyKeys.within, numbers('60s', '3m', '10m')],
  [groupKeys.colour, colourOffers],
  [vmKeys.id, idOffers],
  [vmKeys.memory, memory],
  [defaultsKeys.memory, memory],
  [vmKeys.cpus, cpus],
  [defaultsKeys.cpus, cpus],
  [vmKeys.extends, templateOffers],
  [vmKeys.gateway, gatewayOffers],
  [vmKeys.image, imageOffers],
  [imageKeys.file, filesOf('disk')],
  [vmKeys.disks, filesOf('disk')],
  [diskKeys.file, filesOf('disk')],
  [diskKeys.size, numbers('4G', '8G', '20G')],
  [vmKeys.cdrom, filesOf('cdrom')],
  [vmKeys.sticks, filesOf('stick')],
  [vmKeys.kernel, filesOf('kernel')],
  [vmKeys.initrd, filesOf('initrd')],
  [vmKeys.append, () => [{ label: 'console=ttyS0', detail: 'the kernel talks on the serial console' }]],
  [vmKeys.extra, extraOffers],
  [nicKeys.address, addressOffers],
  [nicKeys.vlan, vlanOffers],
  [nicKeys.tagged, taggedOffers],
  [nicKeys.model, modelOffers],
  [defaultsKeys.model, modelOffers],
  [wireFaultKeys.preset, presetOffers],
  [nicKeys.wire, presetOffers],
  [scenarioStepKeys.wire, stepWireOffers],
  [scenarioStepKeys.flap, stepWireOffers],
  [scenarioStepKeys.pause, (place, facts) => references(vmNames(place, facts), () => undefined)],
  [scenarioStepKeys.kill, switchOffers],
  [wireKeys.vlan, vlanOffers],
  [wireKeys.tagged, vlanOffers],
  [switchKeys.vlans, vlanOffers],
  [switchKeys.network, networkOffers],
  [slirpKeys.forward, forwardOffers],
  [tapKeys.address, tapAddressOffers],
  [labKeys.include, filesOf('include')],
  [labKeys.checks, sentenceOffers],
  [checkKeys.check, sentenceOffers],
  [checkKeys.on, (place, facts) => references(vmNames(place, facts), () => undefined)],
]);
