/** What wants to stand somewhere on a line, and takes some of it. */
export interface Wish {
  readonly at: number;
  readonly width: number;
}

/**
 * Where things in a row come to stand, each as near to its wish as it can without overlapping the next one or changing
 * the order: the least sum of squares, in linear time. Centres, in the order of the wishes.
 */
export function spread(wishes: readonly Wish[]): readonly number[] {
  const offsets: number[] = [];
  let end = 0;
  for (const { width } of wishes) {
    offsets.push(end + width / 2);
    end += width;
  }
  // Where one wants to be left of its left neighbour, both become a block that goes to their mean.
  const blocks: { sum: number; count: number }[] = [];
  wishes.forEach(({ at }, index) => {
    let block = { sum: at - (offsets[index] ?? 0), count: 1 };
    for (let last = blocks.at(-1); last && last.sum * block.count >= block.sum * last.count; last = blocks.at(-1)) {
      block = { sum: block.sum + last.sum, count: block.count + last.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const shifts = blocks.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  return offsets.map((offset, index) => offset + (shifts[index] ?? 0));
}
