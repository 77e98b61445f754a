import { didYouMean, NearestName, shown } from '../names.ts';
import { presetKeys, wayKeys, wireFaultKeys, wireStateKeys } from '../schema.ts';
import * as value from '../schema-values.ts';
import type { TextSpan } from '../text-span.ts';
import type { WireChange } from '../wire-change.ts';
import {
  directions,
  faultKeys,
  isPerfect,
  type Amount,
  type BothFaults,
  type FaultKey,
  type Faults,
  type WireChain,
  type WireFaults,
  type WirePreset,
  type WireState,
} from '../wire-faults.ts';
import { builtInPresets, type PresetText } from '../wire-presets.ts';
import { asMap, isEmpty, noKeys, readKeys, readScalar, type Scope } from './read-keys.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';

/** Keys of a bad wire whose values are maps. */
export const faultNodes = ['there', 'back', 'states'] as const;
const wayNodes = ['there', 'back'] as const;

type Values = Readonly<Partial<Record<FaultKey, Amount>>>;
interface Keys {
  readonly values: Values & { readonly preset?: string; readonly reorder?: boolean; readonly every?: number };
  readonly nodes: Readonly<Partial<Record<(typeof faultNodes)[number], YamlNode>>>;
  readonly spans: Readonly<Record<string, TextSpan>>;
}

/** What a preset or a wire says; what it does not say stays as it was below it. */
interface Layer {
  readonly ways: BothFaults;
  readonly reorder?: boolean | undefined;
  readonly everyMs?: number | undefined;
  readonly states?: readonly OwnState[] | undefined;
}

/** A state before the faults that all states have are put under its own. */
interface OwnState extends Pick<WireState, 'name' | 'to'> {
  readonly ways: BothFaults;
}

const nothing: Layer = { ways: { there: {}, back: {} } };

/** Reads `presets:`, so that wires can name them; each is checked once, here. */
export function withPresets(scope: Scope, node: YamlNode | undefined): Scope {
  const entries = asMap(scope, node, 'presets', '"field: { delay: 20ms }"')?.entries ?? [];
  if (entries.length === 0) return scope;
  const presets = new Map<string, YamlMap>();
  for (const { key, keySpan, value: own } of entries) {
    const map = asMap(scope, own, key, '"delay: 20ms"') ?? noKeys(keySpan);
    layerOf(scope, readKeys(scope, map, presetKeys, faultNodes));
    presets.set(key, map);
  }
  return { ...scope, presets };
}

/** The presets of the lab's own, as `withPresets` found them. */
export const ownPresets = (scope: Scope): readonly WirePreset[] =>
  [...(scope.presets?.keys() ?? [])].map(name => ({ name, faults: finish(presetOf(scope, name, undefined)) }));

/** All that a wire of the lab can name: its own, then those that are built in and not hidden by them. */
export function wirePresets(own: readonly WirePreset[] = []): readonly WirePreset[] {
  const scope: Scope = { report: () => undefined, nearest: new NearestName() };
  const builtIn = Object.keys(builtInPresets).filter(name => !own.some(one => one.name === name));
  return [...own, ...builtIn.map(name => ({ name, faults: finish(presetOf(scope, name, undefined)) }))];
}

/** The value of `wire:` on a NIC. Undefined: nothing is wrong with the wire. */
export function readWireOf(
  scope: Scope,
  node: YamlNode | undefined,
  spans: Record<string, TextSpan>,
): WireFaults | undefined {
  if (!node) return undefined;
  if (node.kind === 'scalar') {
    const preset = readScalar(scope, 'wire', node, value.text);
    return preset === undefined
      ? undefined
      : faultsOf(scope, { values: { preset }, nodes: {}, spans: { preset: node.span } });
  }
  const map = asMap(scope, node, 'wire', '"delay: 20ms"');
  if (!map) return undefined;
  const keys = readKeys(scope, map, wireFaultKeys, faultNodes);
  for (const [key, span] of Object.entries(keys.spans)) spans[`wire.${key}`] = span;
  return faultsOf(scope, keys);
}

/** Undefined: nothing is wrong with the wire. */
export function faultsOf(scope: Scope, keys: Keys): WireFaults | undefined {
  const { preset } = keys.values;
  const below = preset === undefined ? nothing : presetOf(scope, preset, keys.spans['preset']);
  const faults = finish(over(below, layerOf(scope, keys)));
  return isPerfect(faults) ? undefined : faults;
}

/** What is to be different about a wire for a while; what is not said stays, and an amount of 0 takes a fault away. */
export function changesOf(scope: Scope, keys: Keys): readonly WireChange[] {
  const { preset } = keys.values;
  const { ways, reorder } = layerOf(scope, keys);
  const faults = directions.flatMap(way =>
    faultKeys.flatMap((key): WireChange[] => {
      const amount = ways[way][key];
      return amount ? [{ kind: 'fault', ways: [way], key, amount }] : [];
    }),
  );
  return [
    ...(preset === undefined
      ? []
      : [{ kind: 'preset', faults: finish(presetOf(scope, preset, keys.spans['preset'])) } as const]),
    ...faults,
    ...(reorder === undefined ? [] : [{ kind: 'reorder', reorder } as const]),
  ];
}

