import { writeAmount } from '../../lab/fault-amounts.ts';
import type { ScenarioDeed, ScenarioStep } from '../../lab/scenario.ts';
import type { WireChange } from '../../lab/wire-change.ts';
import { faultKeys, type FaultKey } from '../../lab/wire-faults.ts';
import { faultWords } from '../../lab/fault-words.ts';

/** `wire lan-dmz: loss=5%`, `VM web paused`. */
export function deedWords(deed: ScenarioDeed): string {
  switch (deed.kind) {
    case 'wire':
      return `wire ${deed.wire}: ${changeWords(deed.changes).join(', ')}`;
    case 'flap':
      return `wire ${deed.wire} flaps every ${timeWords(deed.everyMs)}`;
    case 'pause':
      return `VM ${deed.vm} paused`;
    case 'kill':
      return `switch ${deed.switch} killed`;
  }
}

/** `at 30s for 1m`, `at 30s to 40s for 1m`. */
export function stepTimes({ atMs, randomMs, forMs }: ScenarioStep): string {
  const until = randomMs === 0 ? '' : ` to ${timeWords(atMs + randomMs)}`;
  return `at ${timeWords(atMs)}${until} for ${timeWords(forMs)}`;
}

/** What is said last, however it ended, if nothing was left behind. */
export const overWords = (scenario: string): string => `${scenario} is over, and all is as it was.`;

/** As it is written in lab files. */
export const timeWords = (ms: number): string =>
  ms % 1000 !== 0 ? `${ms}ms` : ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000}m` : `${ms / 1000}s`;

/** What a preset has is told in words, the rest as `kvmlab wire` takes it. */
function changeWords(changes: readonly WireChange[]): readonly string[] {
  const presets = changes.flatMap(change =>
    change.kind === 'preset' ? [faultWords(change.faults, ['there', 'back'])] : [],
  );
  const orders = changes.flatMap(change =>
    change.kind === 'reorder' ? [`reorder=${change.reorder ? 'yes' : 'no'}`] : [],
  );
  return [...presets, ...faultKeys.flatMap(key => amountWords(key, changes)), ...orders];
}

function amountWords(key: FaultKey, changes: readonly WireChange[]): readonly string[] {
  const own = changes.flatMap(change =>
    change.kind === 'fault' && change.key === key
      ? change.ways.map(way => ({ way, words: `${key}=${writeAmount(key, change.amount)}` }))
      : [],
  );
  const [first, second] = own;
  if (first && first.words === second?.words) return [first.words];
  return own.map(({ way, words }) => `${way}.${words}`);
}
