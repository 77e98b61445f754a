import { isMap, isNode, isPair, isSeq } from 'yaml';
import type { EditedLab } from './lab-edit.ts';
import { isList, isRecord, valueAt, type DataChange, type PlainPath } from '../reading/plain-data.ts';

/** Keys that say nothing without items. A file without `vms` or `switches` would be no lab. */
const mayGo: ReadonlySet<string | number | undefined> = new Set(['groups', 'wires', 'nics']);

/** With the last item that goes also its key goes, unless something else stands there: a comment on a line of its own. */
export function withoutEmptiedKeys(edited: EditedLab, changes: readonly DataChange[]): readonly DataChange[] {
  const owners = new Map(changes.map(({ path }) => [JSON.stringify(path.slice(0, -1)), path.slice(0, -1)]));
  const emptied = [...owners.values()].filter(owner => mayGo.has(owner.at(-1)) && isEmptied(edited, owner, changes));
  if (emptied.length === 0) return changes;
  const isGone = ({ path }: DataChange): boolean => emptied.some(owner => isBelow(path, owner));
  return [
    ...changes.filter(change => !isGone(change)),
    ...emptied.map((path): DataChange => ({ kind: 'remove', path })),
  ];
}

function isEmptied({ data, document, lab }: EditedLab, owner: PlainPath, changes: readonly DataChange[]): boolean {
  const below = changes.filter(({ path }) => isBelow(path, owner));
  const isAll = below.every(({ kind }) => kind === 'remove') && below.length === sizeAt(data, owner);
  // Without the key a VM would have the NICs of its template.
  const isOwn = owner[0] !== 'vms' || lab.vms.some(({ name, origin }) => name === owner[1] && !origin);
  return isAll && isOwn && !hasCommentLine(document.getIn(owner, true));
}

const isBelow = (path: PlainPath, owner: PlainPath): boolean =>
  path.length > owner.length && owner.every((key, depth) => key === path[depth]);

function sizeAt(data: EditedLab['data'], path: PlainPath): number {
  const value = valueAt(data, path);
  return isList(value) ? value.length : isRecord(value) ? Object.keys(value).length : 0;
}

/** Before the first item or between two: the parser has them as comments before a node. */
function hasCommentLine(collection: unknown): boolean {
  if (!isMap(collection) && !isSeq(collection)) return false;
  const nodes = [collection, ...collection.items.map(item => (isPair(item) ? item.key : item))];
  return nodes.some(node => isNode(node) && typeof node.commentBefore === 'string');
}
