import type { TreeNode } from './tree-node.ts';

/** Beyond that, drawing everything above is less work than drawing each. */
const most = 50;

/** The smallest rows whose drawing brings the tree up to date: a row counts for all rows inside it. */
export function changedNodes(before: TreeNode, after: TreeNode): readonly TreeNode[] {
  if (before === after) return [];
  const isSameList =
    before.children.length === after.children.length &&
    before.children.every((child, at) => child.id === after.children[at]?.id);
  if (!isSameList || !isSameRow(before, after)) return [after];
  const inside = after.children.flatMap((child, at) => changedNodes(before.children[at] ?? child, child));
  return inside.length > most ? [after] : inside;
}

function isSameRow(a: TreeNode, b: TreeNode): boolean {
  const keys = Object.keys({ ...a, ...b }) as (keyof TreeNode)[];
  return keys.every(key => {
    const [one, other] = [a[key], b[key]];
    if (key === 'children' || one === other) return true;
    return typeof one === 'object' && typeof other === 'object' && JSON.stringify(one) === JSON.stringify(other);
  });
}
