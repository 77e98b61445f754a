import { hostMask, networkOf, type Cidr } from './cidr.ts';
import { randomBelow, type Random32 } from './random.ts';

/** Networks of one size that lie side by side, none of them taken. */
interface Run {
  /** The first one's address. */
  readonly start: bigint;
  /** How many free networks lie in the runs before this one. */
  readonly before: bigint;
}

/**
 * All networks of one size in some ranges that share no address with any that is taken. They are counted and numbered
 * (0 … count − 1, by address within each range), never listed, so that the ranges may be as large as they like.
 */
export class FreeNetworks {
  readonly count: bigint;
  private readonly prefix: number;
  private readonly family: 4 | 6;
  private readonly size: bigint;
  private readonly runs: readonly Run[];

  /** `ranges` do not overlap, and all are of one family; what is taken may be anything. */
  constructor(ranges: readonly Cidr[], prefix: number, taken: readonly Cidr[]) {
    this.prefix = prefix;
    this.family = ranges[0]?.family ?? 4;
    this.size = hostMask({ family: this.family, value: 0n, prefix }) + 1n;
    const spans = taken.filter(({ family }) => family === this.family).map(spanOf);
    spans.sort((a, b) => (a.first < b.first ? -1 : 1));
    const runs: Run[] = [];
    let count = 0n;
    for (const range of ranges.filter(one => one.prefix <= prefix)) {
      for (const { start, end } of this.gaps(spanOf(range), spans)) {
        runs.push({ start, before: count });
        count += (end - start) / this.size;
      }
    }
    [this.runs, this.count] = [runs, count];
  }

  /** Number `index` of the free ones; `index` is from 0 to `count` − 1. */
  at(index: bigint): Cidr {
    let [low, high] = [0, this.runs.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.runs[middle]?.before ?? 0n) <= index) low = middle;
      else high = middle;
    }
    const { start, before } = this.runs[low] ?? { start: 0n, before: 0n };
    return { family: this.family, prefix: this.prefix, value: start + (index - before) * this.size };
  }

  /**
   * So many different ones (`number` is at most `count`), every choice and order equally likely: a shuffle of all
   * of them that stops as soon as there are enough, and remembers only what it has moved.
   */
  draw(number: number, random: Random32): readonly Cidr[] {
    const moved = new Map<bigint, bigint>();
    return Array.from({ length: number }, (_, drawn) => {
      const place = BigInt(drawn);
      const chosen = place + randomBelow(this.count - place, random);
      const index = moved.get(chosen) ?? chosen;
      moved.set(chosen, moved.get(place) ?? place);
      return this.at(index);
    });
  }

  /** Where whole networks fit between those that are taken; `end` is the address behind the last one. */
  private gaps(
    { first, last }: Span,
    taken: readonly Span[],
  ): readonly { readonly start: bigint; readonly end: bigint }[] {
    const gaps: { readonly start: bigint; readonly end: bigint }[] = [];
    let start = first;
    for (const one of [...taken.filter(span => span.last >= first && span.first <= last), behind(last)]) {
      const end = one.first - (one.first % this.size);
      if (end > start) gaps.push({ start, end });
      const next = one.last - (one.last % this.size) + this.size;
      if (next > start) start = next;
    }
    return gaps;
  }
}

/** Its first and its last address. */
interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

function spanOf(cidr: Cidr): Span {
  const { value } = networkOf(cidr);
  return { first: value, last: value + hostMask(cidr) };
}

const behind = (last: bigint): Span => ({ first: last + 1n, last: last + 1n });
