import {
  wireDirections,
  wireFaultKeys,
  type WireAmount,
  type WireDirection,
  type WireFaultKey,
  type WireWay,
  type WireWays,
} from '../protocol.ts';

/** What was changed and is not in force yet: by direction and fault, 0 for none. Everything else follows the wire. */
export type WireEdits = Readonly<Record<WireDirection, Readonly<Partial<Record<WireFaultKey, WireAmount>>>>>;

export const noEdits: WireEdits = { there: {}, back: {} };

const none: WireAmount = { value: 0 };

/** What is shown: what the wire has, with the edits over it. */
export const withEdits = (base: WireWays, edits: WireEdits): WireWays => ({
  there: real({ ...base.there, ...edits.there }),
  back: real({ ...base.back, ...edits.back }),
});

const real = (way: WireWay): WireWay =>
  Object.fromEntries(Object.entries(way).filter(([, { value, spread = 0 }]) => value + spread > 0));

/** The edits after one value was set in these directions. How it spreads stays, as far as the value leaves room for it. */
export function setValue(
  base: WireWays,
  edits: WireEdits,
  key: WireFaultKey,
  value: number,
  directions: readonly WireDirection[],
): WireEdits {
  const shown = withEdits(base, edits);
  const next = { ...edits };
  for (const direction of directions) {
    const { spread = 0, isNormal } = shown[direction][key] ?? none;
    const room = Math.min(spread, value);
    const amount = { value, ...(room > 0 && { spread: room }), ...(isNormal && value > 0 && { isNormal }) };
    next[direction] = { ...next[direction], [key]: amount };
  }
  return settled(base, next);
}

/** As if every value of these faults had been set; those that they leave out are none. */
export function setAll(base: WireWays, ways: WireWays): WireEdits {
  const all = (way: WireWay): WireWay => Object.fromEntries(wireFaultKeys.map(key => [key, way[key] ?? none]));
  return settled(base, { there: all(ways.there), back: all(ways.back) });
}

/** One direction's values for both. */
export const copied = (base: WireWays, edits: WireEdits, from: WireDirection): WireEdits => {
  const way = withEdits(base, edits)[from];
  return setAll(base, { there: way, back: way });
};

/** The edits that still change something; of values that are as wished by now, none is left. */
export function settled(base: WireWays, edits: WireEdits): WireEdits {
  const left = (direction: WireDirection): WireWay =>
    Object.fromEntries(
      Object.entries(edits[direction]).filter(
        ([key, amount]) => !isSame(amount, base[direction][key as WireFaultKey] ?? none),
      ),
    );
  return { there: left('there'), back: left('back') };
}

export const isEdited = (edits: WireEdits): boolean =>
  wireDirections.some(direction => Object.keys(edits[direction]).length > 0);

/** Whether both directions are alike. */
export const isLinked = ({ there, back }: WireWays): boolean =>
  wireFaultKeys.every(key => isSame(there[key] ?? none, back[key] ?? none));

/** wirefilter tells numbers with six decimals at most. */
const isSame = (a: WireAmount, b: WireAmount): boolean =>
  near(a.value, b.value) && near(a.spread ?? 0, b.spread ?? 0) && (a.isNormal === true) === (b.isNormal === true);

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
