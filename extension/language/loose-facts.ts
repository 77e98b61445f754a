import { parseCidr, parseIp, type Cidr } from '../lab/networks/cidr.ts';
import type { Lab } from '../lab/model.ts';
import type { LooseMap, LooseNode, LooseTree } from './loose-node.ts';

/** What a lab file says now, as far as it can be told from a text that is being written. */
export interface LooseFacts {
  readonly switches: readonly LooseSwitch[];
  readonly vms: readonly LooseVm[];
  readonly templates: readonly string[];
  readonly images: readonly string[];
  readonly hosts: readonly string[];
  readonly groups: readonly LooseGroup[];
  readonly wires: readonly (readonly string[])[];
}

export interface LooseSwitch {
  readonly name: string;
  readonly network: string | undefined;
  readonly isUplink: boolean;
  readonly tapAddress: string | undefined;
  readonly vlans: readonly string[];
}

export interface LooseVm {
  readonly name: string;
  readonly id: number | undefined;
  readonly gateway: string | undefined;
  readonly isRouter: boolean;
  readonly nics: readonly LooseNic[];
}

export interface LooseNic {
  readonly switch: string | undefined;
  readonly addresses: readonly string[];
  readonly vlans: readonly string[];
}

export interface LooseGroup {
  readonly name: string;
  readonly vms: readonly string[];
}

export function looseFacts({ root }: LooseTree): LooseFacts {
  const entries = (key: string) => (mapOf(childOf(root, key))?.entries ?? []).filter(one => one.key !== '');
  return {
    switches: entries('switches').map(({ key, value }) => switchOf(key, value)),
    vms: entries('vms').map(({ key, value }) => vmOf(key, value)),
    templates: entries('templates').map(({ key }) => key),
    images: entries('images').map(({ key }) => key),
    hosts: entries('hosts').map(({ key }) => key),
    groups: entries('groups').map(({ key, value }) => ({ name: key, vms: textsOf(childOf(value, 'vms')) })),
    wires: itemsOf(childOf(root, 'wires')).map(wire => textsOf(childOf(wire, 'between'))),
  };
}

function switchOf(name: string, value: LooseNode | undefined): LooseSwitch {
  const slirp = childOf(value, 'slirp');
  return {
    name,
    network: textOf(childOf(value, 'network')),
    isUplink: (slirp !== undefined && textOf(slirp) !== 'false') || childOf(value, 'pxe') !== undefined,
    tapAddress: textOf(childOf(childOf(value, 'tap'), 'address')),
    vlans: textsOf(childOf(value, 'vlans')),
  };
}

function vmOf(name: string, value: LooseNode | undefined): LooseVm {
  const id = Number(textOf(childOf(value, 'id')) ?? Number.NaN);
  return {
    name,
    id: Number.isInteger(id) ? id : undefined,
    gateway: textOf(childOf(value, 'gateway')),
    isRouter: textOf(childOf(value, 'forward')) === 'true',
    nics: itemsOf(childOf(value, 'nics')).map(nicOf),
  };
}

function nicOf(nic: LooseNode | undefined): LooseNic {
  const tagged = childOf(nic, 'tagged');
  const vlan = textOf(childOf(nic, 'vlan'));
  const inner = mapOf(tagged)?.entries ?? [];
  return {
    switch: textOf(childOf(nic, 'switch')),
    addresses: [...textsOf(childOf(nic, 'address')), ...inner.flatMap(({ value }) => textsOf(value))],
    vlans: [...(vlan === undefined ? [] : [vlan]), ...(mapOf(tagged) ? inner.map(({ key }) => key) : textsOf(tagged))],
  };
}

/** All addresses that somebody has, in the text or in the lab as it was read last, but for the one that is being typed. */
export function takenAddresses(facts: LooseFacts, lab: Lab | undefined, typed: string): readonly Cidr[] {
  const readNics = (lab?.vms ?? []).flatMap(vm => vm.nics);
  const texts = [
    ...facts.vms.flatMap(vm => vm.nics.flatMap(nic => nic.addresses)),
    ...readNics.flatMap(nic => [...nic.addresses, ...nic.tagged.flatMap(one => one.addresses)]),
    ...facts.switches.flatMap(({ tapAddress }) => tapAddress ?? []),
    ...facts.vms.flatMap(({ gateway }) => gateway ?? []),
  ];
  return texts.flatMap(text => (text === typed ? [] : (parseCidr(text) ?? parseIp(text) ?? [])));
}

const mapOf = (node: LooseNode | undefined): LooseMap | undefined => (node?.kind === 'map' ? node : undefined);

export const childOf = (node: LooseNode | undefined, key: string): LooseNode | undefined =>
  mapOf(node)?.entries.find(entry => entry.key === key)?.value;

export const textOf = (node: LooseNode | undefined): string | undefined =>
  node?.kind === 'scalar' && node.style !== 'block' ? node.text : undefined;

const itemsOf = (node: LooseNode | undefined): readonly (LooseNode | undefined)[] =>
  node?.kind === 'list' ? node.items.map(({ value }) => value) : [];

/** The items of a list, or the one value that stands for a list of one. */
export const textsOf = (node: LooseNode | undefined): readonly string[] =>
  (node?.kind === 'list' ? itemsOf(node) : [node]).flatMap(item => textOf(item) ?? []);
