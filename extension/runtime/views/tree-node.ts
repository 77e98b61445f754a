import type { TextSpan } from '../../lab/text-span.ts';
import { isBooting } from './boot-words.ts';
import { shortReason } from '../reason.ts';
import type { RunState, ThingRef } from '../state.ts';

export type ActiveShare = 'idle' | 'partly' | 'running';
type Console = 'serial' | 'monitor' | 'display';

/** What is unknown may be tried to be started, like what is stopped. */
type MenuState = Exclude<RunState['kind'], 'unknown'>;

/** What a row is, for the `when` clauses of the manifest (`viewItem`). */
export type ContextValue =
  | `lab.${ActiveShare}`
  | 'lab.broken'
  | `group.${ActiveShare}`
  | `vm.${MenuState}`
  | 'vm.paused'
  | `switch.${MenuState}`
  | `wire.${MenuState}`
  | `${Console}.${'on' | 'off'}`
  | 'folder'
  | 'nic'
  | 'nic.plugged'
  | 'nic.pulled'
  | 'disk'
  | `stick.${'in' | 'out'}`
  | 'snapshots'
  | 'snapshot'
  | `cluster${'' | '.node' | '.vm' | '.failed' | '.fencing'}`
  | 'image.remote'
  | 'image.fixed'
  | 'image.qcow2'
  | 'image.raw'
  | 'image.under'
  | 'image.user'
  /** `paused`: also stuck. A step of an install that is over has `passed`. */
  | `install.${'playing' | 'paused' | 'over' | 'step' | 'passed'}`
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
  /** Absolute path of the image of the USB stick that this row is. */
  readonly stick?: string | undefined;
  /** Name of the lab's snapshot that this row is. */
  readonly snapshot?: string | undefined;
  /** The install that this row is, or whose step it is. */
  readonly install?: InstallPlace | undefined;
  /** It may have rows although none are known yet. */
  readonly isExpandable?: boolean | undefined;
  /** Place in the lab file. */
  readonly span?: TextSpan | undefined;
}

export interface InstallPlace {
  readonly id: string;
  readonly step?: {
    readonly number: number;
    /** Absolute path. */
    readonly file: string;
    /** Counted from 1. */
    readonly line: number;
  };
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
  unknown: { name: 'question', colour: 'list.warningForeground' },
};

const pausedIcon: NodeIcon = { name: 'debug-pause', colour: 'list.warningForeground' };

/** A guest that is not ready is told by its shape as well. */
const bootingIcon: NodeIcon = { name: 'record', colour: 'charts.yellow' };

export function stateIcon(state: RunState): NodeIcon {
  if (isHalted(state)) return pausedIcon;
  return isBooting(state) ? bootingIcon : icons[state.kind];
}

const isHalted = (state: RunState): boolean => state.kind === 'running' && state.halted !== undefined;

/** The state in words, of the thing with this name. */
export function stateWords(state: RunState, name: string): string {
  if (state.kind === 'failed') return `failed: ${shortReason(name, state.reason)}`;
  if (state.kind === 'unknown') return `unknown: ${state.brief}`;
  return state.kind === 'running' ? (state.halted ?? state.kind) : state.kind;
}

/** For the menus: a VM whose guest does not run is offered other things. */
export const vmContext = (state: RunState): ContextValue => (isHalted(state) ? 'vm.paused' : `vm.${menuState(state)}`);

export const menuState = ({ kind }: RunState): MenuState => (kind === 'unknown' ? 'stopped' : kind);

/** Why it is not as one would expect, for a tooltip. */
export const stateReason = (state: RunState): string | undefined => ('reason' in state ? state.reason : undefined);

export const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(part => part !== undefined && part !== '').join(' · ');

export const lines = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(part => part !== undefined && part !== '').join('\n');

export const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
