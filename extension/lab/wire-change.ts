import {
  directions,
  perfectWire,
  type Amount,
  type BothFaults,
  type Direction,
  type FaultKey,
  type Faults,
  type WireFaults,
} from './wire-faults.ts';

/** One thing that is to be different about a wire; all else stays. */
export type WireChange =
  | { readonly kind: 'fault'; readonly ways: readonly Direction[]; readonly key: FaultKey; readonly amount: Amount }
  | { readonly kind: 'reorder'; readonly reorder: boolean }
  /** In place of all that was wrong with it. */
  | { readonly kind: 'preset'; readonly faults: WireFaults };

/** Makes the changes in their order. Of a wire with states each state has the faults. */
export const changedWire = (wire: WireFaults, changes: readonly WireChange[]): WireFaults =>
  changes.reduce((now, change) => oneChange(now, change), wire);

function oneChange(now: WireFaults, change: WireChange): WireFaults {
  if (change.kind === 'preset') return { ...perfectWire, ...change.faults };
  if (change.kind === 'reorder') return { ...now, reorder: change.reorder };
  const changed = <Ways extends BothFaults>(ways: Ways): Ways => ({ ...ways, ...changedWays(ways, change) });
  const chain = now.chain && { ...now.chain, states: now.chain.states.map(changed) };
  return { ...changed(now), chain };
}

function changedWays(
  ways: BothFaults,
  { ways: which, key, amount }: Extract<WireChange, { kind: 'fault' }>,
): BothFaults {
  const [there, back] = directions.map(way => (which.includes(way) ? withAmount(ways[way], key, amount) : ways[way]));
  return { there: there ?? {}, back: back ?? {} };
}

function withAmount(faults: Faults, key: FaultKey, amount: Amount): Faults {
  if (amount.value + (amount.spread ?? 0) > 0) return { ...faults, [key]: amount };
  return Object.fromEntries(Object.entries(faults).filter(([name]) => name !== key));
}
