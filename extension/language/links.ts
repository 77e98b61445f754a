import { labScript } from '../lab/layout.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { LooseEntry, LooseNode, LooseScalar, LooseTree } from './loose-node.ts';

/** A place of a lab file that leads to another file. */
export interface LabLink {
  /** Without quotes. */
  readonly span: TextSpan;
  /** What relative paths start at: the folder of the lab file, that of its scripts, or that of the tiny guest. */
  readonly from: 'lab' | 'scripts' | 'guest';
  readonly path: string;
}

/** What can be opened from a lab file: images, kernels, included files, the tiny guest; from its name, its script. */
export function labLinks({ root }: LooseTree): readonly LabLink[] {
  return entriesOf(root).flatMap(({ key, value }) => {
    if (key === 'name') return linksTo(value, 'scripts', () => labScript);
    if (key === 'include') return linksTo(value, 'lab');
    if (key === 'images') return entriesOf(value).flatMap(image => linksTo(keyOf(image.value, 'file'), 'lab'));
    return key === 'vms' || key === 'templates' ? entriesOf(value).flatMap(vmLinks) : [];
  });
}

function vmLinks({ value: vm }: LooseEntry): readonly LabLink[] {
  const disks = keyOf(vm, 'disks');
  return [
    ...linksTo(disks, 'lab'),
    ...itemsOf(disks).flatMap(disk => linksTo(keyOf(disk, 'file'), 'lab')),
    ...['image', 'cdrom', 'sticks', 'kernel', 'initrd'].flatMap(key => linksTo(keyOf(vm, key), 'lab')),
    ...linksTo(keyOf(vm, 'guest'), 'guest', () => 'vmlinuz'),
  ];
}

/** Of a text, or of each in a list. */
function linksTo(
  node: LooseNode | undefined,
  from: LabLink['from'],
  pathOf = ({ text }: LooseScalar): string => text,
): readonly LabLink[] {
  if (node?.kind === 'list')
    return itemsOf(node).flatMap(item => (item.kind === 'scalar' ? linksTo(item, from, pathOf) : []));
  if (node?.kind !== 'scalar' || node.style === 'block' || node.text === '') return [];
  const { start, end } = node.span;
  const span = node.style === 'quoted' ? { start: start + 1, end: Math.max(start + 1, end - 1) } : node.span;
  return [{ span, from, path: pathOf(node) }];
}

const entriesOf = (node: LooseNode | undefined): readonly LooseEntry[] => (node?.kind === 'map' ? node.entries : []);

const keyOf = (node: LooseNode | undefined, key: string): LooseNode | undefined =>
  entriesOf(node).find(entry => entry.key === key)?.value;

const itemsOf = (node: LooseNode | undefined): readonly LooseNode[] =>
  node?.kind === 'list' ? node.items.flatMap(({ value }) => value ?? []) : [];