function presetOf(scope: Scope, name: string, span: TextSpan | undefined): Layer {
  const own = scope.presets?.get(name);
  const builtIn = Object.hasOwn(builtInPresets, name) ? builtInPresets[name] : undefined;
  // Its mistakes are told where it stands.
  const quiet: Scope = { ...scope, report: () => undefined };
  if (own) return layerOf(quiet, readKeys(quiet, own, presetKeys, faultNodes));
  if (builtIn) return layerOf(quiet, readKeys(quiet, mapOf(builtIn), presetKeys, faultNodes));
  const known = [...(scope.presets?.keys() ?? []), ...Object.keys(builtInPresets)];
  const hint = didYouMean(scope.nearest.find(name, known)) || ` Known here: ${known.join(', ')}.`;
  if (span) scope.report('bad-value', span, `There is no preset "${shown(name)}".${hint}`);
  return nothing;
}

/** The preset as if it had been read from a file. */
function mapOf(preset: PresetText): YamlMap {
  const span = { start: 0, end: 0 };
  const entries = Object.entries(preset).map(([key, held]): YamlEntry => {
    const node =
      typeof held === 'object' ? mapOf(held) : ({ kind: 'scalar', value: held, text: String(held), span } as const);
    return { key, keySpan: span, value: node };
  });
  return { kind: 'map', entries, span };
}

function layerOf(scope: Scope, { values, nodes }: Keys): Layer {
  return {
    ways: waysOf(scope, values, nodes),
    reorder: values.reorder,
    everyMs: values.every,
    states: nodes.states && readStates(scope, nodes.states),
  };
}

/** What is said of both directions, and over it what is said of one. */
function waysOf(scope: Scope, values: Values, nodes: Pick<Keys['nodes'], 'there' | 'back'>): BothFaults {
  const both = amountsOf(values);
  const [there = {}, back = {}] = directions.map(direction => {
    const map = asMap(scope, nodes[direction], direction, '"delay: 20ms"');
    return map ? { ...both, ...amountsOf(readKeys(scope, map, wayKeys).values) } : both;
  });
  return { there, back };
}

function amountsOf(values: Values): Faults {
  return Object.fromEntries(faultKeys.flatMap(key => (values[key] ? [[key, values[key]]] : [])));
}

function readStates(scope: Scope, node: YamlNode): readonly OwnState[] | undefined {
  const entries = asMap(scope, node, 'states', '"good: { to: { bad: 5% } }"')?.entries ?? [];
  const names = entries.map(({ key }) => key);
  const states = entries.map(entry => {
    const map = asMap(scope, entry.value, entry.key, '"loss: 10%"') ?? noKeys(entry.keySpan);
    const { values, nodes } = readKeys(scope, map, wireStateKeys, [...wayNodes, 'to']);
    return { name: entry.key, ways: waysOf(scope, values, nodes), to: readTo(scope, entry, nodes.to, names) };
  });
  return states.length === 0 ? undefined : states;
}

function readTo(
  scope: Scope,
  state: YamlEntry,
  node: YamlNode | undefined,
  names: readonly string[],
): ReadonlyMap<number, number> {
  const to = new Map<number, number>();
  for (const { key, keySpan, value: share } of asMap(scope, node, 'to', '"bad: 5%"')?.entries ?? []) {
    const other = names.indexOf(key);
    const percent = isEmpty(share) ? undefined : readScalar(scope, key, share, value.percent);
    if (other < 0 || key === state.key) {
      const hint = didYouMean(scope.nearest.find(key, names)) || ` Known here: ${names.join(', ')}.`;
      scope.report('bad-value', keySpan, `"${shown(key)}" is no other state of this wire.${hint}`);
    } else if (percent !== undefined) to.set(other, percent);
  }
  const sum = [...to.values()].reduce((all, one) => all + one, 0);
  if (sum <= 100) return to;
  scope.report(
    'bad-value',
    node?.span ?? state.keySpan,
    `${sum}% leave the state ${shown(state.key)}. All together can be at most 100%.`,
  );
  return new Map();
}

function over(below: Layer, above: Layer): Layer {
  return {
    ways: underneath(below.ways, above.ways),
    reorder: above.reorder ?? below.reorder,
    everyMs: above.everyMs ?? below.everyMs,
    states: above.states ?? below.states,
  };
}

const underneath = (below: BothFaults, above: BothFaults): BothFaults => ({
  there: { ...below.there, ...above.there },
  back: { ...below.back, ...above.back },
});

function finish({ ways, reorder = false, everyMs = 100, states }: Layer): WireFaults {
  const own = states?.map(({ name, to, ways: mine }) => ({ name, to, ...withoutZeros(underneath(ways, mine)) }));
  const chain: WireChain | undefined = own && { everyMs, states: own };
  const { there, back } = own?.[0] ?? withoutZeros(ways);
  return { there, back, reorder, chain };
}

const withoutZeros = ({ there, back }: BothFaults): BothFaults => ({ there: real(there), back: real(back) });

const real = (faults: Faults): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([, { value: amount, spread = 0 }]) => amount + spread > 0));
