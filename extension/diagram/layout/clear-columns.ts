import type { Component, Item } from './clear-items.ts';
import type { Levels } from './clear-levels.ts';
import type { ItemRows } from './clear-rows.ts';
import { largest } from './extremes.ts';
import { spread } from './spread.ts';

const rounds = 8;

/**
 * Where each item would like to stand, as a column, not yet a whole number: near the middle of its networks, while each
 * network is drawn to the middle of its items, in a few rounds. By index of the item.
 */
export function wishedColumns(
  { items }: Component,
  levels: Levels,
  rows: ReadonlyMap<number, ItemRows>,
): ReadonlyMap<number, number> {
  const balance = new Balance(items, levels, rows);
  for (let round = 0; round < rounds; round += 1) balance.round();
  return balance.items;
}

class Balance {
  readonly items = new Map<number, number>();
  private readonly networks = new Map<number, number>();
  private readonly levels: readonly number[][];
  private readonly rows: readonly (readonly Item[])[];
  private readonly groups: ReadonlyMap<number, readonly Item[]>;
  private readonly itemsOf: ReadonlyMap<number, readonly Item[]>;
  private readonly widths: ReadonlyMap<number, number>;

  constructor(all: readonly Item[], levels: Levels, rows: ReadonlyMap<number, ItemRows>) {
    const rowOf = (item: Item): number => rows.get(item.index)?.row ?? 0;
    this.levels = levels.map(level => [...level]);
    this.rows = [...sortedInto(all, item => [rowOf(item)]).values()];
    this.groups = sortedInto(all, ({ group }) => (group === undefined ? [] : [group]));
    this.itemsOf = sortedInto(all, item => item.networks);
    this.widths = new Map([...this.itemsOf].map(([network, items]) => [network, widestRow(items, rowOf)]));
    for (const level of this.levels) this.arrange(level, () => 0);
    this.placeItems();
  }

  round(): void {
    for (const level of this.levels) {
      const wishes = new Map(level.map(network => [network, this.networkWish(network)]));
      const wish = (network: number): number => wishes.get(network) ?? 0;
      level.sort((a, b) => wish(a) - wish(b));
      this.arrange(level, wish);
    }
    this.placeItems();
  }

  private arrange(level: readonly number[], wish: (network: number) => number): void {
    const at = spread(level.map(network => ({ at: wish(network), width: this.widths.get(network) ?? 1 })));
    level.forEach((network, place) => this.networks.set(network, at[place] ?? 0));
  }

  private placeItems(): void {
    const together = new Map(
      [...this.groups].map(([group, members]) => [group, mean(members, item => this.wishOf(item))]),
    );
    for (const row of this.rows) {
      const wishes = new Map(row.map(item => [item, together.get(item.group ?? -1) ?? this.wishOf(item)]));
      const sorted = [...row].sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
      const at = spread(sorted.map(item => ({ at: wishes.get(item) ?? 0, width: 1 })));
      sorted.forEach((item, place) => this.items.set(item.index, at[place] ?? 0));
    }
  }

  private networkWish(network: number): number {
    const items = this.itemsOf.get(network);
    return items ? mean(items, item => this.items.get(item.index) ?? 0) : (this.networks.get(network) ?? 0);
  }

  private wishOf({ pin, networks }: Item): number {
    return pin?.column ?? mean(networks, network => this.networks.get(network) ?? 0);
  }
}

/** How many columns a network needs: the most that it has to itself in one row. */
function widestRow(items: readonly Item[], rowOf: (item: Item) => number): number {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(rowOf(item), (counts.get(rowOf(item)) ?? 0) + 1 / item.networks.length);
  return Math.max(1, largest([...counts.values()]));
}

function sortedInto(items: readonly Item[], keysOf: (item: Item) => readonly number[]): Map<number, Item[]> {
  const found = new Map<number, Item[]>();
  for (const item of items)
    for (const key of keysOf(item)) {
      const own = found.get(key);
      if (own) own.push(item);
      else found.set(key, [item]);
    }
  return found;
}

const mean = <T>(things: readonly T[], valueOf: (thing: T) => number): number =>
  things.length === 0 ? 0 : things.reduce((sum, thing) => sum + valueOf(thing), 0) / things.length;
