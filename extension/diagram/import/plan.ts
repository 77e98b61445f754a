import type { Diagram, DiagramLink, DiagramNetwork, DiagramNode } from '../diagram.ts';
import { Losses } from '../language/losses.ts';
import { isForUplink, readNetwork, readNicAddress, type NicAddress } from './addresses.ts';
import { SafeNames } from './names.ts';

/** What a lab file made of a diagram says; every name is safe and there once. */
export interface ImportPlan {
  readonly title: string | undefined;
  readonly switches: readonly PlannedSwitch[];
  readonly vms: readonly PlannedVm[];
  readonly groups: readonly PlannedGroup[];
  readonly wires: readonly (readonly [string, string])[];
  /** What is not in it. */
  readonly losses: Losses;
}

export interface PlannedSwitch {
  readonly name: string;
  readonly source: DiagramNetwork;
  readonly description: string | undefined;
  readonly network: string | undefined;
  readonly isUplink: boolean;
  readonly tap: { readonly interface: string; readonly address: string | undefined } | undefined;
  /** How many ports it needs. */
  readonly plugs: number;
}

export interface PlannedVm {
  readonly name: string;
  readonly source: DiagramNode;
  readonly description: string | undefined;
  readonly isRouter: boolean;
  readonly nics: readonly PlannedNic[];
}

export interface PlannedNic {
  readonly switch: string;
  readonly addresses: readonly NicAddress[];
}

export interface PlannedGroup {
  readonly name: string;
  readonly vms: readonly string[];
  readonly colour: string | undefined;
}

/** The loss of an address that cannot be that of a NIC there. */
export const noAddress = 'what is no free address of its network';

/** What a node of a diagram becomes: clouds are the outside, wires and taps are those that the export wrote. */
type Role = 'vm' | 'uplink' | 'wire' | 'tap';

/** Networks become switches, nodes VMs, lines NICs. */
export function planImport(diagram: Diagram): ImportPlan {
  return new Planner(diagram).plan();
}

class Planner {
  private readonly diagram: Diagram;
  private readonly losses = new Losses();
  private readonly names = { switch: new SafeNames(), vm: new SafeNames(), group: new SafeNames() };
  private readonly linksOf = new Map<string, DiagramLink[]>();
  private readonly membersOf = new Map<string, DiagramLink[]>();
  private readonly nodes: ReadonlyMap<string, DiagramNode>;
  private readonly switches = new Map<string, PlannedSwitch>();
  private readonly vms = new Map<string, PlannedVm>();

  constructor(diagram: Diagram) {
    this.diagram = diagram;
    this.nodes = new Map(diagram.nodes.map(node => [node.id, node]));
    for (const link of diagram.links) {
      add(this.linksOf, link.node, link);
      add(this.membersOf, link.network, link);
    }
  }

  plan(): ImportPlan {
    const { diagram, losses } = this;
    for (const network of diagram.networks) this.switch(network);
    for (const node of diagram.nodes) if (this.roleOf(node) === 'vm') this.vm(node);
    if (diagram.routes.length > 0) losses.add('routes');
    return {
      title: diagram.settings.title,
      switches: [...this.switches.values()],
      vms: [...this.vms.values()],
      groups: diagram.groups.flatMap(group => this.group(group)),
      wires: diagram.nodes.filter(node => this.roleOf(node) === 'wire').flatMap(node => this.wire(node)),
      losses,
    };
  }

  private roleOf(node: DiagramNode): Role {
    const links = this.linksOf.get(node.id) ?? [];
    if (/(^|\.)cloud$/.test(node.shape)) return 'uplink';
    if (node.shape === 'ellipse' && node.label.startsWith('wire ') && links.length === 2) return 'wire';
    return node.shape === 'roundedbox' && tapInterface(node) !== undefined && links.length === 1 ? 'tap' : 'vm';
  }

