/** What has a name in a lab. A VLAN's is its number, an address's the address without its prefix length. */
export type NameKind = 'vm' | 'switch' | 'group' | 'template' | 'image' | 'vlan' | 'address';

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
    // Anything with a slash is a path.
    image: { text: [refers('image', /^[^/]+$/)] },
    gateway: { text: [refers('address')] },
    nics: { items: nic },
  },
};

const networkSwitch: Place = {
  keys: {
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

/** All of them, from the top of a lab file. Keys as in lab/schema.ts. */
export const labPlaces: Place = {
  keys: {
    switches: { key: [defines('switch')], each: networkSwitch },
    vms: { key: [defines('vm')], each: vm },
    templates: { key: [defines('template')], each: vm },
    images: { key: [defines('image')] },
    groups: { key: [defines('group')], each: { keys: { vms: { text: [refers('vm')] } } } },
    wires: { items: wire },
    scenarios: { each: { items: step } },
    picture: { keys: { pins } },
  },
};
