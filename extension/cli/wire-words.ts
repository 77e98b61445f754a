import { amountError, readAmount } from '../lab/fault-amounts.ts';
import { faultKeys, directions, perfectWire, type Direction, type WirePreset } from '../lab/wire-faults.ts';
import type { WireChange } from '../lab/wire-change.ts';
import { UsageError } from './arguments.ts';

/** Whether a word says what is to change, rather than which wire. */
export const isChangeWord = (word: string): boolean => word === 'reset' || word.includes('=');

/** `delay=20ms`, `there.loss=1%`, `preset=lte`, `reorder=yes`, `reset`. Throws a UsageError that names the word. */
export function readChanges(words: readonly string[], presets: readonly WirePreset[]): readonly WireChange[] {
  return words.map(word => {
    if (word === 'reset') return { kind: 'preset', faults: perfectWire };
    const equals = word.indexOf('=');
    return readChange(word.slice(0, equals), word.slice(equals + 1), presets);
  });
}

function readChange(name: string, value: string, presets: readonly WirePreset[]): WireChange {
  if (name === 'preset') return { kind: 'preset', faults: presetOf(value, presets) };
  if (name === 'reorder') {
    if (value !== 'yes' && value !== 'no') throw new UsageError(`reorder=${value}: say yes or no.`);
    return { kind: 'reorder', reorder: value === 'yes' };
  }
  const [, direction, rest = name] = /^(there|back)\.(.*)$/.exec(name) ?? [];
  const key = faultKeys.find(one => one === rest);
  if (!key) throw new UsageError(`"${name}" is nothing that can be wrong with a wire. It has ${faultKeys.join(', ')}.`);
  const amount = readAmount(key, value);
  if (!amount) throw new UsageError(`${name}=${value}: ${key} ${amountError(key)}`);
  return { kind: 'fault', ways: direction === undefined ? directions : [direction as Direction], key, amount };
}

function presetOf(name: string, presets: readonly WirePreset[]) {
  const found = presets.find(one => one.name === name);
  if (found) return found.faults;
  throw new UsageError(`There is no preset ${name}. There are ${presets.map(one => one.name).join(', ')}.`);
}
