import type { TextSpan } from '../../lab/text-span.ts';
import { shortReason } from '../reason.ts';
import type { RunState, ThingRef } from '../state.ts';

export type ActiveShare = 'idle' | 'partly' | 'running';
type Console = 'serial' | 'monitor' | 'display';

/** What a row is, for the `when` clauses of the manifest (`viewItem`). */
export type ContextValue =
  | `lab.${ActiveShare}`
  | 'lab.broken'
  | `group.${ActiveShare}`
  | `vm.${RunState['kind']}`
  | 'vm.paused'
  | `switch.${RunState['kind']}`
  | `wire.${RunState['kind']}`
  | `${Console}.${'on' | 'off'}`
  | 'folder'
  | 'nic'
  | 'nic.plugged'
  | 'nic.pulled'
  | 'disk'
  | 'image.remote'
  | 'image.fixed'
  | 'image.qcow2'
  | 'image.raw'
  | 'image.under'
  | 'image.user'
  | 'port'
  | 'port.live'
  | 'host.vm.ours'
  | 'host.vm.foreign'
  | 'host.switch'
  | 'host.wire'
  | 'host.uplink';

/** A product icon of VS Code and, if it is not the plain colour, a theme colour. */
export interface NodeIcon {
  readonly name: string;
  readonly colour?: string;
}

/** One row of a tree, as data. Immutable; a change makes a new tree of rows with the same ids. */
export interface TreeNode {
  /** Stable while the thing keeps its name, so that selection and open folders stay. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: NodeIcon;
  readonly contextValue: ContextValue;
  readonly isOpen: boolean;
  readonly children: readonly TreeNode[];
  /** What a command on this row acts on. A row inside a VM names that VM. */
  readonly thing?: ThingRef | undefined;
  /** TCP port of the console that this row stands for. */
  readonly consolePort?: number | undefined;
  /** Management socket of the switch that this row stands for. */
  readonly socket?: string | undefined;
  /** The running switch of this row, or of the port that this row is. */
  readonly switchPid?: number | undefined;
  readonly port?: number | undefined;
  /** Number of the NIC that this row is. */
  readonly nic?: number | undefined;
  /** The image that this row stands for: absolute path, and format. */
  readonly image?: { readonly path: string; readonly format: 'qcow2' | 'raw' } | undefined;
  /** It may have rows although none are known yet. */
  readonly isExpandable?: boolean | undefined;
  /** Place in the lab file. */
  readonly span?: TextSpan | undefined;
}

export type NodeParts = Pick<TreeNode, 'id' | 'label' | 'icon' | 'contextValue'> & Partial<TreeNode>;

export const treeNode = (parts: NodeParts): TreeNode => ({
  description: '',
  tooltip: '',
  isOpen: false,
  children: [],
  ...parts,
});

/** What a screen reader says: the row's kind and state in words, never by icon or colour alone. */
export function spokenLabel(node: TreeNode): string {
  const kind = { vm: 'VM', switch: 'switch', wire: 'wire', group: 'group', lab: 'lab' };
  const first = node.contextValue.split('.')[0] ?? '';
  const word = first in kind ? kind[first as keyof typeof kind] : undefined;
  return [node.label, word, ...node.description.split(' · ')]
    .filter(part => part !== undefined && part !== '')
    .join(', ');
}

const icons: Readonly<Record<RunState['kind'], NodeIcon>> = {
  running: { name: 'circle-filled', colour: 'testing.iconPassed' },
  starting: { name: 'loading~spin' },
  stopping: { name: 'loading~spin' },
  stopped: { name: 'circle-outline' },
  failed: { name: 'warning', colour: 'list.errorForeground' },
};

const pausedIcon: NodeIcon = { name: 'debug-pause', colour: 'list.warningForeground' };

export const stateIcon = (state: RunState): NodeIcon => (isHalted(state) ? pausedIcon : icons[state.kind]);

const isHalted = (state: RunState): boolean => state.kind === 'running' && state.halted !== undefined;

/** The state in words, of the thing with this name. */
export function stateWords(state: RunState, name: string): string {
  if (state.kind === 'failed') return `failed: ${shortReason(name, state.reason)}`;
  return state.kind === 'running' ? (state.halted ?? state.kind) : state.kind;
}

/** For the menus: a VM whose guest does not run is offered other things. */
export const vmContext = (state: RunState): ContextValue => (isHalted(state) ? 'vm.paused' : `vm.${state.kind}`);

export const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(part => part !== undefined && part !== '').join(' · ');

export const lines = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(part => part !== undefined && part !== '').join('\n');

export const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
