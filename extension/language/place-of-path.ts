import type { PlainPath } from '../lab/reading/plain-data.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { LooseNode, LooseTree } from './loose-node.ts';

/** Where a value is in a lab file, as deep as the file has the path. A key that has no value of one line: the key. */
export function placeOfPath({ root }: LooseTree, path: PlainPath): TextSpan | undefined {
  let node: LooseNode | undefined = root;
  let place: TextSpan | undefined;
  for (const key of path) {
    const next = stepInto(node, key);
    if (!next) return place;
    node = next.node;
    place = node?.kind === 'scalar' ? node.span : next.place;
  }
  return place;
}

function stepInto(node: LooseNode | undefined, key: string | number) {
  if (node?.kind === 'map') {
    const entry = node.entries.find(one => one.key === key);
    return entry && { node: entry.value, place: entry.keySpan };
  }
  if (node?.kind !== 'list' || typeof key !== 'number') return undefined;
  const item = node.items[key];
  return item && { node: item.value, place: item.span };
}
