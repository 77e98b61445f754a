import { writeAmount } from './fault-amounts.ts';
import { isPerfect, type Amount, type FaultKey, type Faults, type WireFaults } from './wire-faults.ts';

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
