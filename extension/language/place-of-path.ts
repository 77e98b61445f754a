import type { PlainPath } from '../lab/reading/plain-data.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { LooseNode, LooseTree } from './loose-node.ts';

/**
 * Where a value of a thing (`vms`, `fw`, …) is in a lab file, as deep as the file has the path; at a value that is no text,
 * its key. Undefined: the file does not have the thing.
 */
export function placeOfPath({ root }: LooseTree, path: PlainPath): TextSpan | undefined {
  let node: LooseNode | undefined = root;
  let place: TextSpan | undefined;
  for (const [depth, key] of path.entries()) {
    const next = stepInto(node, key);
    if (!next) return depth < 2 ? undefined : place;
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
