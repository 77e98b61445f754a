import { readAmount, writeAmount } from '../fault-amounts.ts';
import type { Lab } from '../model.ts';
import {
  changedData,
  isRecord,
  valueAt,
  type DataChange,
  type Plain,
  type PlainPath,
  type PlainRecord,
} from '../reading/plain-data.ts';
import { wirePresets } from '../reading/read-faults.ts';
import {
  directions,
  faultKeys,
  perfectWire,
  type BothFaults,
  type FaultKey,
  type Faults,
  type WireChain,
  type WireFaults,
} from '../wire-faults.ts';
import type { EditedLab, LabEdit } from './lab-edit.ts';
import { nicPath, wirePaths } from './remove.ts';

type SetFaults = Extract<LabEdit, { kind: 'setFaults' }>;

/**
 * What the entry of a wire or NIC has to say so that its wire has these faults. What says it already stays as it is
 * written: a preset, a key of both directions.
 */
export function faultChanges(edited: EditedLab, { thing, faults }: SetFaults): readonly DataChange[] {
  const [place] = thing.kind === 'wire' ? wirePaths(edited, new Set([thing.name])) : [[...nicPath(thing), 'wire']];
  if (!place) return [];
  const entry = valueAt(edited.data, place);
  // `wire: lte` on a NIC.
  const held: PlainRecord = isRecord(entry) ? entry : typeof entry === 'string' ? { preset: entry } : {};
  const changes = changesOf(held, faults, edited.lab, faultsOf(edited.lab, thing));
  const after = changedData(held, changes);
  if (changes.length === 0 || after === undefined) return [];
  if (thing.kind === 'nic' && isRecord(after) && Object.keys(after).length === 0)
    return entry === undefined ? [] : [{ kind: 'remove', path: place }];
  if (!isRecord(entry)) return [{ kind: 'set', path: place, value: after }];
  return changes.map(change => ({ ...change, path: [...place, ...change.path] }));
}

const faultsOf = (lab: Lab, thing: SetFaults['thing']): WireFaults =>
  (thing.kind === 'wire'
    ? lab.wires.find(({ name }) => name === thing.name)?.faults
    : lab.vms.find(({ name }) => name === thing.vm)?.nics.find(({ number }) => number === thing.nic)?.faults) ??
  perfectWire;

/** Paths start in the entry. */
function changesOf(held: PlainRecord, faults: WireFaults, lab: Lab, before: WireFaults): readonly DataChange[] {
  const isSameChain = textOf(chainOf(faults.chain)) === textOf(chainOf(before.chain));
  if (!isSameChain) return replaced(held, faults);
  const base = wirePresets(lab.presets).find(({ name }) => name === held['preset'])?.faults ?? perfectWire;
  const amounts = faults.chain ? [] : faultKeys.flatMap(key => amountChanges(held, base, key, faults));
  const isOrdered = faults.reorder === before.reorder;
  const order = isOrdered ? [] : put(held, ['reorder'], faults.reorder === base.reorder ? undefined : faults.reorder);
  return tidied(held, [...amounts, ...order]);
}

const textOf = (value: unknown): string => JSON.stringify(value ?? null);

/** What is said of a direction counts more than what is said of both, and that more than the preset. */
function amountChanges(held: PlainRecord, base: BothFaults, key: FaultKey, wanted: BothFaults): readonly DataChange[] {
  const plain = heldAmount(held, [key], key);
  const [there, back] = [amountText(wanted.there, key), amountText(wanted.back, key)];
  if (there === back) {
    const isNeeded = directions.some(way => amountText(base[way], key) !== there);
    const own = directions.flatMap(way => put(held, [way, key], undefined));
    return [...putAmount(held, [key], isNeeded ? there : undefined, key), ...own];
  }
  return directions.flatMap(way => {
    const text = amountText(wanted[way], key);
    return putAmount(held, [way, key], (plain ?? amountText(base[way], key)) === text ? undefined : text, key);
  });
}

function amountText(faults: Faults, key: FaultKey): string {
  const amount = faults[key];
  return amount ? writeAmount(key, amount) : '0';
}

/** As it would be written here. Undefined: it is not there. */
function heldAmount(held: PlainRecord, path: PlainPath, key: FaultKey): string | undefined {
  const value = valueAt(held, path);
  const amount = typeof value === 'string' || typeof value === 'number' ? readAmount(key, value) : undefined;
  return amount && amountText({ [key]: amount }, key);
}

const putAmount = (held: PlainRecord, path: PlainPath, text: string | undefined, key: FaultKey) =>
  text !== undefined && heldAmount(held, path, key) === text
    ? []
    : put(held, path, text === undefined ? undefined : plainOf(text));

/** Undefined: the key goes. */
function put(held: PlainRecord, path: PlainPath, value: Plain | undefined): readonly DataChange[] {
  if (value !== undefined) return [{ kind: 'set', path, value }];
  return valueAt(held, path) === undefined ? [] : [{ kind: 'remove', path }];
}

/** Plain numbers stay numbers. */
const plainOf = (text: string): Plain => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);

/** A direction that says nothing more goes. */
function tidied(held: PlainRecord, changes: readonly DataChange[]): readonly DataChange[] {
  return directions.reduce<readonly DataChange[]>((list, way) => {
    const below = list.filter(({ path }) => path[0] === way);
    const all = held[way];
    const isEmptied = isRecord(all) && below.length > 0 && below.length === Object.keys(all).length;
    if (!isEmptied || below.some(({ kind }) => kind !== 'remove')) return list;
    return [...list.filter(change => !below.includes(change)), { kind: 'remove', path: [way] }];
  }, changes);
}

/** States are written as a whole. */
function replaced(held: PlainRecord, faults: WireFaults): readonly DataChange[] {
  const chain = chainOf(faults.chain);
  const wanted = { ...(chain ?? waysOf(faults)), ...(faults.reorder ? { reorder: true } : {}) };
  const ours = [...faultKeys, ...directions, 'preset', 'reorder', 'every', 'states'];
  const gone = ours.filter(key => key in held && !(key in wanted));
  return [
    ...gone.map((key): DataChange => ({ kind: 'remove', path: [key] })),
    ...Object.entries(wanted).map(([key, value]): DataChange => ({ kind: 'set', path: [key], value })),
  ];
}

const chainOf = (chain: WireChain | undefined): PlainRecord | undefined =>
  chain && {
    every: `${chain.everyMs}ms`,
    states: Object.fromEntries(
      chain.states.map(state => {
        const to = [...state.to].map(([other, percent]) => [chain.states[other]?.name ?? '', `${percent}%`] as const);
        return [state.name, { ...waysOf(state), ...(to.length > 0 ? { to: Object.fromEntries(to) } : {}) }];
      }),
    ),
  };

/** As a person would write it: once what both directions have. */
function waysOf(both: BothFaults): PlainRecord {
  const isSame = (key: FaultKey): boolean => amountText(both.there, key) === amountText(both.back, key);
  const of = (faults: Faults, keys: readonly FaultKey[]): PlainRecord =>
    Object.fromEntries(keys.flatMap(key => (faults[key] ? [[key, plainOf(amountText(faults, key))]] : [])));
  const apart = directions.map(
    way =>
      [
        way,
        of(
          both[way],
          faultKeys.filter(key => !isSame(key)),
        ),
      ] as const,
  );
  return {
    ...of(both.there, faultKeys.filter(isSame)),
    ...Object.fromEntries(apart.filter(([, own]) => Object.keys(own).length > 0)),
  };
}
