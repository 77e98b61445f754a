import type { GridCell } from './classic-grid.ts';
import type { FormerCells } from './clear-former.ts';
import type { Component, Item } from './clear-items.ts';
import type { ItemRows } from './clear-rows.ts';
import { Improvement } from './clear-improve.ts';
import { largest, smallest } from './extremes.ts';
import { TakenCells, type Block } from './taken-cells.ts';

/** What is put into the grid as one: an item with the way of its lines, or a group with all its members. */
interface Piece {
  /** Lower ones are placed first. */
  readonly rank: number;
  readonly wish: number;
  readonly blocks: readonly Block[];
  /** Columns as seen from the piece. */
  readonly items: readonly { readonly item: Item; readonly column: number; readonly rows: ItemRows }[];
  readonly isPinned: boolean;
}

/**
 * Brings items into whole columns, each as near to its wish as there is room: its own cell and those that its lines pass
 * through are free of others, and nobody else gets into a group's rectangle. What was there before comes first, and is not
 * moved for the better. Of each item; columns may be below 0.
 */
export function cellsOf(
  { items }: Component,
  rows: readonly ItemRows[],
  wishes: readonly number[],
  former: FormerCells | undefined,
): readonly GridCell[] {
  // Pins count from column 0; without any the columns are counted afterwards.
  const taken = new TakenCells(items.some(item => item.pin) ? 0 : -Infinity);
  const cells = new Array<GridCell>(items.length).fill({ column: 0, row: 0 });
  const pieces = piecesOf(items, rows, wishes, former).sort((a, b) => a.rank - b.rank || a.wish - b.wish);
  for (const { wish, blocks, items: members, isPinned } of pieces) {
    const at = isPinned ? wish : taken.nearest(Math.round(wish), blocks);
    taken.take(at, blocks);
    for (const { item, column, rows: own } of members) cells[item.index] = { column: at + column, row: own.row };
  }
  const movable = pieces.filter(piece => !piece.isPinned && piece.items.length === 1 && !isKept(piece.items, former));
  new Improvement(items, cells, taken).move(movable.flatMap(piece => piece.items));
  return cells;
}

const isKept = (items: Piece['items'], former: FormerCells | undefined): boolean =>
  former !== undefined && items.some(({ item }) => former[item.index] !== undefined);

/** What is hard to place goes first, and before it what was there before. */
function rankOf(items: Piece['items'], isPinned: boolean, former: FormerCells | undefined): number {
  const bonus = isKept(items, former) ? 1.5 : 0;
  if (isPinned) return -2 - bonus;
  const [only] = items;
  if (!only || items.length > 1) return 1 - bonus;
  return 2 + 1 / (1 + only.rows.bottom - only.rows.top) - bonus;
}

function piecesOf(
  items: readonly Item[],
  rows: readonly ItemRows[],
  wishes: readonly number[],
  former: FormerCells | undefined,
): Piece[] {
  const groups = new Map<number, Item[]>();
  const pieces: Piece[] = [];
  const rowsOf = (item: Item): ItemRows => rows[item.index] ?? { row: 0, top: 0, bottom: 0 };
  const wishOf = (item: Item): number => item.pin?.column ?? wishes[item.index] ?? 0;
  for (const item of items) {
    if (item.group === undefined) {
      const own = rowsOf(item);
      const block = { left: 0, right: 0, top: own.top, bottom: own.bottom };
      const isPinned = item.pin !== undefined;
      const members = [{ item, column: 0, rows: own }];
      const rank = rankOf(members, isPinned, former);
      pieces.push({ rank, wish: wishOf(item), blocks: [block], items: members, isPinned });
    } else {
      const members = groups.get(item.group);
      if (members) members.push(item);
      else groups.set(item.group, [item]);
    }
  }
  for (const members of groups.values()) pieces.push(groupPiece(members, rowsOf, wishOf, former));
  return pieces;
}

/** Members side by side, as tight as their lines allow; around those that are pinned. */
function groupPiece(
  members: readonly Item[],
  rowsOf: (item: Item) => ItemRows,
  wishOf: (item: Item) => number,
  former: FormerCells | undefined,
): Piece {
  const pinned = members.filter(item => item.pin);
  const base = smallest(pinned.map(wishOf));
  const inside = new TakenCells(-Infinity);
  const placed: Piece['items'][number][] = [];
  const ordered = [...pinned, ...members.filter(item => !item.pin).sort((a, b) => wishOf(a) - wishOf(b))];
  for (const item of ordered) {
    const rows = rowsOf(item);
    const block = { left: 0, right: 0, top: rows.top, bottom: rows.bottom };
    const column = item.pin ? item.pin.column - base : inside.firstFrom(0, [block]);
    inside.take(column, [block]);
    placed.push({ item, column, rows });
  }
  const rectangle: Block = {
    left: 0,
    right: largest(placed.map(one => one.column)),
    top: smallest(placed.map(one => one.rows.row)),
    bottom: largest(placed.map(one => one.rows.row)),
  };
  const lines = placed.map(({ column, rows }) => ({ left: column, right: column, top: rows.top, bottom: rows.bottom }));
  const middle = members.reduce((sum, item) => sum + wishOf(item), 0) / members.length;
  const wish = pinned.length > 0 ? base : middle - rectangle.right / 2;
  const isPinned = pinned.length > 0;
  const rank = rankOf(placed, isPinned, former);
  return { rank, wish, blocks: [rectangle, ...lines], items: placed, isPinned };
}
