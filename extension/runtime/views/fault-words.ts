import { writeAmount } from '../../lab/fault-amounts.ts';
import type { WireInfo } from '../../vde/wirefilter.ts';
import type { LabSnapshot } from '../state.ts';
import {
  isPerfect,
  perfectWire,
  type Amount,
  type FaultKey,
  type Faults,
  type WireFaults,
} from '../../lab/wire-faults.ts';

/** What is wrong with a wire, short enough for a row: `20 ms ±5 ms, 1 % loss`; empty: nothing. */
export function faultWords(faults: WireFaults, [first, second]: readonly [string, string]): string {
  if (isPerfect(faults)) return '';
  const { there, back, reorder, chain } = faults;
  if (chain) return `changes between ${chain.states.map(({ name }) => name).join(', ')}`;
  const [one, other] = [wayWords(there), wayWords(back)];
  const ways = one === other ? [one] : [named(`${first} → ${second}`, one), named(`${second} → ${first}`, other)];
  return [...ways, reorder ? 'reordered' : ''].filter(words => words !== '').join('; ');
}

const named = (way: string, words: string): string => (words === '' ? '' : `${way}: ${words}`);

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

/** The most telling first. */
const parts: readonly (readonly [FaultKey, (amount: string) => string])[] = [
  ['delay', amount => amount],
  ['jitter', amount => `±${amount}`],
  ['loss', amount => `${amount} loss`],
  ['burst', amount => `in bursts of ${amount}`],
  ['duplicate', amount => `${amount} twice`],
  ['bandwidth', amount => `${amount}/s`],
  ['speed', amount => `interface of ${amount}/s`],
  ['buffer', amount => `${amount} may wait`],
  ['noise', amount => `${amount} bad bits/MB`],
  ['mtu', amount => `MTU ${amount}`],
];

function wayWords(faults: Faults): string {
  const words = parts.flatMap(([key, say]) => (faults[key] ? [{ key, text: say(spaced(key, faults[key])) }] : []));
  // What varies the delay, and what groups the losses, belongs to the word before it.
  return words
    .map(({ key, text }, at) => (at === 0 ? '' : key === 'jitter' || key === 'burst' ? ' ' : ', ') + text)
    .join('');
}

/** `20ms` as `20 ms`; in which form it varies is too much for a row. */
const spaced = (key: FaultKey, amount: Amount): string =>
  writeAmount(key, amount)
    .replace(/ normal$/, '')
    .replaceAll(/(\d)(?=[A-Za-z%])/g, '$1 ');

/** In place of a running one's, so that a bad wire has a shape of its own. */
export const badWireIcon = { name: 'warning', colour: 'list.warningForeground' };