  private switch(network: DiagramNetwork): void {
    const links = this.membersOf.get(network.id) ?? [];
    // The half of a peer's line that only places its node.
    if (network.isPeer === true && links.length < 2) return;
    const members = links.flatMap(link => this.nodes.get(link.node) ?? []);
    const label = network.label?.replaceAll('\n', ' ').trim();
    const wanted =
      network.isAnonymous === true
        ? [
            label,
            members
              .map(node => node.id)
              .join('-')
              .slice(0, 20),
          ]
        : [network.id, label];
    const name = this.names.switch.take(wanted, 'net');
    const isUplink = links.some(link => this.isRole(link.node, 'uplink'));
    const address = this.network(network, links, isUplink);
    const tap = links.find(link => this.isRole(link.node, 'tap'));
    this.switches.set(network.id, {
      ...{ name, source: network, network: address, plugs: links.length + 1 },
      description: label === undefined || label === name || label === '' ? undefined : label,
      isUplink,
      tap: tap && this.tap(tap, address),
    });
  }

  /** An uplink without a network gets that of the first address on it. */
  private network({ addresses }: DiagramNetwork, links: readonly DiagramLink[], isUplink: boolean): string | undefined {
    const given = addresses.flatMap(text => readNetwork([text]) ?? []);
    for (const text of addresses) if (readNetwork([text]) === undefined) this.losses.add('what is no network', text);
    for (const text of given.slice(1)) this.losses.add('the second network of a switch', text);
    const [network] = given;
    if (!isUplink) return network;
    if (network !== undefined && !isForUplink(network)) {
      this.losses.add('networks that an uplink cannot have', network);
      return undefined;
    }
    const [found] = links.flatMap(link => link.addresses).flatMap(text => readNicAddress(text, undefined) ?? []);
    const own = found && readNetwork([found.text]);
    return network ?? (own !== undefined && isForUplink(own) ? own : undefined);
  }

  private isRole(node: string, role: Role): boolean {
    const found = this.nodes.get(node);
    return found !== undefined && this.roleOf(found) === role;
  }

  private tap(link: DiagramLink, network: string | undefined): PlannedSwitch['tap'] {
    const node = this.nodes.get(link.node);
    const [address] = link.addresses.flatMap(text => this.address(text, link, network));
    return { interface: (node && tapInterface(node)) ?? 'tap0', address: address?.text };
  }

  private vm(node: DiagramNode): void {
    const label = node.label.replaceAll('\n', ' ').trim();
    const name = this.names.vm.take([node.id, label], 'vm');
    if (name !== node.id) this.losses.add('names that are not safe as file names; others stand for them', node.id);
    const nics = (this.linksOf.get(node.id) ?? []).flatMap(link => this.nic(link));
    if (nics.length === 0) this.losses.add('on which network a VM is', name);
    const isRouter = nics.length > 1 && /router|firewall|gateway|^(fw|gw)/i.test(`${node.id} ${node.shape}`);
    const description = label === '' || label === name ? undefined : label;
    this.vms.set(node.id, { name, source: node, description, isRouter, nics });
  }

  private nic(link: DiagramLink): readonly PlannedNic[] {
    const it = this.switches.get(link.network);
    if (!it) return [];
    const addresses = link.addresses.flatMap(text => this.address(text, link, it.network));
    const isFree = addresses.length === 0 && it.isUplink;
    return [{ switch: it.name, addresses: isFree ? [{ text: 'dhcp', vlan: undefined }] : addresses }];
  }

  private address(text: string, { node }: DiagramLink, network: string | undefined): readonly NicAddress[] {
    const address = readNicAddress(text, network);
    if (!address) this.losses.add(noAddress, `${node}: ${text}`);
    return address ? [address] : [];
  }

  private group({ id, isAnonymous, label, nodes, style }: Diagram['groups'][number]): readonly PlannedGroup[] {
    const vms = nodes.flatMap(node => this.vms.get(node)?.name ?? []);
    if (vms.length === 0) return [];
    const name = this.names.group.take(isAnonymous === true ? [label] : [id, label], 'group');
    return [{ name, vms, colour: style.color === 'none' ? undefined : style.color }];
  }

  private wire(node: DiagramNode): readonly (readonly [string, string])[] {
    const [from, to] = (this.linksOf.get(node.id) ?? []).map(link => this.switches.get(link.network)?.name);
    return from === undefined || to === undefined ? [] : [[from, to]];
  }
}

const tapInterface = ({ label }: DiagramNode): string | undefined => /^host\n([\w.-]{1,15})$/.exec(label)?.[1];

function add<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
