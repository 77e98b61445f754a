import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { PictureSegment } from '../../extension/diagram/live.ts';

/** What is set off in the picture. */
export interface Marks {
  readonly selected: ReadonlySet<ThingId>;
  /** Where the keyboard is. */
  readonly focused: ThingId | undefined;
  readonly hovered: ThingId | undefined;
  /** All others are dimmed. Undefined: nothing is. */
  readonly lit: ReadonlySet<ThingId> | undefined;
}

export interface Filters {
  /** Only what is in this VLAN. */
  readonly vlan: number | undefined;
  /** Only who can reach the selected ones. */
  readonly isReachShown: boolean;
  /** What a search found; undefined: nobody searches. */
  readonly found: ReadonlySet<ThingId> | undefined;
}

/** What passes all filters. */
export function litThings(
  { vlan, isReachShown, found }: Filters,
  selected: ReadonlySet<ThingId>,
  segments: readonly PictureSegment[],
): ReadonlySet<ThingId> | undefined {
  const inVlan = vlan === undefined ? segments : segments.filter(one => one.vlan === vlan);
  const ofSelected = inVlan.filter(({ things }) => things.some(thing => selected.has(thing)));
  const isReach = isReachShown && selected.size > 0;
  const shown = isReach ? ofSelected : inVlan;
  const reached = vlan === undefined && !isReach ? undefined : union(shown, isReach ? selected : []);
  if (!reached || !found) return reached ?? found;
  return new Set([...reached].filter(thing => found.has(thing)));
}

const union = (segments: readonly PictureSegment[], more: Iterable<ThingId>): ReadonlySet<ThingId> =>
  new Set([...segments.flatMap(({ things }) => things), ...more]);
