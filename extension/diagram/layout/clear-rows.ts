import type { GridCell } from './classic-grid.ts';
import type { Component, Item } from './clear-items.ts';
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

/** By index of the item; `former`: where items would like to stay if they can. */
export function rowsOf(
  { items }: Component,
  levels: Levels,
  former: ReadonlyMap<number, GridCell> | undefined,
): ReadonlyMap<number, ItemRows> {
  const levelOf = new Map(levels.flatMap((level, index) => level.map(network => [network, index] as const)));
  const choice = new RowChoice(levelOf);
  const rows = new Map<number, ItemRows>();
  let loose = 0;
  const open = items.map(item => {
    const own = item.networks.map(network => levelOf.get(network) ?? 0);
    const all = item.networks.length === 0 ? [Math.floor(loose++ / looseInRow)] : optionsOf(item, own);
    const kept = all.filter(row => row === former?.get(item.index)?.row);
    const options = kept.length > 0 ? kept : all;
    choice.vote(item, options);
    return { item, own, options };
  });
  for (const { item, own, options } of open.toSorted((a, b) => a.options.length - b.options.length)) {
    const row = choice.choose(item, options);
    const top = Math.min(row, own.length === 0 ? row : smallest(own) + 1);
    rows.set(item.index, { row, top, bottom: Math.max(row, largest(own)) });
  }
  return rows;
}

/** How many empty levels go before the others, so that what is pinned stands where it would stand without the pin. */
export function levelsBefore({ items }: Component, levels: Levels): number {
  const levelOf = new Map(levels.flatMap((level, index) => level.map(network => [network, index] as const)));
  const shifts = items.flatMap(item => {
    if (!item.pin || item.networks.length === 0) return [];
    const own = item.networks.map(network => levelOf.get(network) ?? 0);
    return [Math.max(0, item.pin.row - largest(optionsOf({ ...item, pin: undefined }, own)))];
  });
  return smallest(shifts);
}

/** What hangs on several levels stands right below the first one, what hangs on one level on either side of it. */
function optionsOf({ pin, isOutside }: Item, levels: readonly number[]): readonly number[] {
  const [first, last] = [smallest(levels), largest(levels)];
  if (pin) return [pin.row];
  if (last > first) return [first + 1];
  return isOutside && first === 0 ? [0] : [first, first + 1];
}

/** Members of a group go to the row that most of them can be in; others to the emptier side of their bus, rather below. */
class RowChoice {
  private readonly sides: BusSides;
  /** Of each group, how many members can be in which row. */
  private readonly votes = new Map<number, Map<number, number>>();

  constructor(levelOf: ReadonlyMap<number, number>) {
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
  private readonly levelOf: ReadonlyMap<number, number>;
  private readonly above = new Map<number, number>();
  private readonly below = new Map<number, number>();

  constructor(levelOf: ReadonlyMap<number, number>) {
    this.levelOf = levelOf;
  }

  add(item: Item, row: number): void {
    for (const network of item.networks) {
      const side = row <= (this.levelOf.get(network) ?? 0) ? this.above : this.below;
      side.set(network, (side.get(network) ?? 0) + 1);
    }
  }

  emptier({ networks }: Item, level: number): number {
    const count = (side: ReadonlyMap<number, number>): number => largest(networks.map(one => side.get(one) ?? 0));
    return count(this.above) + 1 < count(this.below) ? level : level + 1;
  }
}
