import type { TextSpan } from '../../lab/text-span.ts';
import type { GroupDraft, LinkDraft, NetworkDraft, NodeDraft } from './drafts.ts';
import { newDefaults, type Defaults } from './settings.ts';
import type { Word } from './syntax.ts';

/** Everything that statements have mentioned, in the order of first mention; the same id is the same thing. */
export class DraftDiagram {
  readonly networks: NetworkDraft[] = [];
  readonly nodes: NodeDraft[] = [];
  readonly groups: GroupDraft[] = [];
  readonly defaults: Defaults = newDefaults();
  private readonly networkById = new Map<string, NetworkDraft>();
  private readonly nodeById = new Map<string, NodeDraft>();
  private readonly groupById = new Map<string, GroupDraft>();
  /** Pairs of hidden networks, so that a peer is not made twice. */
  private readonly pairs = new Map<NodeDraft, Set<NodeDraft>>();

  /** The network of this id; without one, a new network each time. */
  network(id: Word | undefined, span: TextSpan): NetworkDraft {
    const known = id && this.networkById.get(id.value);
    if (known) return known;
    const network = this.newNetwork(id?.value, span, false);
    network.label = id?.value;
    if (id) this.networkById.set(id.value, network);
    return network;
  }

  node(id: Word, span: TextSpan): NodeDraft {
    const known = this.nodeById.get(id.value);
    if (known) return known;
    const node: NodeDraft = {
      id: id.value,
      label: id.value,
      shape: 'box',
      width: undefined,
      height: undefined,
      isStacked: false,
      numbered: undefined,
      rotate: 0,
      style: { ...this.defaults.node },
      undrawn: new Map(),
      span,
      networks: [],
      group: undefined,
      ownAddresses: [],
    };
    this.nodeById.set(id.value, node);
    this.nodes.push(node);
    return node;
  }

  group(id: Word | undefined, span: TextSpan): GroupDraft {
    const known = id && this.groupById.get(id.value);
    if (known) return known;
    const group: GroupDraft = {
      ...{ id: id?.value, label: '', nodes: new Set() },
      ...{ shape: 'box', style: { ...this.defaults.group }, undrawn: new Map(), span },
    };
    if (id) this.groupById.set(id.value, group);
    this.groups.push(group);
    return group;
  }

  /** Hangs a node on a network, if it is not there yet. */
  link(node: NodeDraft, network: NetworkDraft, span: TextSpan): LinkDraft {
    const known = network.links.get(node);
    if (known) return known;
    const link: LinkDraft = { addresses: [], span };
    network.links.set(node, link);
    node.networks.push(network);
    return link;
  }

  /** The hidden network of a peer statement; undefined if these two have one already. */
  peers(left: NodeDraft, right: NodeDraft, span: TextSpan): NetworkDraft | undefined {
    if (this.pairs.get(left)?.has(right)) return undefined;
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const)
      this.pairs.set(from, (this.pairs.get(from) ?? new Set()).add(to));
    return this.hidden([left, right], span);
  }

  /** A network without a bus. */
  hidden(nodes: readonly NodeDraft[], span: TextSpan): NetworkDraft {
    const network = this.newNetwork(undefined, span, true);
    for (const node of nodes) this.link(node, network, span);
    return network;
  }

  private newNetwork(id: string | undefined, span: TextSpan, isPeer: boolean): NetworkDraft {
    const network: NetworkDraft = {
      ...{
        id,
        isPeer,
        label: undefined,
        nwdiagLabel: undefined,
        addresses: [],
        isHidden: isPeer,
        style: { ...this.defaults.network },
      },
      ...{ undrawn: new Map(), span, links: new Map() },
    };
    this.networks.push(network);
    return network;
  }
}
