/**
 * Where things in a row come to stand, each as near to its wish as it can without overlapping the next one or changing
 * the order: the least sum of squares, in linear time. `wishes`: the centres that they would like; `widths`: how much of
 * the line each takes. Gives the centres, in the order of the wishes.
 */
export function spread(wishes: readonly number[], widths: readonly number[]): readonly number[] {
  const offsets = offsetsOf(widths);
  // Where one wants to be left of its left neighbour, both become a block that goes to their mean.
  const sums: number[] = [];
  const counts: number[] = [];
  wishes.forEach((wish, index) => {
    let sum = wish - (offsets[index] ?? 0);
    let count = 1;
    for (let last = sums.length - 1; last >= 0; last -= 1) {
      const lastSum = sums[last] ?? 0;
      const lastCount = counts[last] ?? 1;
      if (lastSum * count < sum * lastCount) break;
      sum += lastSum;
      count += lastCount;
      sums.pop();
      counts.pop();
    }
    sums.push(sum);
    counts.push(count);
  });
  let place = 0;
  sums.forEach((sum, block) => {
    const count = counts[block] ?? 1;
    for (const end = place + count; place < end; place += 1) offsets[place] = (offsets[place] ?? 0) + sum / count;
  });
  return offsets;
}

/** Centres of things that stand side by side from 0 on. */
function offsetsOf(widths: readonly number[]): number[] {
  let end = 0;
  return widths.map(width => {
    const centre = end + width / 2;
    end += width;
    return centre;
  });
}
