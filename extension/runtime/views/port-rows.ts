import type { Drift, PortPicture, SwitchPicture } from '../switches/port-picture.ts';
import { ownerWords, portWords } from './port-words.ts';
import { stpWords, treeLines } from '../switches/spanning-tree.ts';
import { joined, lines, treeNode, type NodeIcon, type TreeNode } from './tree-node.ts';
import { vlansOf } from '../switches/vlan-words.ts';

/** Puts the ports of running switches, as they really are, into a tree that was drawn from the lab file alone. */
export class PortRows {
  /** By the row of the lab file, so that a row that has not changed is the same object. */
  private readonly drawn = new WeakMap<TreeNode, TreeNode>();
  private readonly pictureOf: (pid: number) => SwitchPicture | undefined;

  constructor(pictureOf: (pid: number) => SwitchPicture | undefined) {
    this.pictureOf = pictureOf;
  }

  apply(node: TreeNode): TreeNode {
    if (node.switchPid !== undefined) return this.switchRow(node, this.pictureOf(node.switchPid));
    const children = node.children.map(child => this.apply(child));
    const isSame = (other: TreeNode): boolean => children.every((child, at) => child === other.children[at]);
    if (isSame(node)) return node;
    return this.keep(node, { ...node, children }, isSame);
  }

  private switchRow(node: TreeNode, picture: SwitchPicture | undefined): TreeNode {
    if (!picture) return node;
    const rows = portRows(node, picture);
    const of = picture.drift?.filter(one => one.port === undefined).map(one => one.words) ?? [];
    const inUse = picture.ports.filter(port => port.isActive).length;
    const differs = of.length > 0 ? `differs from the lab file: ${of.join('; ')}` : undefined;
    const next = {
      ...node,
      description: joined(
        node.description.replace(/(\d+ of )?(\d+ ports)/, `${inUse} of $2`),
        stpWords(picture),
        differs,
      ),
      tooltip: lines(node.tooltip, ...treeLines(picture)),
      children: rows,
    };
    const text = (row: TreeNode): string => JSON.stringify([row.description, row.tooltip, row.children]);
    return this.keep(node, next, held => text(held) === text(next));
  }

  /** The one that was drawn before from the same row, if it is the same. */
  private keep(from: TreeNode, node: TreeNode, isSame: (held: TreeNode) => boolean): TreeNode {
    const held = this.drawn.get(from);
    if (held && isSame(held)) return held;
    this.drawn.set(from, node);
    return node;
  }
}

const differsIcon: NodeIcon = { name: 'warning', colour: 'list.warningForeground' };

/** The ports that somebody has, really or by the lab file, in their order. */
function portRows(parent: TreeNode, { of, ports, drift = [] }: SwitchPicture): readonly TreeNode[] {
  const drawn = new Map(parent.children.map(child => [child.label, child]));
  const live = ports.filter(port => port.isActive || port.planned !== undefined || port.drift.length > 0);
  const rows = live.map(port => portRow(parent, of.pid, port, drawn.get(`port ${port.number}`)));
  const missing = parent.children.filter(child => !rows.some(row => row.label === child.label));
  const marked = missing.map(child => markMissing(child, drift));
  return [...rows, ...marked].sort((a, b) => numberOf(a) - numberOf(b));
}

function portRow(parent: TreeNode, switchPid: number, port: PortPicture, planned: TreeNode | undefined): TreeNode {
  const isDifferent = port.drift.length > 0;
  const icon = { name: port.isActive ? 'debug-connected' : 'debug-disconnect' };
  return treeNode({
    id: planned?.id ?? `${parent.id}/port/${port.number}/0`,
    label: `port ${port.number}`,
    description: portWords(port),
    tooltip: lines(
      ...port.owners.map(owner => joined(ownerWords(owner), 'pid' in owner ? `pid ${owner.pid ?? '?'}` : undefined)),
      vlansOf(port),
      ...port.macs.map(({ mac, vlan }) => `MAC seen ${mac}${vlan === 0 ? '' : ` in VLAN ${vlan}`}`),
      port.received && `${port.received.packets} packets in, ${port.sent?.packets ?? 0} out`,
      ...port.drift.map(one => `Differs from the lab file: ${one.words}`),
    ),
    icon: isDifferent ? differsIcon : icon,
    contextValue: 'port.live',
    thing: planned?.thing ?? parent.thing,
    span: planned?.span,
    switchPid,
    port: port.number,
  });
}

function markMissing(child: TreeNode, drift: readonly Drift[]): TreeNode {
  const [found] = drift.filter(one => one.port === numberOf(child));
  if (!found) return child;
  return {
    ...child,
    description: joined(child.description, `differs from the lab file: ${found.words}`),
    icon: differsIcon,
  };
}

const numberOf = (row: TreeNode): number => row.port ?? Number(row.label.replace(/\D/g, ''));
