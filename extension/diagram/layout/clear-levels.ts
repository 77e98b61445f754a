import type { Component, Item } from './clear-items.ts';
import { largest } from './extremes.ts';

/** Networks of one component, by their numbers in it, from top to bottom; those of one level from left to right. */
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
  const graph = new NetworkGraph(component);
  const outside = items.filter(item => item.isOutside).flatMap(item => item.networks.slice(0, 1));
  const all = [...networks.keys()];
  const roots = outside.length > 0 ? outside.slice(0, 1) : all.slice(0, mostRoots);
  const tries = roots.map(root => graph.distances([root, ...all]));
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

/** A connection that is so many times weaker than others counts only where there is no other. */
const weakness = 3;

/** Networks as neighbours through what hangs on both. */
class NetworkGraph {
  private readonly items: readonly Item[];
  /** Of each network, how many items hang on it. */
  private readonly degrees: readonly number[];
  /** Of each network, how many items it shares with which others. */
  private readonly neighbours: readonly ReadonlyMap<number, number>[];
  /** Of each network, the most items that it shares with another one. */
  private readonly strongest: readonly number[];

  constructor({ networks, items }: Component) {
    this.items = items;
    const degrees = networks.map(() => 0);
    const neighbours = networks.map(() => new Map<number, number>());
    for (const item of items)
      for (const network of item.networks) {
        degrees[network] = (degrees[network] ?? 0) + 1;
        const own = neighbours[network];
        for (const other of item.networks) if (other !== network) own?.set(other, (own.get(other) ?? 0) + 1);
      }
    this.degrees = degrees;
    this.neighbours = neighbours;
    this.strongest = neighbours.map(own => largest([...own.values()]));
  }

  degree(network: number): number {
    return this.degrees[network] ?? 0;
  }

  /** How many items hang on both. */
  shared(one: number, other: number): number {
    return this.neighbours[one]?.get(other) ?? 0;
  }

  /**
   * Each level in the order in which it is reached, so that neighbours of the left come first. Networks that share much
   * are neighbours first: where most hosts lead on to the next network, a single one must not draw distant ones together.
   * What cannot be reached from the first root is reached from the next one.
   */
  distances(roots: readonly number[]): number[][] {
    const levelOf = new Map<number, number>();
    for (const root of roots) if (!levelOf.has(root)) this.reachFrom(root, levelOf);
    const levels: number[][] = [];
    for (const [network, level] of levelOf) (levels[level] ??= []).push(network);
    return levels;
  }

  private reachFrom(root: number, levelOf: Map<number, number>): void {
    levelOf.set(root, 0);
    const waiting: number[] = [];
    for (let edge = [root]; edge.length > 0;) {
      waiting.push(...edge);
      edge = edge.flatMap(network => this.reachNext(network, levelOf, true));
      while (edge.length === 0 && waiting.length > 0) edge = this.reachNext(waiting.shift() ?? root, levelOf, false);
    }
  }

  private reachNext(from: number, levelOf: Map<number, number>, isStrongOnly: boolean): number[] {
    const reached: number[] = [];
    for (const [network, weight] of this.neighbours[from] ?? []) {
      if (levelOf.has(network) || (isStrongOnly && !this.isStrong(from, network, weight))) continue;
      levelOf.set(network, (levelOf.get(from) ?? 0) + 1);
      reached.push(network);
    }
    return reached;
  }

  /** Shallow pictures with few networks that are neighbours on one level. */
  cost(levels: readonly (readonly number[])[]): number {
    const levelOf: number[] = [];
    levels.forEach((level, index) => {
      for (const network of level) levelOf[network] = index;
    });
    let beside = 0;
    for (const { networks } of this.items) {
      const [one, other] = networks;
      if (networks.length !== 2 || one === undefined || other === undefined) continue;
      if (levelOf[one] === levelOf[other]) beside += 1;
    }
    return beside * 3 + levels.length + largest(levels.map(level => level.length)) / 2;
  }

  private isStrong(one: number, other: number, weight: number): boolean {
    return weight * weakness >= Math.min(this.strongest[one] ?? 0, this.strongest[other] ?? 0);
  }
}
