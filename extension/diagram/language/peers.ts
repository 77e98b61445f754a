import type { NetworkDraft, NodeDraft } from './drafts.ts';

/**
 * Which hidden networks nwdiag shows all the same: one whose two nodes share another network, and all those of a node
 * that is the left one of several. (A third rule needs the places of nodes, so it belongs to the layout.)
 */
export function showPeers(networks: readonly NetworkDraft[], nodes: readonly NodeDraft[]): void {
  const pairs = networks.filter(network => network.isHidden && network.links.size === 2);
  for (const pair of pairs) if (sharesAnother(pair)) pair.isHidden = false;
  const lefts = new Map<NodeDraft, number>();
  for (const pair of pairs) {
    const [left] = pair.links.keys();
    if (pair.isHidden && left) lefts.set(left, (lefts.get(left) ?? 0) + 1);
  }
  for (const node of nodes) {
    if ((lefts.get(node) ?? 0) < 2) continue;
    for (const network of node.networks) if (network.links.size === 2) network.isHidden = false;
  }
}

function sharesAnother(pair: NetworkDraft): boolean {
  const [left, right] = pair.links.keys();
  return left?.networks.some(network => network !== pair && right && network.links.has(right)) ?? false;
}
