import type { Component, Item } from './clear-items.ts';
import { largest } from './extremes.ts';

/** Networks of one component from top to bottom: those of one level stand side by side, from left to right. */
export type Levels = readonly (readonly number[])[];

/** Trying every network as the first one would take too long in large components. */
const mostRoots = 12;

/**
 * Levels by distance from one network, so that whatever hangs on several networks finds them on its own level or the
 * next one, and no line has to cross a level. Where a level would be too wide, or where two networks share several
 * nodes, it is split.
 */
export function levelsOf(component: Component): Levels {
  const { networks, items } = component;
  if (networks.length === 0) return [];
  const graph = new NetworkGraph(items);
  const outside = items.filter(item => item.isOutside).flatMap(item => item.networks.slice(0, 1));
  const roots = outside.length > 0 ? outside.slice(0, 1) : networks.slice(0, mostRoots);
  const tries = roots.map(root => graph.distances(root));
  const costs = tries.map(levels => graph.cost(levels));
  const best = tries[costs.indexOf(Math.min(...costs))] ?? [];
  return best.flatMap(level => split(level, graph, widestLevel(component)));
}

/** About twice as many columns as rows, as columns are narrower than a row and its bus are high. */
const widestLevel = ({ items }: Component): number => Math.max(8, Math.ceil(Math.sqrt(items.length) * 1.6));

function split(level: readonly number[], graph: NetworkGraph, width: number): number[][] {
  const parts: { readonly members: number[]; width: number }[] = [];
  for (const network of level) {
    const own = Math.max(1, Math.ceil(graph.degree(network) / 2));
    const fits = parts.find(
      part => part.width + own <= width && part.members.every(other => graph.shared(network, other) < 2),
    );
    if (fits) {
      fits.members.push(network);
      fits.width += own;
    } else parts.push({ members: [network], width: own });
  }
  return parts.map(part => part.members);
}

/** Networks as neighbours through what hangs on both. */
class NetworkGraph {
  private readonly items: readonly Item[];
  private readonly itemsOf = new Map<number, Item[]>();

  constructor(items: readonly Item[]) {
    this.items = items;
    for (const item of items)
      for (const network of item.networks) {
        const own = this.itemsOf.get(network);
        if (own) own.push(item);
        else this.itemsOf.set(network, [item]);
      }
  }

  degree(network: number): number {
    return this.itemsOf.get(network)?.length ?? 0;
  }

  /** How many items hang on both. */
  shared(one: number, other: number): number {
    return (this.itemsOf.get(one) ?? []).filter(item => item.networks.includes(other)).length;
  }

  /** Each level in the order in which it is reached, so that neighbours of the left come first. */
  distances(root: number): number[][] {
    const seen = new Set([root]);
    const levels: number[][] = [];
    for (let level = [root]; level.length > 0;) {
      levels.push(level);
      level = level.flatMap(network => this.neighboursNotIn(seen, network));
    }
    return levels;
  }

  /** Shallow pictures with few networks that are neighbours on one level. */
  cost(levels: readonly (readonly number[])[]): number {
    const levelOf = new Map(levels.flatMap((level, index) => level.map(network => [network, index] as const)));
    const beside = this.items.filter(({ networks }) => {
      const own = networks.map(network => levelOf.get(network));
      return new Set(own).size < own.length && own.length === 2;
    });
    return beside.length * 3 + levels.length + largest(levels.map(level => level.length)) / 2;
  }

  private neighboursNotIn(seen: Set<number>, network: number): number[] {
    const found: number[] = [];
    for (const item of this.itemsOf.get(network) ?? [])
      for (const other of item.networks) {
        if (seen.has(other)) continue;
        seen.add(other);
        found.push(other);
      }
    return found;
  }
}
