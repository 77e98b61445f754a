import type { Group, Lab, Nic, Slirp, Switch, TaggedVlan, Vm, Wire } from '../lab/model.ts';
import { withoutJoins } from '../lab/hosts/lab-part.ts';
import { outsideLabel } from '../lab/outside.ts';
import { uplinkAddresses } from '../lab/uplink.ts';
import {
  defaultSettings,
  type Diagram,
  type DiagramGroup,
  type DiagramLink,
  type DiagramNetwork,
  type DiagramNode,
  type DiagramPin,
  type DiagramWire,
} from './diagram.ts';
import { readColour } from './language/colours.ts';

/**
 * A lab as a diagram: switches are networks, VMs are nodes, NICs are links. Of a half-typed lab as much as there is: what
 * names something that is not there is left out, and of two things with one name the first one counts.
 */
export function labDiagram(lab: Lab): Diagram {
  const switches = uniqueBy(lab.switches, one => one.name);
  const vms = uniqueBy(lab.vms, one => one.name);
  const pins = new Map(lab.pins.map(({ name, column, row }) => [name, { column, row }]));
  const names = new Set(switches.map(one => one.name));
  const leading = uniqueBy(withoutJoins(lab), one => one.name).filter(
    ({ ends }) => ends[1].outside && names.has(ends[0].switch),
  );
  const groups = groupsOf(lab.groups, new Set(vms.map(vm => vm.name)));
  const grouped = new Set(groups.flatMap(one => one.nodes));
  const nodes = uniqueBy(
    [...vms.map(vm => vmNode(vm, grouped.has(vm.name))), ...switches.flatMap(ownNodes), ...leading.map(outsideNode)],
    one => one.id,
  ).map(node => pinned(node, pins));
  const nics = nicLinks(vms);
  return {
    settings: { ...defaultSettings, hasExternalConnector: false, title: undefined },
    networks: switches.map(networkOf),
    nodes,
    links: [...switches.flatMap(one => [...(nics.get(one.name) ?? []), ...ownLinks(one)]), ...leading.map(outsideLink)],
    groups: [...groups, ...hostGroups(lab, vms, grouped)],
    wires: wiresOf(lab.wires, names),
    routes: [],
  };
}

function pinned(node: DiagramNode, pins: ReadonlyMap<string, DiagramPin>): DiagramNode {
  const pin = pins.get(node.id);
  return pin ? { ...node, pin } : node;
}

/** The ids of nodes that are no VMs. */
export const uplinkId = (name: string): string => `${name}/uplink`;
/** Where a wire leads that leaves the lab. */
export const outsideId = (wire: string): string => `${wire}/outside`;
export const tapId = (name: string): string => `${name}/tap`;

const networkOf = ({ name, network, span }: Switch): DiagramNetwork => {
  return {
    ...{ id: name, label: name, addresses: network === undefined ? [] : [network], isHidden: false, style: {}, span },
  };
};

const plainNode: Omit<DiagramNode, 'id' | 'kind' | 'label'> = {
  ...{ shape: 'box', width: undefined, height: undefined, isStacked: false, numbered: undefined, rotate: 0, style: {} },
};

/** In a group of the file it says itself on which other host it runs; else the group of that host does. */
function vmNode({ name, host, span }: Vm, isGrouped: boolean): DiagramNode {
  const label = host !== undefined && isGrouped ? `${name}\non ${host}` : name;
  return { ...plainNode, id: name, kind: 'vm', label, span };
}

/** What a switch brings along: the host's interface, the way out. */
function ownNodes({ name, slirp, tap, span, spans }: Switch): readonly DiagramNode[] {
  const nodes: DiagramNode[] = [];
  if (slirp)
    nodes.push({
      ...{ ...plainNode, id: uplinkId(name), kind: 'uplink', ...outsideLook(slirp) },
      span: spans?.['slirp'] ?? spans?.['pxe'] ?? span,
    });
  if (tap)
    nodes.push({
      ...{ ...plainNode, id: tapId(name), kind: 'tap', label: `host\n${tap.interface}`, shape: 'roundedbox' },
      span: spans?.['tap'] ?? span,
    });
  return nodes;
}

/** What has no way outside is no cloud. */
const outsideLook = ({ pxe }: Slirp): Pick<DiagramNode, 'label' | 'shape'> =>
  pxe?.isClosed === true ? { label: 'boot server', shape: 'roundedbox' } : { label: 'uplink', shape: 'cloud' };

