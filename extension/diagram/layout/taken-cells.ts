/** Some columns of some rows, all included; columns as seen from where the whole thing is put. */
export interface Block {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Which cells of a grid are taken. */
export class TakenCells {
  /** There are no columns left of it. */
  private readonly leftmost: number;
  /** Of each row, its taken columns. */
  private readonly rows: Set<number>[] = [];

  constructor(leftmost: number) {
    this.leftmost = leftmost;
  }

  take(at: number, blocks: readonly Block[]): void {
    for (const { left, right, top, bottom } of blocks)
      for (let row = top; row <= bottom; row += 1) {
        const columns = (this.rows[row] ??= new Set());
        for (let column = at + left; column <= at + right; column += 1) columns.add(column);
      }
  }

  release(at: number, blocks: readonly Block[]): void {
    for (const { left, right, top, bottom } of blocks)
      for (let row = top; row <= bottom; row += 1)
        for (let column = at + left; column <= at + right; column += 1) this.rows[row]?.delete(column);
  }

  nearest(wish: number, blocks: readonly Block[]): number {
    for (let distance = 0; ; distance += 1) {
      if (this.isFree(wish + distance, blocks)) return wish + distance;
      if (this.isFree(wish - distance, blocks)) return wish - distance;
    }
  }

  firstFrom(column: number, blocks: readonly Block[]): number {
    let at = column;
    while (!this.isFree(at, blocks)) at += 1;
    return at;
  }

  isFree(at: number, blocks: readonly Block[]): boolean {
    for (const { left, right, top, bottom } of blocks) {
      if (at + left < this.leftmost) return false;
      for (let row = top; row <= bottom; row += 1) {
        const columns = this.rows[row];
        for (let column = at + left; columns && column <= at + right; column += 1)
          if (columns.has(column)) return false;
      }
    }
    return true;
  }
}
