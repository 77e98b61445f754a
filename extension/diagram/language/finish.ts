import { shown } from '../../lab/names.ts';
import type { Diagram, DiagramGroup, DiagramLink, DiagramNetwork, DiagramNode, UndrawnAttributes } from '../diagram.ts';
import type { DraftDiagram } from './draft-diagram.ts';
import type { GroupDraft, LinkDraft, NetworkDraft, NodeDraft } from './drafts.ts';
import type { Interpreted } from './interpret.ts';
import { showPeers } from './peers.ts';
import type { Interpreting } from './values.ts';

/** Checks what can only be seen when all has been said, and gives the diagram. */
export function finish({ draft, routes, title }: Interpreted, scope: Interpreting): Diagram {
  const networks = withoutEmpty(draft, scope);
  const first = networks.find(network => !network.isPeer);
  for (const node of draft.nodes) if (node.networks.length === 0) adopt(node, first, scope);
  if (draft.nodes.length === 0) {
    const message = 'There is nothing to draw: no network has a node. Write: nwdiag { network lan { web; } }';
    scope.report('empty-diagram', draft.networks[0]?.span ?? { start: 0, end: 0 }, message);
  }
  checkGroups(draft.groups, scope);
  showPeers(networks, draft.nodes);
  const groups = draft.groups.filter(group => group.nodes.size > 0);
  const ids = new Ids(networks, groups);
  return {
    settings: { ...draft.defaults.settings, title },
    networks: networks.map(network => networkOf(network, ids)),
    nodes: draft.nodes.map(nodeOf),
    links: networks.flatMap(network =>
      [...network.links].map(([node, link]) => linkOf(node, network, link, scope, ids)),
    ),
    groups: groups.map(group => groupOf(group, ids)),
    wires: [],
    routes: routes.filter(route => route.path.length > 1),
  };
}

/** A network without nodes is not drawn; two in a row are more than nwdiag can bear. */
function withoutEmpty(draft: DraftDiagram, { report }: Interpreting): NetworkDraft[] {
  const nodeIds = new Set(draft.nodes.map(node => node.id));
  draft.networks.forEach((network, index) => {
    if (network.links.size > 0) return;
    const isSecond = draft.networks[index - 1]?.links.size === 0;
    const name = network.id === undefined ? 'This network' : `Network ${shown(network.id)}`;
    const isNode = network.id !== undefined && nodeIds.has(network.id);
    const hint = isNode ? ` There is a node of the same name, which needs no network of its own.` : '';
    const fate = isSecond ? 'nwdiag gives up on two such networks in a row' : 'It is not drawn';
    const message = `${name} has no nodes. ${fate}: put a node into it, or delete it.${hint}`;
    report('empty-network', network.span, message, isSecond ? 'error' : 'warning');
  });
  return draft.networks.filter(network => network.links.size > 0);
}

/** PlantUML hangs a node without a network on the first one. */
function adopt(node: NodeDraft, first: NetworkDraft | undefined, { report, dialect }: Interpreting): void {
  const [left = '', right = ''] = node.id.split('--');
  const isPair = left !== '' && right !== '';
  const hint = isPair
    ? ` It is one name: to connect two nodes put blanks around the sign, "${shown(left)} -- ${shown(right)}".`
    : '';
  const fate = dialect === 'nwdiag' ? 'nwdiag stops here; PlantUML hangs' : 'PlantUML hangs';
  const advice = `Put it into a network, or connect it: "a -- ${shown(node.id)}".`;
  const message = `${shown(node.id)} is in no network. ${fate} it on the first one. ${isPair ? '' : advice}${hint}`;
  report('node-without-network', node.span, message.replace(/ {2,}/g, ' ').trim(), first ? 'warning' : 'error');
  if (!first) return;
  first.links.set(node, { addresses: node.ownAddresses, span: node.span });
  node.networks.push(first);
}

function checkGroups(groups: readonly GroupDraft[], { report, dialect }: Interpreting): void {
  for (const { label, nodes, span } of groups) {
    const [first] = nodes;
    if (label === '' || !first || first.networks.length < 2 || dialect === 'plantuml') continue;
    const message = `nwdiag crashes on a group with a label whose first node, ${shown(first.id)}, is on several networks. Name a node with one network first.`;
    report('nwdiag-defect', span, message, 'warning');
  }
}

/** Gives an id to what has none, one that nothing else has. */
class Ids {
  private readonly made = new Map<NetworkDraft | GroupDraft, string>();

  constructor(networks: readonly NetworkDraft[], groups: readonly GroupDraft[]) {
    this.name(networks, 'network');
    this.name(groups, 'group');
  }

  of(thing: NetworkDraft | GroupDraft): string {
    return thing.id ?? this.made.get(thing) ?? '';
  }

  private name(things: readonly (NetworkDraft | GroupDraft)[], kind: string): void {
    const taken = new Set(things.map(thing => thing.id));
    things.forEach((thing, index) => {
      let id = `${kind} ${index + 1}`;
      while (taken.has(id)) id += '’';
      if (thing.id === undefined) this.made.set(thing, id);
      taken.add(id);
    });
  }
}

function networkOf(network: NetworkDraft, ids: Ids): DiagramNetwork {
  const { label, nwdiagLabel, addresses, isHidden, style, undrawn, span } = network;
  return {
    id: ids.of(network),
    ...(network.id === undefined ? { isAnonymous: true } : {}),
    ...(network.isPeer ? { isPeer: true } : {}),
    ...{ label, addresses, isHidden, style, span },
    ...(nwdiagLabel === undefined || nwdiagLabel === label ? {} : { nwdiagLabel }),
    ...undrawnOf(undrawn),
  };
}

function nodeOf(node: NodeDraft): DiagramNode {
  const { id, label, shape, width, height, isStacked, numbered, rotate, style, undrawn, span } = node;
  const kind = 'node';
  const drawn: DiagramNode = { id, kind, label, shape, width, height, isStacked, numbered, rotate, style, span };
  if (undrawn.size === 0) return drawn;
  // Written for PlantUML too, the description says nothing of its own.
  const isRepeated = undrawn.get('description') === label;
  const rest = [...undrawn].filter(([name]) => name !== 'description' || !isRepeated);
  return { ...drawn, ...undrawnOf(new Map(rest)) };
}

function linkOf(
  node: NodeDraft,
  network: NetworkDraft,
  { addresses, span }: LinkDraft,
  { dialect }: Interpreting,
  ids: Ids,
): DiagramLink {
  const isOwn = dialect === 'plantuml' && network.isPeer && addresses.length === 0;
  return {
    node: node.id,
    network: ids.of(network),
    addresses: isOwn ? node.ownAddresses : addresses,
    style: {},
    span,
  };
}

function groupOf(group: GroupDraft, ids: Ids): DiagramGroup {
  const { label, nodes, shape, style, undrawn, span } = group;
  return {
    id: ids.of(group),
    ...(group.id === undefined ? { isAnonymous: true } : {}),
    ...{ label, nodes: [...nodes].map(node => node.id), shape, style, span },
    ...undrawnOf(undrawn),
  };
}

const undrawnOf = (undrawn: ReadonlyMap<string, string>): { readonly undrawn?: UndrawnAttributes } =>
  undrawn.size === 0 ? {} : { undrawn: Object.fromEntries(undrawn) };
