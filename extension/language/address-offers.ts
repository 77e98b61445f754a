import { lowestFree, lowestNetwork } from '../lab/networks/free-address.ts';
import { contains, formatCidr, formatIp, networkOf, parseCidr, type Cidr } from '../lab/networks/cidr.ts';
import { drawNetworks, type NetworkWish } from '../lab/networks/private-networks.ts';
import { UserError } from '../base/user-error.ts';
import type { Offer } from './completion-item.ts';
import type { LanguageFacts } from './facts.ts';
import { childOf, takenAddresses, textOf, type LooseSwitch, type LooseVm } from './loose-facts.ts';
import { elsewhere, type Place } from './place.ts';

type Lookup = Pick<Place, 'file' | 'cursor'>;

/** The lowest free address in the network of the NIC's switch, and `dhcp`; of all networks while there is no switch. */
export function addressOffers(place: Lookup, facts: LanguageFacts): readonly Offer[] {
  const name = textOf(childOf(place.cursor.map, 'switch'));
  const switches = switchesOf(place, facts).filter(one => name === undefined || one.name === name);
  const free = switches.flatMap((one): readonly Offer[] => {
    const label = freeAddressOn(place, facts, one);
    return label === undefined ? [] : [{ label, kind: 'number', detail: `the next free one of ${one.name}` }];
  });
  const dhcp: Offer = { label: 'dhcp', detail: 'from the uplink, or a DHCP server of the lab' };
  const [only] = switches;
  return switches.length === 1 && only?.isUplink === true ? [dhcp, ...free] : [...free, dhcp];
}

/** Of the switch's own network, else of the one that its VMs are in. */
export function freeAddressOn({ file, cursor }: Lookup, { lab }: LanguageFacts, one: LooseSwitch): string | undefined {
  const nics = file.vms.flatMap(vm => vm.nics.filter(nic => nic.switch === one.name));
  const [network] = [
    ...((one.network ?? []).length === 0 ? [] : [one.network]),
    ...nics.flatMap(nic => nic.addresses),
  ].flatMap(text => parseCidr(text ?? '') ?? []);
  if (!network) return undefined;
  const inNetwork = takenAddresses(file, lab, cursor.word.text).filter(address => contains(network, address));
  const uplink = one.isUplink ? [2n, 3n].map(host => networkOf(network).value + host) : [];
  return lowestFree(network, new Set([...inNetwork.map(({ value }) => value), ...uplink]));
}

/** Switches of the text, then those of the lab's other files. */
export function switchesOf({ file }: Lookup, facts: LanguageFacts): readonly LooseSwitch[] {
  return [
    ...file.switches,
    ...elsewhere(facts.lab?.switches, facts).map(({ name, network, slirp, tap, vlans }) => ({
      name,
      network,
      isUplink: slirp !== undefined,
      tapAddress: tap?.address,
      vlans: vlans.map(String),
    })),
  ];
}

/** Routers that are neighbours of the VM: those that forward, hosts on a tap, uplinks. */
export function gatewayOffers(place: Lookup, facts: LanguageFacts): readonly Offer[] {
  const own = place.file.vms.find(({ name }) => name === place.cursor.path[1]);
  const switches = switchesOf(place, facts);
  const networks = (own?.nics ?? []).flatMap(nic => {
    const network = parseCidr(switches.find(one => one.name === nic.switch)?.network ?? '');
    return [...(network ? [network] : []), ...nic.addresses.flatMap(address => parseCidr(address) ?? [])];
  });
  return routersOf(place.file.vms, switches)
    .filter(({ name, address }) => name !== own?.name && networks.some(network => contains(network, address)))
    .map(({ name, address }) => ({ label: formatIp(address), kind: 'number', detail: name }));
}

function routersOf(vms: readonly LooseVm[], switches: readonly LooseSwitch[]) {
  const named = (name: string, texts: readonly (string | undefined)[]) =>
    texts.flatMap(text => {
      const address = parseCidr(text ?? '');
      return address ? [{ name, address }] : [];
    });
  return [
    ...vms
      .filter(vm => vm.isRouter)
      .flatMap(vm =>
        named(
          vm.name,
          vm.nics.flatMap(nic => nic.addresses),
        ),
      ),
    ...switches.flatMap(one => named(`this host, on ${one.name}`, [one.tapAddress])),
    ...switches
      .filter(one => one.isUplink)
      .flatMap(one => named(`the uplink of ${one.name}`, [one.network ?? '10.0.2.0/24']))
      .map(({ name, address }) => ({ name, address: { ...address, value: networkOf(address).value + 2n } })),
  ];
}

export function tapAddressOffers(place: Lookup, facts: LanguageFacts): readonly Offer[] {
  const own = place.file.switches.find(({ name }) => name === place.cursor.path[1]);
  const label = own && freeAddressOn(place, facts, own);
  return label === undefined ? [] : [{ label, kind: 'number', detail: 'the next free one of this switch' }];
}

/** Networks that neither the labs of the workspace nor this host use: the lowest simple one, then random ones (getnet). */
export async function networkOffers({ file, cursor }: Lookup, facts: LanguageFacts): Promise<readonly Offer[]> {
  const own = file.switches.flatMap(({ network }) =>
    network === cursor.word.text ? [] : (parseCidr(network ?? '') ?? []),
  );
  const elsewhere = (await facts.takenNetworks()).filter(one => formatCidr(one) !== cursor.word.text);
  const taken = [...own, ...elsewhere];
  const isUplink = file.switches.find(({ name }) => name === cursor.path[1])?.isUplink === true;
  const offer = (label: string, detail: string): Offer => ({ label, kind: 'number', detail });
  const simple = lowestNetwork(taken);
  const drawn = [wish(4, 24, 3), wish(4, 16, 1), wish(6, 64, 1)].flatMap(one => draw(one, taken, facts));
  return [
    ...(isUplink ? [offer('10.0.2.0/24', 'what an uplink has by itself')] : []),
    ...(simple === undefined ? [] : [offer(simple, 'the next free one')]),
    ...drawn.map(network =>
      offer(formatCidr(network), network.family === 6 ? 'a random free site (RFC 4193)' : 'a random free one'),
    ),
  ];
}

const wish = (family: 4 | 6, prefix: number, count: number): NetworkWish => ({ family, prefix, count });

function draw(one: NetworkWish, taken: readonly Cidr[], { random }: LanguageFacts): readonly Cidr[] {
  try {
    return drawNetworks(one, taken, random).networks;
  } catch (error) {
    // Where so many are not free, none are offered.
    if (error instanceof UserError) return [];
    throw error;
  }
}
