import { hostsOf, hostWords } from '../../lab/hosts/lab-part.ts';
import type { Lab, Slirp, Switch } from '../../lab/model.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { forwardWords, uplinkAddresses, uplinkLines, uplinkWords } from '../../lab/uplink.ts';
import { pidWords, vlanWords, wireLabel } from './row-words.ts';
import type { LabSnapshot, RunState, ThingRef } from '../state.ts';
import { joined, lines, menuState, stateIcon, stateReason, stateWords, treeNode, type TreeNode } from './tree-node.ts';

/** A switch with its ports. */
export function switchNode(snapshot: LabSnapshot, one: Switch, used: readonly UsedPort[]): TreeNode {
  const state = snapshot.switches.get(one.name) ?? { kind: 'stopped' };
  const id = `${snapshot.path}#switch/${one.name}`;
  const byPort = [...used].sort((a, b) => a.port - b.port);
  return treeNode({
    id,
    label: one.name,
    description: joined(
      stateWords(state, one.name),
      hostWords(hostsOf(one)),
      `${used.length} of ${one.ports} ports`,
      one.vlans.length > 0 ? `VLAN ${one.vlans.join(', ')}` : undefined,
      one.slirp && state.kind === 'running' && state.uplink === undefined ? 'its uplink does not run' : undefined,
    ),
    tooltip: lines(
      one.description,
      stateReason(state),
      one.network === undefined ? undefined : `Network ${one.network}`,
      one.stp && joined('Spanning tree', one.stp.priority === undefined ? undefined : `priority ${one.stp.priority}`),
      ...uplinkLines(one),
      one.tap && `The host joins in as ${one.tap.interface}; starting it needs root`,
      pidWords(state),
    ),
    icon: stateIcon(state),
    contextValue: `switch.${menuState(state)}`,
    thing: { lab: snapshot.path, kind: 'switch', name: one.name },
    span: one.nameSpan,
    ...(state.kind === 'running' && !state.far ? { switchPid: state.pid, isExpandable: true } : {}),
    children: byPort.map((port, index) => portNode(id, port, index)),
  });
}

/** One port of a switch that somebody has, by the lab file. */
export interface UsedPort {
  readonly port: number;
  readonly words: string;
  readonly isPluggedIn: boolean;
  readonly thing?: ThingRef;
  readonly span?: TextSpan;
}

/** Who has which port of each switch. One sweep over the lab: labs may have thousands of NICs. */
export function usedPorts(snapshot: LabSnapshot, lab: Lab): ReadonlyMap<string, readonly UsedPort[]> {
  const ports = new Map(lab.switches.map(one => [one.name, ownPorts(snapshot, one)]));
  const add = (name: string, port: number | undefined, use: Omit<UsedPort, 'port'>): void => {
    if (port !== undefined) ports.get(name)?.push({ ...use, port });
  };
  for (const vm of lab.vms) {
    const thing: ThingRef = { lab: snapshot.path, kind: 'vm', name: vm.name };
    const isVmUp = isUp(snapshot.vms, vm.name);
    for (const nic of vm.nics) {
      const words = joined(`${vm.name} NIC ${nic.number}`, vlanWords(nic));
      const isPluggedIn = isVmUp && isUp(snapshot.switches, nic.switch);
      add(nic.switch, nic.port, { words, isPluggedIn, thing, span: nic.span });
    }
  }
  for (const wire of lab.wires) {
    const thing: ThingRef = { lab: snapshot.path, kind: 'wire', name: wire.name };
    const words = joined(`wire ${wireLabel(wire)}`, vlanWords(wire));
    const isPluggedIn = isUp(snapshot.wires, wire.name);
    for (const end of wire.ends) add(end.switch, end.port, { words, isPluggedIn, thing, span: wire.span });
  }
  return ports;
}

/** Ports that the switch itself gives away: to the host and to the uplink. */
function ownPorts(snapshot: LabSnapshot, one: Switch): UsedPort[] {
  const state = snapshot.switches.get(one.name);
  const isPluggedIn = state?.kind === 'running';
  const hasUplink = isPluggedIn && state.uplink !== undefined;
  return [
    ...(one.tap ? [{ port: 1, words: `host interface ${one.tap.interface}`, isPluggedIn }] : []),
    ...(one.slirp ? [{ port: one.slirp.port, words: uplinkRowWords(one, one.slirp), isPluggedIn: hasUplink }] : []),
  ];
}

const uplinkRowWords = ({ network }: Switch, slirp: Slirp): string =>
  joined(uplinkWords(slirp), uplinkAddresses(network)?.host, ...slirp.forward.map(forwardWords));

const portNode = (parent: string, { port, words, isPluggedIn, ...place }: UsedPort, index: number): TreeNode =>
  treeNode({
    // Two may claim one port while a lab file is being typed; an id may occur only once.
    id: `${parent}/port/${port}/${index}`,
    label: `port ${port}`,
    description: joined(words, isPluggedIn ? 'plugged in' : undefined),
    icon: { name: isPluggedIn ? 'debug-connected' : 'debug-disconnect' },
    contextValue: 'port',
    ...place,
  });

const isUp = (states: ReadonlyMap<string, RunState>, name: string): boolean => states.get(name)?.kind === 'running';
