import {
  directions,
  faultKeys,
  perfectWire,
  statesOf,
  type Amount,
  type BothFaults,
  type Direction,
  type FaultKey,
  type Faults,
  type WireFaults,
} from '../lab/wire-faults.ts';

/**
 * What wirefilter 2.3.2 is told and what it tells. It checks nothing (`loss abc` is taken as 0), so orders are made from
 * checked values only; and an order without `[state]` counts for the state that the wire happens to be in.
 */

/** wirefilter's names; jitter is a part of the delay. */
const orderNames: Readonly<Record<Exclude<FaultKey, 'jitter'>, { readonly order: string; readonly row: string }>> = {
  delay: { order: 'delay', row: 'Delay' },
  loss: { order: 'loss', row: 'Loss' },
  burst: { order: 'lostburst', row: 'Lburst' },
  duplicate: { order: 'dup', row: 'Dup' },
  bandwidth: { order: 'bandwidth', row: 'Bandw' },
  speed: { order: 'speed', row: 'Speed' },
  buffer: { order: 'chanbufsize', row: 'Cap.' },
  noise: { order: 'noise', row: 'Noise' },
  mtu: { order: 'mtu', row: 'MTU' },
};
export type OrderKey = keyof typeof orderNames;
export const orderKeys = faultKeys.filter(key => key !== 'jitter');

const marks: Readonly<Record<Direction, string>> = { there: 'LR', back: 'RL' };

/** It counts the two bytes of length that VDE sends before each frame, and the frame's own header of 14. */
const frameBytes = 16;

/** `20+5N`: what follows the name of an order and its direction. `0`: there is no such fault. */
function orderValue(key: OrderKey, faults: Faults): string {
  const amount = faults[key] ?? { value: 0 };
  if (key === 'mtu') return plain(amount.value === 0 ? 0 : amount.value + frameBytes);
  const spread: Amount = key === 'delay' ? (faults.jitter ?? { value: 0 }) : { ...amount, value: amount.spread ?? 0 };
  return spread.value === 0
    ? plain(amount.value)
    : `${plain(amount.value)}+${plain(spread.value)}${spread.isNormal ? 'N' : 'U'}`;
}

/** Never with an exponent. */
const plain = (value: number): string =>
  Number.isInteger(value) ? value.toFixed(0) : value.toFixed(6).replace(/0+$/, '');

/** The value of an order for both directions: `20+5N`, or `LR20 RL5`, one order a word. */
export function orderWords(key: OrderKey, { there, back }: WireFaults): string {
  const [one, other] = [orderValue(key, there), orderValue(key, back)];
  return one === other ? one : `${marks.there}${one} ${marks.back}${other}`;
}

/** What `orderWords` and people write, over what was before; undefined: it counts for one state only, or is no number. */
export function withOrderWords(key: OrderKey, text: string, before: BothFaults): BothFaults | undefined {
  let { there, back } = before;
  for (const word of text.split(/\s+/).filter(one => one !== '')) {
    const [, mark, digits, spread, shape] = /^(LR|RL)?([\d.]+[KMG]?)(?:\+([\d.]+[KMG]?)([UN])?)?$/.exec(word) ?? [];
    if (digits === undefined) return undefined;
    const amounts = amountsOf(key, numberOf(digits), numberOf(spread ?? '0'), shape === 'N');
    if (mark !== marks.back) there = { ...without(there, key), ...amounts };
    if (mark !== marks.there) back = { ...without(back, key), ...amounts };
  }
  return { there, back };
}

const multipliers: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const numberOf = (text: string): number => Number(text.replace(/[KMG]$/, '')) * (multipliers[text.slice(-1)] ?? 1);

const without = (faults: Faults, key: OrderKey): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([name]) => name !== key && (key !== 'delay' || name !== 'jitter')));

/** As wirefilter counts and tells them. */
function amountsOf(key: OrderKey, value: number, spread: number, isNormal: boolean): Faults {
  const normal = isNormal ? { isNormal: true as const } : {};
  if (key === 'mtu') return value > 0 ? { mtu: { value: value - frameBytes } } : {};
  if (key !== 'delay')
    return value + spread > 0 ? { [key]: { value, ...(spread > 0 ? { spread, ...normal } : {}) } } : {};
  return {
    ...(value > 0 ? { delay: { value } } : {}),
    ...(spread > 0 ? { jitter: { value: spread, ...normal } } : {}),
  };
}