function ownLinks({ name, network, slirp, tap }: Switch): readonly DiagramLink[] {
  const links: DiagramLink[] = [];
  if (slirp) {
    const address = uplinkAddresses(network)?.host;
    const addresses = address === undefined ? [] : [address];
    links.push({ node: uplinkId(name), network: name, addresses, port: slirp.port, style: {} });
  }
  if (tap) {
    const addresses = tap.address === undefined ? [] : [tap.address];
    // A tap is always on the first port.
    links.push({ node: tapId(name), network: name, addresses, port: 1, style: {} });
  }
  return links;
}

const outsideNode = ({ name, ends: [, end], span }: Wire): DiagramNode => ({
  ...{ ...plainNode, id: outsideId(name), kind: 'uplink', shape: 'cloud', span },
  label: end.outside ? outsideLabel(end.outside) : name,
});

function outsideLink({ name, ends: [{ switch: network, port }], vlan, tagged, span }: Wire): DiagramLink {
  const plug = { ...(port === undefined ? {} : { port }), ...vlansOf(vlan, tagged) };
  return { node: outsideId(name), network, addresses: [], ...plug, style: {}, span };
}

/** By the switch's name. */
function nicLinks(vms: readonly Vm[]): ReadonlyMap<string, readonly DiagramLink[]> {
  const links = new Map<string, DiagramLink[]>();
  for (const { name, nics } of vms) {
    for (const nic of nics) {
      const there = links.get(nic.switch) ?? [];
      there.push(nicLink(name, nic));
      links.set(nic.switch, there);
    }
  }
  return links;
}

function nicLink(node: string, { number, switch: network, port, addresses, vlan, tagged, span }: Nic): DiagramLink {
  return {
    ...{ node, network, addresses: [...addresses, ...tagged.flatMap(taggedAddresses)], nic: number },
    ...(port === undefined ? {} : { port }),
    ...vlansOf(
      vlan,
      tagged.map(one => one.vlan),
    ),
    ...{ style: {}, span },
  };
}

const taggedAddresses = ({ vlan, addresses }: TaggedVlan): readonly string[] =>
  addresses.map(address => `${address} (VLAN ${vlan})`);

function vlansOf(
  vlan: number | undefined,
  tagged: readonly number[],
): { readonly vlan?: number; readonly tagged?: readonly number[] } {
  return { ...(vlan === undefined ? {} : { vlan }), ...(tagged.length === 0 ? {} : { tagged }) };
}

/** A VM that two groups claim belongs to the first. */
function groupsOf(groups: readonly Group[], vms: ReadonlySet<string>): readonly DiagramGroup[] {
  const free = new Set(vms);
  return uniqueBy(groups, one => one.name).flatMap(({ name, vms: members, colour, span }) => {
    const nodes = members.filter(member => free.delete(member));
    const color = colour === undefined ? undefined : readColour(colour);
    const style = color === undefined ? {} : { color };
    return nodes.length === 0 ? [] : [{ id: name, label: name, nodes, shape: 'box' as const, style, span }];
  });
}

/** VMs of other hosts that no group has. No group of a file has a blank in its name. */
function hostGroups({ hosts = [] }: Lab, vms: readonly Vm[], grouped: ReadonlySet<string>): readonly DiagramGroup[] {
  return uniqueBy(hosts, one => one.name).flatMap(({ name, span }) => {
    const nodes = vms.filter(vm => vm.host === name && !grouped.has(vm.name)).map(vm => vm.name);
    const id = `on ${name}`;
    return nodes.length === 0 ? [] : [{ id, label: id, nodes, shape: 'box' as const, style: {}, span }];
  });
}

function wiresOf(wires: readonly Wire[], switches: ReadonlySet<string>): readonly DiagramWire[] {
  return uniqueBy(wires, one => one.name).flatMap(({ name, ends: [from, to], vlan, tagged, span }) => {
    if (!switches.has(from.switch) || !switches.has(to.switch) || from.switch === to.switch) return [];
    return [{ id: name, ends: [from.switch, to.switch] as const, label: '', ...vlansOf(vlan, tagged), span }];
  });
}

function uniqueBy<T>(list: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const seen = new Set<string>();
  return list.filter(one => !seen.has(keyOf(one)) && seen.add(keyOf(one)));
}
