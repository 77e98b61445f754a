/**
 * Which cells of a grid are taken. Each row remembers, for every taken column, a free one to its right, and shortens the
 * way on each look, so that looking for a place stays quick in rows of a thousand nodes.
 */
export class OccupiedCells {
  private readonly rows = new Map<number, Map<number, number>>();

  /** Columns `left` to `right` of rows `top` to `bottom`, all included. */
  take(left: number, top: number, right = left, bottom = top): void {
    for (let row = top; row <= bottom; row += 1) {
      const next = this.rows.get(row) ?? new Map<number, number>();
      this.rows.set(row, next);
      for (let column = left; column <= right; column += 1) if (!next.has(column)) next.set(column, column + 1);
    }
  }

  /** The first column from `start` on in which rows `top` to `bottom` are free. */
  freeColumn(start: number, top: number, bottom: number): number {
    let column = start;
    for (let isFree = false; !isFree;) {
      isFree = true;
      for (let row = top; row <= bottom; row += 1) {
        const free = this.freeInRow(row, column);
        isFree &&= free === column;
        column = free;
      }
    }
    return column;
  }

  private freeInRow(row: number, start: number): number {
    const next = this.rows.get(row);
    if (!next) return start;
    let free = start;
    for (let step = next.get(free); step !== undefined; step = next.get(free)) free = step;
    for (let column = start; column < free;) {
      const step = next.get(column) ?? free;
      next.set(column, free);
      column = step;
    }
    return free;
  }
}
