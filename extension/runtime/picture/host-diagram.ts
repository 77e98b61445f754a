import {
  defaultSettings,
  type Diagram,
  type DiagramGroup,
  type DiagramLink,
  type DiagramNetwork,
  type DiagramNode,
  type DiagramWire,
} from '../../diagram/diagram.ts';
import { tapId, uplinkId } from '../../diagram/from-lab.ts';
import type { Lab } from '../../lab/model.ts';
import { isOutsideAddress } from '../../vde/outside-wire.ts';
import { isSameSocket } from '../../vde/plug-address.ts';
import type { NicEntry } from '../vms/nic-list.ts';
import type { PortPicture, SwitchPicture } from '../switches/port-picture.ts';
import type { PortOwner } from '../switches/port-owner.ts';
import type { HostSnapshot, RunningSwitch, RunningVm } from '../state.ts';

/** What is known of all that runs on this host. */
export interface HostFacts {
  readonly host: HostSnapshot;
  /** Of the switches that could be asked. */
  readonly pictures: readonly SwitchPicture[];
  /** By the VM's pid. */
  readonly nics: ReadonlyMap<number, readonly NicEntry[]>;
  /** The labs that have something running and whose files were found, by name. */
  readonly labs: ReadonlyMap<string, Lab>;
}

/** What really runs as a diagram: of a lab or not, and plugged in as it is now, not as a file says. */
export function hostDiagram(facts: HostFacts): Diagram {
  return new HostDrawing(facts).diagram();
}

class HostDrawing {
  private readonly facts: HostFacts;
  /** By pid; names may be there twice on a host. */
  private readonly switchIds: ReadonlyMap<number, string>;
  private readonly vmIds: ReadonlyMap<number, string>;
  private readonly strangers = new Map<string, DiagramNode>();
  private readonly links: DiagramLink[] = [];

  constructor(facts: HostFacts) {
    this.facts = facts;
    this.switchIds = uniqueIds(facts.host.switches, one => one.name);
    this.vmIds = uniqueIds(facts.host.vms, vm => vm.name ?? `QEMU ${vm.pid}`);
  }

  diagram(): Diagram {
    const { host, pictures } = this.facts;
    for (const vm of host.vms) this.plugVm(vm);
    for (const picture of pictures) for (const port of picture.ports) this.plugOthers(picture, port);
    return {
      settings: { ...defaultSettings, hasExternalConnector: false },
      networks: host.switches.map(one => this.network(one)),
      nodes: [...host.vms.map(vm => this.vmNode(vm)), ...this.strangers.values()],
      links: this.links,
      groups: this.groups(),
      wires: this.wires(),
      routes: [],
    };
  }

  private network(one: RunningSwitch): DiagramNetwork {
    const lab = one.lab === undefined ? undefined : this.facts.labs.get(one.lab);
    const network = lab?.switches.find(other => other.name === one.name)?.network;
    const addresses = network === undefined ? [] : [network];
    return { id: this.switchId(one), label: one.name, addresses, isHidden: false, style: {} };
  }

  private switchId(one: RunningSwitch): string {
    return this.switchIds.get(one.pid) ?? one.socket;
  }

  private vmNode(vm: RunningVm): DiagramNode {
    const id = this.vmIds.get(vm.pid) ?? '';
    return plainNode(id, 'vm', vm.name ?? id, 'box');
  }

  /** Where its NICs are plugged in; of a switch that cannot be asked, what the VM was started with. */
  private plugVm(vm: RunningVm): void {
    const node = this.vmIds.get(vm.pid) ?? '';
    for (const { number, planned, socket, plug } of this.facts.nics.get(vm.pid) ?? []) {
      const of = plug?.picture.of ?? this.unaskedSwitch(socket);
      if (!of) continue;
      this.links.push({
        ...{ node, network: this.switchId(of), addresses: planned?.addresses ?? [], style: {} },
        ...(number === undefined ? {} : { nic: number }),
        ...(plug ? portOf(plug.port) : {}),
      });
    }
  }

