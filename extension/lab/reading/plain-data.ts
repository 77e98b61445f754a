import type { Document } from 'yaml';

/** The content of a YAML file without its places and styles. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainRecord;
export interface PlainRecord {
  readonly [key: string]: Plain;
}

/** Keys of maps and indexes of lists, from the top of a file. */
export type PlainPath = readonly (string | number)[];

/** One change of a file's content. Paths lead through the content as it was before all changes. */
export type DataChange =
  /** Puts a value behind a key; the key, and the maps above it, are made where they are missing. */
  | { readonly kind: 'set'; readonly path: PlainPath; readonly value: Plain }
  /** Puts an item behind the last one of a list, which is made where it is missing. */
  | { readonly kind: 'append'; readonly path: PlainPath; readonly value: Plain }
  | { readonly kind: 'remove'; readonly path: PlainPath }
  /** Gives a key another name. */
  | { readonly kind: 'rename'; readonly path: PlainPath; readonly to: string };

export const isRecord = (value: Plain | undefined): value is PlainRecord =>
  typeof value === 'object' && value !== null && !isList(value);

export const isList = (value: Plain | undefined): value is readonly Plain[] => Array.isArray(value);

/** Undefined: it cannot be told, as an alias leads nowhere or aliases stand for too much. */
export function dataOf(document: Document): Plain | undefined {
  try {
    // What aliases share is taken apart, so that a change of one is no change of the others.
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 1000 }) ?? null)) as Plain;
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}

export function valueAt(data: Plain | undefined, path: PlainPath): Plain | undefined {
  let at = data;
  for (const key of path) at = childOf(at, key);
  return at;
}

function childOf(data: Plain | undefined, key: string | number): Plain | undefined {
  if (isList(data)) return typeof key === 'number' ? data[key] : undefined;
  return isRecord(data) && Object.hasOwn(data, key) ? data[key] : undefined;
}

/** The content after the changes; undefined: a path leads nowhere. */
export function changedData(data: Plain, changes: readonly DataChange[]): Plain | undefined {
  const isNew = ({ kind, path }: DataChange): boolean =>
    kind === 'append' || (kind === 'set' && valueAt(data, path) === undefined);
  const removals = changes.filter(change => change.kind === 'remove');
  // Indexes count before the changes, so the last item of a list goes first; and names are changed last.
  const ordered = [
    ...changes.filter(change => change.kind === 'set' && !isNew(change)),
    ...removals.sort((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0),
    ...changes.filter(isNew),
    ...changes.filter(change => change.kind === 'rename'),
  ];
  let changed: Plain | undefined = data;
  for (const change of ordered) {
    if (changed === undefined) return undefined;
    changed = afterChange(changed, change.path, change);
  }
  return changed;
}

function afterChange(data: Plain, path: PlainPath, change: DataChange): Plain | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return withValue(data, change);
  const child = childOf(data, key);
  const canMake = typeof key === 'string' && (change.kind === 'set' || change.kind === 'append');
  if (child === undefined && !canMake) return undefined;
  if (rest.length === 0 && change.kind === 'remove') return without(data, key);
  if (rest.length === 0 && change.kind === 'rename') return renamed(data, key, change.to);
  const value = afterChange(child ?? null, rest, change);
  return value === undefined ? undefined : withChild(data, key, value);
}

function withValue(data: Plain, change: DataChange): Plain | undefined {
  if (change.kind === 'set') return change.value;
  if (change.kind !== 'append' || (data !== null && !isList(data))) return undefined;
  return [...(data ?? []), change.value];
}

function withChild(data: Plain, key: string | number, value: Plain): Plain | undefined {
  if (isList(data)) return data.map((item, index) => (index === key ? value : item));
  if (data !== null && !isRecord(data)) return undefined;
  return { ...data, [key]: value };
}

function without(data: Plain, key: string | number): Plain | undefined {
  if (isList(data)) return data.filter((_, index) => index !== key);
  return isRecord(data) ? Object.fromEntries(Object.entries(data).filter(([name]) => name !== key)) : undefined;
}

function renamed(data: Plain, key: string | number, to: string): Plain | undefined {
  if (!isRecord(data) || Object.hasOwn(data, to)) return undefined;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name === key ? to : name, value]));
}

/** Whether two contents say the same, in the same order. An empty list or map says as much as nothing behind its key. */
export const saysTheSame = (a: Plain | undefined, b: Plain | undefined): boolean => essence(a) === essence(b);

const essence = (data: Plain | undefined): string =>
  JSON.stringify(data, (_, value: Plain) =>
    (isList(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0) ? null : value,
  );
