import type { Component, Item } from './clear-items.ts';
import type { Levels } from './clear-levels.ts';
import type { ItemRows } from './clear-rows.ts';
import { spread } from './spread.ts';

const rounds = 8;

/**
 * Where each item would like to stand, as a column, not yet a whole number: near the middle of its networks, while each
 * network is drawn to the middle of its items, in a few rounds.
 */
export function wishedColumns(component: Component, levels: Levels, rows: readonly ItemRows[]): readonly number[] {
  const balance = new Balance(component, levels, rows);
  for (let round = 0; round < rounds; round += 1) balance.round();
  return balance.items;
}

class Balance {
  /** Of each item, its column. */
  readonly items: number[];
  /** Of each network, its column. */
  private readonly networks: number[];
  private readonly all: readonly Item[];
  private readonly levels: readonly number[][];
  /** Items of each row in the order of their columns. */
  private readonly rows: readonly number[][];
  private readonly groups: readonly (readonly Item[])[];
  private readonly itemsOf: readonly (readonly number[])[];
  /** Of each network. */
  private readonly widths: readonly number[];

  constructor({ networks, items }: Component, levels: Levels, rows: readonly ItemRows[]) {
    this.all = items;
    this.items = items.map(() => 0);
    this.networks = networks.map(() => 0);
    this.levels = levels.map(level => [...level]);
    this.rows = itemsByRow(items, rows);
    this.groups = itemsByGroup(items);
    this.itemsOf = itemsByNetwork(networks.length, items);
    this.widths = this.itemsOf.map(own => widestRow(own, items, rows));
    for (const level of this.levels) this.arrange(level, this.networks);
    this.placeItems();
  }

  round(): void {
    const wishes = [...this.networks];
    for (const level of this.levels) {
      for (const network of level) wishes[network] = this.networkWish(network);
      level.sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0));
      this.arrange(level, wishes);
    }
    this.placeItems();
  }

  private arrange(level: readonly number[], wishes: readonly number[]): void {
    const at = spread(
      level.map(network => wishes[network] ?? 0),
      level.map(network => this.widths[network] ?? 1),
    );
    level.forEach((network, place) => (this.networks[network] = at[place] ?? 0));
  }

  private placeItems(): void {
    const wishes = this.all.map(item => this.wishOf(item));
    for (const members of this.groups) {
      const together = mean(members.map(item => wishes[item.index] ?? 0));
      for (const { index } of members) wishes[index] = together;
    }
    for (const row of this.rows) {
      // Nearly in order since the round before; those with one wish stay in the order of the file.
      row.sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0) || a - b);
      const at = spread(
        row.map(item => wishes[item] ?? 0),
        row.map(() => 1),
      );
      row.forEach((item, place) => (this.items[item] = at[place] ?? 0));
    }
  }

  private networkWish(network: number): number {
    return meanOf(this.itemsOf[network] ?? [], this.items) ?? this.networks[network] ?? 0;
  }

  private wishOf({ pin, networks }: Item): number {
    return pin?.column ?? meanOf(networks, this.networks) ?? 0;
  }
}

/** How many columns a network needs: the most that it has to itself in one row. */
function widestRow(own: readonly number[], items: readonly Item[], rows: readonly ItemRows[]): number {
  const counts = new Map<number, number>();
  let most = 1;
  for (const item of own) {
    const row = rows[item]?.row ?? 0;
    const count = (counts.get(row) ?? 0) + 1 / (items[item]?.networks.length ?? 1);
    counts.set(row, count);
    most = Math.max(most, count);
  }
  return most;
}

function itemsByRow(items: readonly Item[], rows: readonly ItemRows[]): readonly number[][] {
  const found = new Map<number, number[]>();
  for (const { index } of items) {
    const row = rows[index]?.row ?? 0;
    const own = found.get(row);
    if (own) own.push(index);
    else found.set(row, [index]);
  }
  return [...found.values()];
}

function itemsByNetwork(networkCount: number, items: readonly Item[]): readonly (readonly number[])[] {
  const found = Array.from({ length: networkCount }, (): number[] => []);
  for (const { index, networks } of items) for (const network of networks) found[network]?.push(index);
  return found;
}

function itemsByGroup(items: readonly Item[]): readonly (readonly Item[])[] {
  const found = new Map<number, Item[]>();
  for (const item of items) {
    if (item.group === undefined) continue;
    const own = found.get(item.group);
    if (own) own.push(item);
    else found.set(item.group, [item]);
  }
  return [...found.values()];
}

/** Of some of the values; undefined: of none. */
function meanOf(places: readonly number[], values: readonly number[]): number | undefined {
  if (places.length === 0) return undefined;
  let sum = 0;
  for (const place of places) sum += values[place] ?? 0;
  return sum / places.length;
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
