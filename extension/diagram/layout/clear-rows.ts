import type { Component, Item } from './clear-items.ts';
import type { FormerCells } from './clear-former.ts';
import type { Levels } from './clear-levels.ts';
import { largest, smallest } from './extremes.ts';

/** A row of items lies above each level and below the last one: row 0, level 0, row 1, level 1, … */
export interface ItemRows {
  readonly row: number;
  /** The rows whose cells have to be free in the item's column: its own, and those that its lines go through. */
  readonly top: number;
  readonly bottom: number;
}

/** Of items that hang on nothing. */
const looseInRow = 8;

/** Of each item; `former`: where items would like to stay if they can. */
export function rowsOf({ items }: Component, levels: Levels, former: FormerCells | undefined): readonly ItemRows[] {
  const levelOf = levelsByNetwork(levels);
  const choice = new RowChoice(levelOf);
  let loose = 0;
  const open = items.map((item): OpenRow => {
    const { networks, index } = item;
    const isLoose = networks.length === 0;
    const first = isLoose ? 0 : smallestOf(networks, levelOf);
    const last = isLoose ? 0 : largestOf(networks, levelOf);
    const all = isLoose ? [Math.floor(loose++ / looseInRow)] : optionsOf(item, first, last);
    const kept = former?.[index]?.row;
    const options = kept !== undefined && all.length > 1 && all.includes(kept) ? [kept] : all;
    choice.vote(item, options);
    return { item, first, last, options };
  });
  const rows = new Array<ItemRows>(items.length).fill({ row: 0, top: 0, bottom: 0 });
  // Who has no choice goes first.
  for (const isOpen of [false, true])
    for (const { item, first, last, options } of open) {
      if (options.length > 1 !== isOpen) continue;
      const row = choice.choose(item, options);
      const top = item.networks.length === 0 ? row : Math.min(row, first + 1);
      rows[item.index] = { row, top, bottom: Math.max(row, last) };
    }
  return rows;
}

interface OpenRow {
  readonly item: Item;
  /** The levels that it hangs on. */
  readonly first: number;
  readonly last: number;
  /** The rows that it can be in: one, or one above its level and one below. */
  readonly options: readonly number[];
}

/** How many empty levels go before the others, so that what is pinned stands where it would stand without the pin. */
export function levelsBefore({ items }: Component, levels: Levels): number {
  const levelOf = levelsByNetwork(levels);
  const shifts = items.flatMap(item => {
    const { networks, pin } = item;
    if (!pin || networks.length === 0) return [];
    const [first, last] = [smallestOf(networks, levelOf), largestOf(networks, levelOf)];
    return [Math.max(0, pin.row - largest(optionsOf({ ...item, pin: undefined }, first, last)))];
  });
  return smallest(shifts);
}

function levelsByNetwork(levels: Levels): readonly number[] {
  const levelOf: number[] = [];
  levels.forEach((level, index) => {
    for (const network of level) levelOf[network] = index;
  });
  return levelOf;
}

function smallestOf(networks: readonly number[], levelOf: readonly number[]): number {
  let least = Infinity;
  for (const network of networks) least = Math.min(least, levelOf[network] ?? 0);
  return least;
}

function largestOf(networks: readonly number[], levelOf: readonly number[]): number {
  let most = 0;
  for (const network of networks) most = Math.max(most, levelOf[network] ?? 0);
  return most;
}

/** What hangs on several levels stands right below the first one, what hangs on one level on either side of it. */
function optionsOf({ pin, isOutside }: Item, first: number, last: number): readonly number[] {
  if (pin) return [pin.row];
  if (last > first) return [first + 1];
  return isOutside && first === 0 ? [0] : [first, first + 1];
}

/** Members of a group go to the row that most of them can be in; others to the emptier side of their bus, rather below. */
class RowChoice {
  private readonly sides: BusSides;
  /** Of each group, how many members can be in which row. */
  private readonly votes = new Map<number, Map<number, number>>();

  constructor(levelOf: readonly number[]) {
    this.sides = new BusSides(levelOf);
  }

  vote({ group }: Item, options: readonly number[], weight = 1): void {
    if (group === undefined) return;
    const votes = this.votes.get(group) ?? new Map<number, number>();
    this.votes.set(group, votes);
    for (const row of options) votes.set(row, (votes.get(row) ?? 0) + weight);
  }

  choose(item: Item, [above = 0, below = above]: readonly number[]): number {
    const votes = this.votes.get(item.group ?? -1);
    const lead = (votes?.get(below) ?? 0) - (votes?.get(above) ?? 0);
    const emptier = above === below ? below : this.sides.emptier(item, above);
    const row = lead === 0 ? emptier : lead > 0 ? below : above;
    this.sides.add(item, row);
    this.vote(item, [row]);
    return row;
  }
}

/** How many items each network has above and below. */
class BusSides {
  private readonly levelOf: readonly number[];
  private readonly above: number[];
  private readonly below: number[];

  constructor(levelOf: readonly number[]) {
    this.levelOf = levelOf;
    this.above = levelOf.map(() => 0);
    this.below = levelOf.map(() => 0);
  }

  add({ networks }: Item, row: number): void {
    for (const network of networks) {
      const side = row <= (this.levelOf[network] ?? 0) ? this.above : this.below;
      side[network] = (side[network] ?? 0) + 1;
    }
  }

  emptier({ networks }: Item, level: number): number {
    return largestOf(networks, this.above) + 1 < largestOf(networks, this.below) ? level : level + 1;
  }
}
