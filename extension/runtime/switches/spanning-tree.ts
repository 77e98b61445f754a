import { UserError } from '../../base/user-error.ts';
import { switchCommands, type SwitchCommand } from '../../vde/switch-commands.ts';
import type { SpanningTree } from '../../vde/switch-tables.ts';
import type { PortPicture, SwitchPicture } from './port-picture.ts';
import { ownerWords, roleWords } from '../views/port-words.ts';
import { joined } from '../views/tree-node.ts';

/** What is asked of a running switch; a port in none of the lists stays as it is. */
export interface StpChange {
  readonly isOn?: boolean | undefined;
  readonly edge?: readonly number[];
  readonly noEdge?: readonly number[];
}

/** Whether guests hang there and nobody else: it forwards at once and takes no part in the tree. */
export const isEdge = ({ roles }: PortPicture): boolean => [...roles.values()].includes('Edge');

/** Ports that should be edges: only VMs, the host or the uplink hang there, which never make a loop. */
const couldBeEdge = ({ isActive, owners }: PortPicture): boolean =>
  isActive && owners.length > 0 && owners.every(({ kind }) => kind === 'vm' || kind === 'tap' || kind === 'uplink');

/** What the switch has to be told. Throws a UserError if it would make a loop, or if there is no such port. */
export function planStp(
  picture: SwitchPicture,
  { isOn, edge = [], noEdge = [] }: StpChange,
): readonly SwitchCommand<unknown>[] {
  const both = edge.find(number => noEdge.includes(number));
  if (both !== undefined) throw new UserError(`Is port ${both} to be an edge port or not?`);
  const edges = [...edge.map(number => [number, true] as const), ...noEdge.map(number => [number, false] as const)];
  return [
    ...(isOn === undefined || isOn === picture.stp.isOn ? [] : [switchCommands.setStp(isOn)]),
    ...edges.flatMap(([number, to]) => edgeCommands(picture, number, to)),
  ];
}

/** A port is in the tree of each of its VLANs. */
function edgeCommands(picture: SwitchPicture, number: number, to: boolean): readonly SwitchCommand<unknown>[] {
  const port = picture.ports.find(one => one.number === number);
  if (!port) throw new UserError(`Switch ${picture.of.name} has no port ${number} in use.`);
  const wire = port.owners.find(({ kind }) => kind === 'wire');
  if (to && wire)
    throw new UserError(
      `Port ${number} of switch ${picture.of.name} leads to another switch (${ownerWords(wire)}). As an edge port it could make a loop.`,
    );
  const vlans = [...new Set([port.untagged, ...port.tagged])];
  return vlans
    .filter(vlan => (port.roles.get(vlan) === 'Edge') !== to)
    .map(vlan => switchCommands.setEdge(vlan, number, to));
}

/** The whole switch in one line: `spanning tree · root bridge`. Undefined while it is off. */
export function stpWords(picture: SwitchPicture): string | undefined {
  return picture.stp.isOn ? joined('spanning tree', bridgeWords(picture)) : undefined;
}

/** `root bridge`, `root by port 3`; undefined while the spanning tree is off or has said nothing yet. */
export function bridgeWords({ stp, trees }: SwitchPicture): string | undefined {
  if (!stp.isOn || trees.length === 0) return undefined;
  const [first] = trees;
  const isSame = trees.every(tree => tree.isRoot === first?.isRoot && tree.rootPort === first.rootPort);
  const words = isSame
    ? trees.slice(0, 1).map(rootWords)
    : trees.map(tree => `${rootWords(tree)} in VLAN ${tree.vlan}`);
  return joined(...words);
}

const rootWords = ({ isRoot, rootPort }: SpanningTree): string =>
  isRoot ? 'root bridge' : rootPort === undefined ? 'no root yet' : `root by port ${rootPort}`;

/** Each tree in a line, with who its root is. */
export const treeLines = ({ stp, trees }: SwitchPicture): readonly string[] =>
  stp.isOn
    ? trees.map(tree => {
        const where = tree.isRoot ? 'this switch' : `${tree.root}, ${rootWords(tree)}, cost ${tree.cost}`;
        return `Spanning tree${tree.vlan === 0 ? '' : ` of VLAN ${tree.vlan}`}: root is ${where}`;
      })
    : [];

/** One line of the list in which a person ticks how the spanning tree is to be. */
export interface StpChoice {
  /** Undefined: the tree itself is on. */
  readonly port: number | undefined;
  readonly label: string;
  readonly description: string;
  readonly picked: boolean;
}

/** Ports to switches are no choice. While the tree is off, the ports that should be edges are ticked. */
export function stpChoices(picture: SwitchPicture): readonly StpChoice[] {
  const { stp, ports } = picture;
  const edges = ports.filter(
    port => isEdge(port) || (port.isActive && port.owners.every(({ kind }) => kind !== 'wire')),
  );
  return [
    { port: undefined, label: 'Spanning tree', description: stpWords(picture) ?? 'off', picked: stp.isOn },
    ...edges.map(port => ({
      port: port.number,
      label: `Edge port ${port.number}`,
      description: joined(port.owners.map(ownerWords).join(' and '), roleWords(port)),
      picked: isEdge(port) || (!stp.isOn && couldBeEdge(port)),
    })),
  ];
}

/** What was ticked, as a change. Edges mean nothing while the tree is off. */
export function stpChangeOf({ ports }: SwitchPicture, ticked: readonly StpChoice[]): StpChange {
  const isOn = ticked.some(({ port }) => port === undefined);
  if (!isOn) return { isOn };
  const edge = ticked.flatMap(({ port }) => port ?? []);
  return { isOn, edge, noEdge: ports.filter(isEdge).flatMap(({ number }) => (edge.includes(number) ? [] : number)) };
}