/** What turns one wire into the other, one order a line; nothing else is touched. */
export function wirefilterOrders(from: WireFaults, to: WireFaults): readonly string[] {
  const [before, after] = [statesOf(from), statesOf(to)];
  const count = before.length === after.length ? [] : [`markov-numnodes ${after.length}`];
  const values = after.flatMap((state, at) => valueOrders(before[at] ?? { there: {}, back: {} }, state, at));
  const order = from.reorder === to.reorder ? [] : [`fifo ${to.reorder ? 0 : 1}`];
  return [...count, ...values, ...order, ...chainOrders(from, to)];
}

function valueOrders(
  from: Pick<WireFaults, Direction>,
  to: Pick<WireFaults, Direction>,
  state: number,
): readonly string[] {
  return orderKeys.flatMap(key => {
    const changed = directions.filter(way => orderValue(key, from[way]) !== orderValue(key, to[way]));
    const orders = changed.map(way => ({ way: marks[way], value: orderValue(key, to[way]) }));
    const [first, second] = orders;
    const both = first && first.value === second?.value ? [{ way: '', value: first.value }] : orders;
    return both.map(({ way, value }) => `${orderNames[key].order} ${way}${value}[${state}]`);
  });
}

function chainOrders(from: WireFaults, to: WireFaults): readonly string[] {
  if (!to.chain) return [];
  const { everyMs, states } = to.chain;
  const before = statesOf(from);
  const time = from.chain?.everyMs === everyMs ? [] : [`markov-time ${everyMs}`];
  const names = states.flatMap(({ name }, at) => (before[at]?.name === name ? [] : [`markov-name ${at},${name}`]));
  const edges = states.flatMap(({ to: next }, at) =>
    states.flatMap((_, other) => {
      const [was, is] = [before[at]?.to.get(other) ?? 0, next.get(other) ?? 0];
      return at === other || was === is ? [] : [{ order: `setedge ${at},${other},${plain(is)}`, grows: is > was }];
    }),
  );
  // What leaves a state is never more than all of it, not even in between.
  const sorted = [...edges].sort((a, b) => Number(a.grows) - Number(b.grows)).map(({ order }) => order);
  return [...time, ...names, ...sorted];
}

/** What makes a new wire change its state by chance, and what is wrong in all states but the first. */
export const chainOrdersOf = (faults: WireFaults): readonly string[] => {
  const { there, back } = faults;
  return faults.chain ? wirefilterOrders({ ...perfectWire, there, back, reorder: faults.reorder }, faults) : [];
};

/** One state as `showinfo` tells it. */
export interface WireInfo {
  readonly there: Faults;
  readonly back: Faults;
  readonly reorder: boolean;
  /** Undefined: the wire has one state. */
  readonly state:
    { readonly index: number; readonly name: string; readonly count: number; readonly everyMs: number } | undefined;
  /** Packets that wait for their time. */
  readonly waiting: number;
}

/** Undefined: the text is no answer of wirefilter. */
export function readShowinfo(text: string): WireInfo | undefined {
  if (!text.startsWith('WireFilter: ')) return undefined;
  const [, index, name = '', last, every] = /^Node (\d+) "(.*)" \(0,\.\.,(\d+)\) Markov-time (\d+)$/m.exec(text) ?? [];
  return {
    there: readWay(text, 'L->R'),
    back: readWay(text, 'R->L'),
    reorder: /^Fifoness FALSE/m.test(text),
    state:
      index === undefined ? undefined : { index: Number(index), name, count: Number(last) + 1, everyMs: Number(every) },
    waiting: Number(/^Waiting packets in delay queues (\d+)/m.exec(text)?.[1] ?? 0),
  };
}

function readWay(text: string, arrow: 'L->R' | 'R->L'): Faults {
  const found: Partial<Record<FaultKey, Amount>> = {};
  for (const key of orderKeys) {
    const row = text.split('\n').find(line => line.startsWith(`${orderNames[key].row} `)) ?? '';
    const told = row.slice(row.indexOf(arrow) + arrow.length).trim();
    const [, digits, more = '0', shape] = /^([\d.e+-]+?)(?:\+([\d.]+(?:e[+-]?\d+)?)([UN]))?(?:\s|$)/.exec(told) ?? [];
    Object.assign(found, amountsOf(key, Number(digits ?? 0), Number(more), shape === 'N'));
  }
  return found;
}

/** Where `showedges N` leads, in percent, without the way back to itself. */
export function readEdges(text: string): ReadonlyMap<number, number> {
  const edges = [...text.matchAll(/^Edge (\d+) ->(\d+) .* weigth ([\d.e+-]+)$/gm)];
  return new Map(edges.flatMap(([, from, to, weight]) => (from === to ? [] : [[Number(to), Number(weight)] as const])));
}
