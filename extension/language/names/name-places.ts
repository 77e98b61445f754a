import { nameParts, vlanParts } from '../../lab/expectations/sentence-names.ts';

/** What has a name in a lab. A VLAN's is its number, an address's the address without its prefix length. */
export type NameKind = 'vm' | 'switch' | 'group' | 'template' | 'image' | 'host' | 'vlan' | 'address';

/** What a text names: it is there that the thing gets its name, or it is only spoken of. */
export interface Naming {
  readonly kind: NameKind;
  readonly role: 'definition' | 'reference';
  /** The part of the text that is the name; all of it, if not given. */
  readonly part?: RegExp;
}

/** Where names stand in a value: in its text (that of each item, for a list), in its keys, and in what is inside. */
export interface Place {
  readonly text?: readonly Naming[];
  readonly key?: readonly Naming[];
  /** Behind every key that `keys` does not have. */
  readonly each?: Place;
  readonly keys?: Readonly<Record<string, Place>>;
  readonly items?: Place;
}

const defines = (kind: NameKind, part?: RegExp): Naming => naming(kind, 'definition', part);
const refers = (kind: NameKind, part?: RegExp): Naming => naming(kind, 'reference', part);
const naming = (kind: NameKind, role: Naming['role'], part: RegExp | undefined): Naming => ({
  kind,
  role,
  ...(part && { part }),
});

/** Before its prefix length. */
const ip = /^[^/\s]+(?=\/)/;
const ownAddress: Place = { text: [defines('address', ip)] };
const onHost: Place = { text: [refers('host')] };

const nic: Place = {
  keys: {
    switch: { text: [refers('switch')] },
    address: ownAddress,
    vlan: { text: [refers('vlan')] },
    tagged: { text: [refers('vlan')], key: [refers('vlan')], each: ownAddress },
  },
};

const vm: Place = {
  keys: {
    extends: { text: [refers('template')] },
    host: onHost,
    // Anything with a slash is a path.
    image: { text: [refers('image', /^[^/]+$/)] },
    gateway: { text: [refers('address')] },
    after: { text: [refers('vm')] },
    nics: { items: nic },
  },
};

const networkSwitch: Place = {
  keys: {
    host: onHost,
    vlans: { text: [defines('vlan')] },
    tap: { keys: { address: ownAddress } },
    slirp: { keys: { forward: { text: [refers('address', /(?<= )[^\s]+(?=:\d+$)/)] } } },
  },
};

const wire: Place = {
  keys: {
    // A URL leads outside.
    between: { text: [refers('switch', /^[^/]+$/)] },
    vlan: { text: [refers('vlan')] },
    tagged: { text: [refers('vlan')] },
  },
};

/** `fw` is a VM, `lan/uplink` what a switch brings along. */
const pins: Place = { key: [refers('vm', /^[^/]+$/), refers('switch', /^[^/]+(?=\/)/)] };

/** `web/1` is the wire of a NIC; wires between switches have no names of their own. */
const nicWire: Place = { text: [refers('vm', /^[^/]+(?=\/\d+$)/)] };
const step: Place = {
  keys: { wire: nicWire, flap: nicWire, pause: { text: [refers('vm')] }, kill: { text: [refers('switch')] } },
};

/** What a name in a sentence names is what there is of that name, VMs first. */
const sentence: Place = {
  text: [
    ...Object.values(nameParts).flatMap(part => [refers('vm', part), refers('group', part), refers('switch', part)]),
    refers('address', nameParts.object),
    ...vlanParts.map(part => refers('vlan', part)),
  ],
};
const check: Place = { ...sentence, keys: { check: sentence, on: { text: [refers('vm')] } } };

/** All of them, from the top of a lab file. Keys as in lab/schema.ts. */
export const labPlaces: Place = {
  keys: {
    defaults: { keys: { host: onHost } },
    switches: { key: [defines('switch')], each: networkSwitch },
    vms: { key: [defines('vm')], each: vm },
    templates: { key: [defines('template')], each: vm },
    images: { key: [defines('image')] },
    hosts: { key: [defines('host')] },
    groups: { key: [defines('group')], each: { keys: { vms: { text: [refers('vm')] } } } },
    wires: { items: wire },
    scenarios: { each: { items: step } },
    checks: { each: check },
    picture: { keys: { pins } },
  },
};
