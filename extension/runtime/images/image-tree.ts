import { joined, lines, treeNode, type ContextValue, type NodeIcon, type TreeNode } from '../views/tree-node.ts';
import { sizeWords, virtualSize, type ImageEntry } from './image-list.ts';
import type { ChainLink } from './image-chain.ts';

/** A row for each image, with what lies under it and who uses it. */
export const imageTree = (entries: readonly ImageEntry[]): readonly TreeNode[] => entries.map(imageNode);

function imageNode(entry: ImageEntry): TreeNode {
  const { path, label, users, chain, url } = entry;
  const id = `image/${path}`;
  const running = users.filter(({ isRunning }) => isRunning);
  return treeNode({
    id,
    label,
    // A side bar is narrow: what is asked for most stands first.
    description: joined(stateWords(entry), sizesOf(entry), roleWords(entry), entry.format),
    tooltip: lines(
      path,
      tooltipSizes(entry),
      roleWords(entry),
      url && `Fetched from ${url}`,
      chain.problem,
      snapshotWords(chain.links[0]),
    ),
    icon: iconOf(entry),
    contextValue: contextOf(entry, running.length > 0),
    image: { path, format: entry.format },
    children: [
      ...chain.links.slice(1).map((link, at) => underNode(id, link, at)),
      ...users.map(({ lab, vm, isRunning }) =>
        treeNode({
          id: `${id}/vm/${lab}#${vm}`,
          label: vm,
          description: isRunning ? 'running' : 'not running',
          tooltip: `VM ${vm} of ${lab}`,
          icon: isRunning ? { name: 'circle-filled', colour: 'testing.iconPassed' } : { name: 'circle-outline' },
          contextValue: 'image.user',
          thing: { lab, kind: 'vm', name: vm },
        }),
      ),
    ],
  });
}

const underNode = (parent: string, link: ChainLink, at: number): TreeNode =>
  treeNode({
    id: `${parent}/under/${at}`,
    label: link.path.slice(link.path.lastIndexOf('/') + 1),
    description: joined('lies under it', link.format, sizeWords(link.allocatedBytes)),
    tooltip: link.path,
    icon: { name: 'layers' },
    contextValue: 'image.under',
  });

const states: Readonly<Record<ImageEntry['state'], string>> = {
  there: '',
  'not-made': 'made at the first start',
  'not-fetched': 'not fetched',
  missing: 'not there',
  broken: 'cannot be used',
};

const stateWords = ({ state }: ImageEntry): string => states[state];

function sizesOf(entry: ImageEntry): string {
  const [own] = entry.chain.links;
  return own ? `${sizeWords(own.allocatedBytes)} of ${sizeWords(virtualSize(entry))}` : '';
}

function tooltipSizes(entry: ImageEntry): string {
  const [own] = entry.chain.links;
  if (!own) return '';
  return `Takes ${sizeWords(own.allocatedBytes)} here; a guest sees ${sizeWords(virtualSize(entry))}`;
}

function roleWords({ role, users }: ImageEntry): string {
  if (role === 'unused') return 'used by no lab that is open';
  const names = users.map(({ vm, isRunning }) => (isRunning ? `${vm} (running)` : vm)).join(', ');
  return role === 'image' ? `only read by ${names}` : names;
}

function snapshotWords(link: ChainLink | undefined): string | undefined {
  const count = link?.facts.kind === 'qcow2' ? link.facts.snapshots : 0;
  return count === 0 ? undefined : `Snapshots: ${count}`;
}

function iconOf({ state, role }: ImageEntry): NodeIcon {
  if (state === 'missing' || state === 'broken') return { name: 'warning', colour: 'list.errorForeground' };
  if (state === 'not-fetched') return { name: 'cloud-download' };
  return { name: role === 'image' ? 'package' : 'database' };
}

/** What can be done: fetched, changed, or nothing while it is in use; what others lie over is never changed. */
function contextOf({ state, role, format }: ImageEntry, isRunning: boolean): ContextValue {
  if (state === 'not-fetched') return 'image.remote';
  if (state !== 'there' || isRunning || role === 'image') return 'image.fixed';
  return format === 'qcow2' ? 'image.qcow2' : 'image.raw';
}
