import { readAmount, writeAmount } from '../../lab/fault-amounts.ts';
import { faultKeys, type BothFaults, type Faults, type WireChain, type WireFaults } from '../../lab/wire-faults.ts';
import { listOf, member, textOf } from '../../qemu/json-value.ts';

/** What is wrong with a wire as plain data, amounts as people write them: `{ there: { delay: '20ms' }, back: {} }`. */
export interface PlainWire extends PlainWays {
  readonly reorder: boolean;
  readonly chain?: {
    readonly everyMs: number;
    readonly states: readonly (PlainWays & {
      readonly name: string;
      readonly to: readonly (readonly [number, number])[];
    })[];
  };
}

interface PlainWays {
  readonly there: PlainFaults;
  readonly back: PlainFaults;
}

type PlainFaults = Readonly<Record<string, string>>;

export const plainFaults = ({ chain, reorder, ...ways }: WireFaults): PlainWire => ({
  ...plainWays(ways),
  reorder,
  ...(chain
    ? {
        chain: {
          everyMs: chain.everyMs,
          states: chain.states.map(({ name, to, ...one }) => ({ name, to: [...to], ...plainWays(one) })),
        },
      }
    : {}),
});

const plainWays = ({ there, back }: BothFaults): PlainWays => ({ there: plainWay(there), back: plainWay(back) });

const plainWay = (faults: Faults): PlainFaults =>
  Object.fromEntries(faultKeys.flatMap(key => (faults[key] ? [[key, writeAmount(key, faults[key])]] : [])));

/** Undefined: it says nothing that wirefilter could be told. */
export function readFaults(value: unknown): WireFaults | undefined {
  const ways = readWays(value);
  const chain = member(value, 'chain') === undefined ? undefined : readChain(member(value, 'chain'));
  if (!ways || (member(value, 'chain') !== undefined && !chain)) return undefined;
  return { ...ways, reorder: member(value, 'reorder') === true, chain };
}

function readWays(value: unknown): BothFaults | undefined {
  const [there, back] = [readWay(member(value, 'there')), readWay(member(value, 'back'))];
  return there && back && { there, back };
}

function readWay(value: unknown): Faults | undefined {
  const read = faultKeys.flatMap(key => {
    const text = textOf(member(value, key));
    return text === undefined ? [] : [[key, readAmount(key, text)] as const];
  });
  return read.every(([, amount]) => amount !== undefined) ? Object.fromEntries(read) : undefined;
}

function readChain(value: unknown): WireChain | undefined {
  const everyMs = member(value, 'everyMs');
  const states = listOf(member(value, 'states')).map(one => {
    const ways = readWays(one);
    const to = listOf(member(one, 'to')).flatMap(pair => {
      const [other, percent] = listOf(pair);
      return typeof other === 'number' && typeof percent === 'number' ? [[other, percent] as const] : [];
    });
    return ways && { ...ways, name: textOf(member(one, 'name')) ?? '', to: new Map(to) };
  });
  if (typeof everyMs !== 'number' || !(everyMs > 0) || states.length === 0) return undefined;
  const sound = states.filter(state => state !== undefined);
  return sound.length === states.length ? { everyMs, states: sound } : undefined;
}
