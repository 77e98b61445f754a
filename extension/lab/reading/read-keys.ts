import type * as z from 'zod/mini';
import type { ProblemCode } from '../problem.ts';
import type { Report } from './report.ts';
import { didYouMean, shown, type NearestName } from '../names.ts';
import type { ShellSettings } from '../shell.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';

/** What every part of the reader needs. */
export interface Scope {
  readonly report: Report;
  readonly nearest: NearestName;
  /** Bad wires of the lab's own, by name. */
  readonly presets?: ReadonlyMap<string, YamlMap>;
  /** Of the lab's defaults. */
  readonly shell?: ShellSettings;
  /** Names of the lab's hosts. */
  readonly hosts?: readonly string[];
  /** Of the lab's defaults. */
  readonly host?: string;
}

type Keys = Readonly<Record<string, z.ZodMiniType>>;
type ValueOf<Schema extends z.ZodMiniType> = Schema extends { readonly itemSchema: infer Item extends z.ZodMiniType }
  ? readonly z.output<Item>[]
  : NonNullable<z.output<Schema>>;

export interface KeysRead<K extends Keys, Structured extends keyof K> {
  readonly values: { readonly [Key in Exclude<keyof K, Structured>]?: ValueOf<K[Key]> };
  /** The values of the structured keys that are not empty. */
  readonly nodes: Readonly<Partial<Record<Structured, YamlNode>>>;
  readonly spans: Record<string, TextSpan>;
}

/**
 * Reads a map key by key, so that a bad value costs that key only. Structured keys are left to the caller.
 */
export function readKeys<K extends Keys, Structured extends keyof K & string = never>(
  scope: Scope,
  map: YamlMap,
  keys: K,
  structured: readonly Structured[] = [],
): KeysRead<K, Structured> {
  const values: Record<string, unknown> = {};
  const nodes: Record<string, YamlNode> = {};
  const spans: Record<string, TextSpan> = {};
  for (const entry of map.entries) {
    const schema = Object.hasOwn(keys, entry.key) ? keys[entry.key] : undefined;
    if (!schema) reportUnknownKey(scope, entry, Object.keys(keys));
    else if (isEmpty(entry.value)) reportEmpty(scope, entry);
    else {
      spans[entry.key] = entry.value.span;
      if ((structured as readonly string[]).includes(entry.key)) nodes[entry.key] = entry.value;
      else values[entry.key] = readValue(scope, entry, schema, spans);
    }
  }
  return { values, nodes, spans } as unknown as KeysRead<K, Structured>;
}

export const isEmpty = (node: YamlNode): boolean => node.kind === 'scalar' && node.value === null;

/** The node as a map; anything else is reported, an empty value is not. */
export function asMap(scope: Scope, node: YamlNode | undefined, what: string, example: string): YamlMap | undefined {
  if (!node || isEmpty(node)) return undefined;
  if (node.kind === 'map') return node;
  scope.report('bad-value', node.span, `${what} takes keys with values, such as ${example}.`);
  return undefined;
}

/** Stands for a map that is not there, so that its owner is still read, with its defaults. */
export const noKeys = (span: TextSpan): YamlMap => ({ kind: 'map', entries: [], span });

/** The items of a list; a single value counts as a list of one, but is reported. Empty items stay: they count. */
export function asItems(scope: Scope, node: YamlNode | undefined, what: string, example: string): readonly YamlNode[] {
  if (!node || isEmpty(node)) return [];
  if (node.kind === 'list') return node.items;
  scope.report('bad-value', node.span, `${what} takes a list. Begin each item with a dash, such as ${example}.`);
  return node.kind === 'map' ? [node] : [];
}

/** One value by its schema. Reports what is wrong with it. */
export function readScalar<Schema extends z.ZodMiniType>(
  scope: Scope,
  key: string,
  node: YamlNode,
  schema: Schema,
): z.output<Schema> | undefined {
  const read = schema.safeParse(node.kind === 'scalar' ? node.value : node.kind === 'list' ? [] : {});
  if (read.success) return read.data;
  // `name: 007` is a number for YAML and a text for us.
  if (node.kind === 'scalar' && typeof node.value !== 'string') {
    const readAsText = schema.safeParse(node.text);
    if (readAsText.success) return readAsText.data;
  }
  const issue = read.error.issues[0];
  scope.report(codeOf(key, issue?.code), node.span, `${key} ${issue?.message ?? 'has a value that cannot be used.'}`);
  return undefined;
}

function readValue(scope: Scope, entry: YamlEntry, schema: z.ZodMiniType, spans: Record<string, TextSpan>): unknown {
  if (!('itemSchema' in schema)) return readScalar(scope, entry.key, entry.value, schema);
  return readItems(scope, entry.key, entry.value, schema.itemSchema as z.ZodMiniType, spans);
}

/** The items that can be used. The place of each is kept as `key.index`, counted over these. */
export function readItems<Item extends z.ZodMiniType>(
  scope: Scope,
  key: string,
  node: YamlNode,
  item: Item,
  spans: Record<string, TextSpan>,
): readonly z.output<Item>[] {
  const values: z.output<Item>[] = [];
  for (const source of node.kind === 'list' ? node.items : [node]) {
    if (isEmpty(source)) continue;
    const value = readScalar(scope, key, source, item);
    if (value === undefined) continue;
    spans[`${key}.${values.length}`] = source.span;
    values.push(value);
  }
  return values;
}

const rangeCodes: Readonly<Record<string, ProblemCode>> = {
  id: 'id-range',
  vlan: 'vlan-range',
  vlans: 'vlan-range',
  tagged: 'vlan-range',
};

function codeOf(key: string, issue: string | undefined): ProblemCode {
  const isOutOfRange = issue === 'too_small' || issue === 'too_big';
  return (isOutOfRange ? rangeCodes[key] : undefined) ?? 'bad-value';
}

/** Collections are empty while someone types, and other checks miss the rest; anywhere else it would silently mean the default. */
const mayBeEmpty = new Set(
  [
    'images',
    'switches',
    'vms',
    'groups',
    'wires',
    'defaults',
    'nics',
    'disks',
    'presets',
    'scenarios',
    'checks',
    'hosts',
  ].concat('id', 'switch', 'between', 'interface', 'file', 'url', 'sha256', 'image'),
);

function reportEmpty(scope: Scope, entry: YamlEntry): void {
  if (mayBeEmpty.has(entry.key)) return;
  scope.report(
    'missing-key',
    entry.keySpan,
    `${entry.key} has no value yet. Give it one or remove the key.`,
    'warning',
  );
}

export function reportUnknownKey(scope: Scope, entry: YamlEntry, known: readonly string[]): void {
  const hint =
    entry.key === '<<'
      ? ' Merge keys are not read: write the keys out, or put them under defaults.'
      : didYouMean(scope.nearest.find(entry.key, known)) || ` Known here: ${known.join(', ')}.`;
  scope.report('unknown-key', entry.keySpan, `"${shown(entry.key)}" is no key here.${hint}`);
}

/** Whether a scalar; for values that are either one thing or a map of settings (`stp: true`). */
export const isScalarNode = (node: YamlNode): node is YamlScalar => node.kind === 'scalar';