  private unaskedSwitch(socket: string | undefined): RunningSwitch | undefined {
    const { host, pictures } = this.facts;
    const found = host.switches.find(one => socket !== undefined && isSameSocket(one.socket, socket));
    return pictures.some(picture => picture.of.pid === found?.pid) ? undefined : found;
  }

  private plugOthers({ of }: SwitchPicture, port: PortPicture): void {
    for (const owner of port.owners) {
      const node = strangerNode(owner, this.switchId(of));
      if (!node) continue;
      this.strangers.set(node.id, node);
      this.links.push({ node: node.id, network: this.switchId(of), addresses: [], style: {}, ...portOf(port) });
    }
  }

  private groups(): readonly DiagramGroup[] {
    const labs = new Map<string, string[]>();
    for (const { lab, pid } of this.facts.host.vms) {
      if (lab !== undefined) labs.set(lab, [...(labs.get(lab) ?? []), this.vmIds.get(pid) ?? '']);
    }
    return [...labs].map(([lab, nodes]) => ({ id: lab, label: `lab ${lab}`, nodes, shape: 'box', style: {} }));
  }

  /** A wire is plugged into two switches, of which one can be asked at least. */
  private wires(): readonly DiagramWire[] {
    const wires = new Map<number, DiagramWire>();
    for (const { of, ports } of this.facts.pictures) {
      for (const owner of ports.flatMap(port => port.owners)) {
        if (owner.kind !== 'wire') continue;
        const other = this.facts.host.switches.find(one => isSameSocket(one.socket, owner.other.socket));
        if (!other || other.pid === of.pid || wires.has(owner.pid)) continue;
        const id = `${owner.name} ${owner.pid}`;
        wires.set(owner.pid, { id, ends: [this.switchId(of), this.switchId(other)], label: owner.name });
      }
    }
    return [...wires.values()];
  }
}

/** Undefined: VMs, and wires between switches, are drawn elsewhere, and whoever is gone nowhere. */
function strangerNode(owner: PortOwner, on: string): DiagramNode | undefined {
  switch (owner.kind) {
    case 'tap':
      return plainNode(tapId(on), 'tap', `host\n${owner.interface}`, 'roundedbox');
    case 'uplink':
    case 'slirp':
      return plainNode(uplinkId(on), 'uplink', 'uplink', 'cloud');
    case 'stranger': {
      const what = owner.program ?? owner.description;
      const id = `${what} ${owner.pid ?? `on ${on}`}`;
      return plainNode(id, 'node', owner.pid === undefined ? what : `${what}\npid ${owner.pid}`, 'box');
    }
    case 'wire': {
      const { pid, name, other } = owner;
      const id = `${name} ${pid}/outside`;
      return isOutsideAddress(other) ? plainNode(id, 'uplink', other.socket, 'cloud') : undefined;
    }
    case 'vm':
    case 'gone':
      return undefined;
  }
}

function plainNode(id: string, kind: DiagramNode['kind'], label: string, shape: string): DiagramNode {
  const rest = { width: undefined, height: undefined, isStacked: false, numbered: undefined, rotate: 0 } as const;
  return { ...rest, id, kind, label, shape, style: {} };
}

function portOf({ number, untagged, tagged }: PortPicture): Pick<DiagramLink, 'port' | 'vlan' | 'tagged'> {
  return {
    port: number,
    ...(untagged === 0 ? {} : { vlan: untagged }),
    ...(tagged.length === 0 ? {} : { tagged }),
  };
}

/** By pid: the name where it is there once, else with the pid. */
function uniqueIds<T extends { readonly pid: number }>(
  things: readonly T[],
  nameOf: (thing: T) => string,
): ReadonlyMap<number, string> {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(nameOf(thing), (counts.get(nameOf(thing)) ?? 0) + 1);
  return new Map(
    things.map(thing => {
      const name = nameOf(thing);
      return [thing.pid, counts.get(name) === 1 ? name : `${name} ${thing.pid}`];
    }),
  );
}
