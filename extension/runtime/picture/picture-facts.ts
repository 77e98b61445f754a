import type { Diagram, DiagramLink, DiagramNode } from '../../diagram/diagram.ts';
import type { PictureFacts, PictureMenu } from '../../diagram/live.ts';
import { linkId, thingId, type ThingId } from '../../diagram/thing-id.ts';
import type { PictureThings } from './picture-things.ts';
import { joined, spokenLabel, type TreeNode } from '../views/tree-node.ts';

/** Facts of a lab's things: what the tree says of them, and who hangs on what. `rows`: the tree of this lab. */
export function labFacts(
  diagram: Diagram,
  things: PictureThings,
  rows: TreeNode,
): Readonly<Record<ThingId, PictureFacts>> {
  const byId = new Map<string, TreeNode>();
  const collect = (node: TreeNode): void => {
    byId.set(node.id, node);
    node.children.forEach(collect);
  };
  collect(rows);
  const drawn = diagramFacts(diagram);
  const entries = things.all.map(({ id, row }) => {
    const node = row === undefined ? undefined : byId.get(row);
    const facts = drawn[id] ?? nothing;
    return [id, node ? withRow(facts, node) : facts] as const;
  });
  return Object.fromEntries(entries);
}

const nothing: PictureFacts = { title: '', spoken: '', lines: [], menu: undefined };

/** The menu of the thing that a row stands for. */
export function menuOf({ thing, contextValue }: TreeNode): PictureMenu | undefined {
  return thing && { kvmlabItem: contextValue, lab: thing.lab, kind: thing.kind, name: thing.name };
}

function withRow(facts: PictureFacts, node: TreeNode): PictureFacts {
  const isItself = node.contextValue !== 'nic';
  const tooltip = node.tooltip.split('\n').filter(line => line !== '' && !/^(Address|Switch) /.test(line));
  return {
    title: facts.title,
    spoken: isItself && facts.title === node.label ? spokenLabel(node) : joined(facts.spoken, node.description),
    lines: [...(node.description === '' ? [] : [node.description]), ...tooltip, ...facts.lines],
    menu: menuOf(node),
  };
}

/** What can be told of any diagram. */
export function diagramFacts(diagram: Diagram): Readonly<Record<ThingId, PictureFacts>> {
  const { networks, nodes, links, wires, groups } = diagram;
  const names = new Map(networks.map(({ id, label }) => [id, firstLine(label ?? '') || 'network without a name']));
  const hanging = groupBy(links, link => link.node);
  const taps = groupBy(links, link => link.network);
  const facts: Record<ThingId, PictureFacts> = {};
  for (const { id, addresses } of networks) {
    const count = taps.get(id)?.length ?? 0;
    const title = names.get(id) ?? id;
    const spoken = [title, 'network', ...addresses, `${count} connected`].join(', ');
    facts[thingId('network', id)] = { title, spoken, lines: addresses, menu: undefined };
  }
  for (const node of nodes) facts[thingId('node', node.id)] = nodeFacts(node, hanging.get(node.id) ?? [], names);
  for (const link of links) facts[linkId(link)] = linkFacts(link, names);
  for (const { id, ends } of wires) {
    const title = ends.map(end => names.get(end) ?? end).join(' – ');
    facts[thingId('wire', id)] = { title, spoken: `${title}, wire`, lines: [], menu: undefined };
  }
  for (const { id, label, nodes: members } of groups) {
    const title = firstLine(label) || 'group';
    const lines = [members.join(', ')];
    facts[thingId('group', id)] = { title, spoken: `${title}, group of ${members.length}`, lines, menu: undefined };
  }
  return facts;
}

function nodeFacts(node: DiagramNode, links: readonly DiagramLink[], names: ReadonlyMap<string, string>): PictureFacts {
  const title = firstLine(node.label) || node.id;
  const kind = { vm: 'VM', tap: 'interface of the host', uplink: 'way out', node: 'node' }[node.kind];
  const lines = links.map(link => {
    const place = names.get(link.network) ?? link.network;
    return joined(link.nic === undefined ? undefined : `NIC ${link.nic}`, place, ...link.addresses, vlanWords(link));
  });
  return { title, spoken: [title, kind, ...lines].join(', '), lines, menu: undefined };
}

function linkFacts(link: DiagramLink, names: ReadonlyMap<string, string>): PictureFacts {
  const network = names.get(link.network) ?? link.network;
  const title = link.nic === undefined ? `${link.node} – ${network}` : `${link.node} NIC ${link.nic}`;
  const lines = [...link.addresses, vlanWords(link)].filter(line => line !== '');
  return { title, spoken: [title, `on ${network}`, ...lines].join(', '), lines, menu: undefined };
}

const vlanWords = ({ vlan, tagged = [] }: DiagramLink): string =>
  joined(
    vlan === undefined ? undefined : `VLAN ${vlan}`,
    tagged.length > 0 ? `tagged ${tagged.join(', ')}` : undefined,
  );

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

function groupBy<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const held = groups.get(keyOf(one));
    if (held) held.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
