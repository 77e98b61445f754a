import { faultWords } from '../../lab/fault-words.ts';
import { perfectWire, type WireFaults } from '../../lab/wire-faults.ts';
import type { WireInfo } from '../../vde/wirefilter.ts';
import type { LabSnapshot } from '../state.ts';

/** What a wirefilter told: `bad: 100 % loss` of a wire that is in the state of this name now; empty: nothing is wrong. */
function infoWords({ there, back, reorder, state }: WireInfo, ends: readonly [string, string]): string {
  const words = faultWords({ there, back, reorder, chain: undefined }, ends);
  return state ? `${state.name}: ${words === '' ? 'nothing wrong' : words}` : words;
}

/** What is wrong with a wire of a lab: what it told, else what the file says. */
export function wireWords(
  { told }: LabSnapshot,
  name: string,
  faults: WireFaults | undefined,
  ends: readonly [string, string],
): string {
  const info = told?.get(name);
  return info ? infoWords(info, ends) : faultWords(faults ?? perfectWire, ends);
}

/** In place of a running one's, so that a bad wire has a shape of its own. */
export const badWireIcon = { name: 'warning', colour: 'list.warningForeground' };
