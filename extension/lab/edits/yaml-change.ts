import { isCollection, isMap, isNode, isPair, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { DataChange, Plain, PlainPath } from '../reading/plain-data.ts';
import {
  afterColon,
  at,
  editItems,
  isEmptyValue,
  joined,
  pairOf,
  removeItems,
  replaceItems,
  replaceValue,
  type TextEdit,
} from './yaml-edit.ts';
import { blockText, flowText, isDeep, textBehindKey, type YamlStyle } from './yaml-style.ts';
import { yamlText } from '../reading/yaml-text.ts';

type Collection = YAMLMap | YAMLSeq;
type Edits = readonly TextEdit[] | undefined;

/**
 * The smallest edits of the text that change its content so; `root` is what the parser made of it. Undefined: something is
 * not there, or is written in a way in which nothing can be put safely.
 */
export function changeText(text: string, root: unknown, changes: readonly DataChange[]): Edits {
  return isMap(root) ? new TextChange(text, root).edits(changes) : undefined;
}

/** What is taken out of one map or list, and what is put behind its last item. */
interface ItemChange {
  readonly removed: Set<unknown>;
  readonly added: string[];
}

class TextChange {
  private readonly text: string;
  private readonly root: YAMLMap;
  private readonly style: YamlStyle;
  private readonly items = new Map<Collection, ItemChange>();

  constructor(text: string, root: YAMLMap) {
    this.text = text;
    this.root = root;
    this.style = { newline: text.includes('\r\n') ? '\r\n' : '\n', step: stepOf(text, root) };
  }

  edits(changes: readonly DataChange[]): Edits {
    const direct = changes.map(change => this.edit(change));
    const inside = [...this.items].map(([collection, change]) => this.itemEdits(collection, change));
    const all = [...direct, ...inside];
    const known = all.filter(edits => edits !== undefined);
    if (known.length < all.length) return undefined;
    return joined(known.flat().filter(({ span, text }) => this.text.slice(span.start, span.end) !== text));
  }

  /** None, if the change is one of items, which are collected. */
  private edit(change: DataChange): Edits {
    const { path } = change;
    const item = itemAt(this.root, path);
    if (change.kind === 'remove') return this.remove(path, item);
    if (change.kind === 'rename') return isPair(item) ? keyEdit(item, change.to) : undefined;
    if (change.kind === 'append') {
      const list = valueOf(item);
      if (isSeq(list)) return this.add(list, undefined, change.value);
      return item === undefined || isEmptyValue(list) ? this.put(path, [change.value]) : undefined;
    }
    if (item === undefined || (isPair(item) && isEmptyValue(item.value))) return this.put(path, change.value);
    if (isPair(item)) return whole(replaceValue(this.text, item, flowText(change.value)));
    return isScalar(item) && item.range
      ? [{ span: { start: item.range[0], end: item.range[1] }, text: flowText(change.value) }]
      : undefined;
  }

  private remove(path: PlainPath, item: unknown): Edits {
    const owner = valueOf(itemAt(this.root, path.slice(0, -1)));
    if (item === undefined || !(isMap(owner) || isSeq(owner))) return undefined;
    this.changeOf(owner).removed.add(item);
    return [];
  }

  /** A value where there is none: behind a key without one, or with a new key in the nearest map that is there. */
  private put(path: PlainPath, value: Plain): Edits {
    const [owner, rest] = this.nearest(path);
    const [key, ...inner] = rest;
    if (key === undefined) return isPair(owner) ? this.fill(owner, path, value) : undefined;
    const wrapped = inner.reduceRight<Plain>((one, name) => ({ [name]: one }), value);
    if (isMap(owner)) return this.add(owner, String(key), wrapped);
    return isPair(owner) ? this.fill(owner, path.slice(0, -rest.length), { [key]: wrapped }) : undefined;
  }

  /** The deepest thing on the way that is there, and what of the way is left: a map, or a pair with nothing behind it. */
  private nearest(path: PlainPath): readonly [owner: unknown, rest: PlainPath] {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const item = itemAt(this.root, path.slice(0, depth));
      if (item === undefined) continue;
      return [isPair(item) && isEmptyValue(item.value) ? item : valueOf(item), path.slice(depth)];
    }
    return [this.root, path];
  }

  private add(collection: Collection, key: string | undefined, value: Plain): Edits {
    const column = columnOf(this.text, collection.items[0]) + (isSeq(collection) ? 2 : 0);
    const isBlock = this.isBlock(collection, value);
    const text =
      key === undefined
        ? blockText(value, isBlock, column, this.style)
        : `${yamlText(key)}:${textBehindKey(value, isBlock, column, this.style)}`;
    this.changeOf(collection).added.push(text);
    return [];
  }

  private fill(pair: Pair, path: PlainPath, value: Plain): Edits {
    const isInFlow = path.some((_, depth) => isFlow(valueOf(itemAt(this.root, path.slice(0, depth)))));
    if (isInFlow || !isDeep(value)) return whole(afterColon(this.text, pair, flowText(value)));
    const colon = afterColon(this.text, pair, '')?.span.start;
    const rest = colon === undefined ? undefined : /^[^\r\n]*/.exec(this.text.slice(colon))?.[0];
    if (colon === undefined || rest === undefined || !/^\s*(#.*)?$/.test(rest)) return undefined;
    const lines = textBehindKey(value, true, columnOf(this.text, pair), this.style);
    return [{ span: at(colon + rest.length), text: lines }];
  }

  private itemEdits(collection: Collection, { removed, added }: ItemChange): Edits {
    const isRemoved = (item: unknown): boolean => removed.has(item);
    if (!collection.items.every(isRemoved)) return editItems(this.text, collection, isRemoved, added);
    return added.length === 0 ? removeItems(this.text, collection) : replaceItems(this.text, collection, added);
  }

  /** Like the neighbour, where there is one that can be a model: the sections of a file are none for each other. */
  private isBlock(collection: Collection, value: Plain): boolean {
    if (collection.flow === true) return false;
    const neighbour = collection === this.root ? undefined : valueOf(collection.items.at(-1));
    const isModel = isCollection(neighbour) && neighbour.items.length > 0;
    return isModel ? !isFlow(neighbour) : isDeep(value);
  }

  private changeOf(collection: Collection): ItemChange {
    const known = this.items.get(collection) ?? { removed: new Set(), added: [] };
    this.items.set(collection, known);
    return known;
  }
}

const whole = (edit: TextEdit | undefined): Edits => edit && [edit];

/** A pair of a map or an item of a list; the root for an empty path; undefined: there is none. */
function itemAt(root: YAMLMap, path: PlainPath): unknown {
  let item: unknown = root;
  for (const key of path) {
    const owner = valueOf(item);
    if (isMap(owner)) item = typeof key === 'string' ? pairOf(owner, key) : undefined;
    else item = isSeq(owner) && typeof key === 'number' ? owner.items[key] : undefined;
    if (item === undefined) return undefined;
  }
  return item;
}

const valueOf = (item: unknown): unknown => (isPair(item) ? item.value : item);
const isFlow = (node: unknown): boolean => isCollection(node) && node.flow === true;

function keyEdit({ key }: Pair, to: string): Edits {
  if (!isScalar(key) || !key.range) return undefined;
  return [{ span: { start: key.range[0], end: key.range[1] }, text: yamlText(to) }];
}

/** How far to the right the first sign of an item is; the dash, in a list. */
function columnOf(text: string, item: unknown): number {
  const node = isPair(item) ? item.key : item;
  const start = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const dash = /^\s*-\s+$/.exec(text.slice(lineStart, start));
  return dash && !isPair(item) ? text.indexOf('-', lineStart) - lineStart : start - lineStart;
}

/** That of the first section that is indented. */
function stepOf(text: string, root: YAMLMap): number {
  for (const pair of root.items) {
    const { value } = pair;
    if (!isMap(value) || value.flow) continue;
    const step = columnOf(text, value.items[0]) - columnOf(text, pair);
    if (step > 0) return step;
  }
  return 2;
}
