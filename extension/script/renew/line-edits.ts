/** How one list of lines became another. Lines are counted from 1, in the new list. */
export interface LineEdits {
  /** Lines that were changed or added. */
  readonly changed: readonly number[];
  /** Lines in front of which something was taken out. */
  readonly removedBefore: readonly number[];
}

/** The difference of two lists of hashes: what is left of a longest common subsequence. */
export function lineEdits(before: readonly string[], after: readonly string[]): LineEdits {
  const top = commonLength(before, after);
  const bottom = commonLength(before.slice(top).reverse(), after.slice(top).reverse());
  const [old, now] = [before.slice(top, before.length - bottom), after.slice(top, after.length - bottom)];
  const lengths = commonLengths(old, now);
  const at = (row: number, column: number): number => lengths[row * (now.length + 1) + column] ?? 0;
  const changed: number[] = [];
  const removedBefore: number[] = [];
  for (let [row, column] = [0, 0]; row < old.length || column < now.length;) {
    if (row < old.length && column < now.length && old[row] === now[column]) [row, column] = [row + 1, column + 1];
    else if (column < now.length && (row >= old.length || at(row, column + 1) >= at(row + 1, column))) {
      column += 1;
      changed.push(top + column);
    } else {
      row += 1;
      removedBefore.push(top + column + 1);
    }
  }
  // A line that was changed counts as one taken out and one put in its place.
  const isNextToChange = (line: number): boolean => changed.includes(line) || changed.includes(line - 1);
  return { changed, removedBefore: [...new Set(removedBefore)].filter(line => !isNextToChange(line)) };
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((line, index) => line !== b[index]);
  return at < 0 ? Math.min(a.length, b.length) : at;
}

/** Lengths of the longest common subsequences of all ends, row by row, one column more than `now` has lines. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const [down = 0, right = 0] = [lengths[(row + 1) * width + column], lengths[row * width + column + 1]];
      const diagonal = (lengths[(row + 1) * width + column + 1] ?? 0) + 1;
      lengths[row * width + column] = old[row] === now[column] ? diagonal : Math.max(down, right);
    }
  }
  return lengths;
}
