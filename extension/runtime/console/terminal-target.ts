import { switchFiles } from '../../lab/layout.ts';
import type { ConsoleState } from './console-session.ts';
import { consoleNews, consoleTitle, type ConsoleTarget } from './console-target.ts';
import type { LabSnapshot, RunState, ThingRef } from '../state.ts';
import type { TreeNode } from '../views/tree-node.ts';

/** The management console of a switch. */
export interface SwitchTarget {
  readonly kind: 'switch';
  /** Absolute path of the lab file; empty for a switch of no lab. */
  readonly lab: string;
  readonly name: string;
  /** Path of the management socket. */
  readonly socket: string;
}

/** Everything that can be opened as a terminal. */
export type TerminalTarget = ConsoleTarget | SwitchTarget;

/** Lab, name and kind: what a console is called for good. */
export type TargetId = readonly [lab: string, name: string, kind: TerminalTarget['kind']];

export const targetName = (target: TerminalTarget): string => (target.kind === 'switch' ? target.name : target.vm);

export const targetId = (target: TerminalTarget): TargetId => [target.lab, targetName(target), target.kind];

export const targetKey = (target: TerminalTarget): string => JSON.stringify(targetId(target));

export const targetTitle = (target: TerminalTarget): string =>
  target.kind === 'switch' ? `${target.name} · switch` : consoleTitle(target);

export const targetIcon = ({ kind }: TerminalTarget): string =>
  ({ serial: 'terminal', monitor: 'debug-console', switch: 'server-process' })[kind];

/** What Enter can start; undefined for what no lab knows. */
export function targetThing(target: TerminalTarget): ThingRef | undefined {
  if (target.lab === '') return undefined;
  return { lab: target.lab, kind: target.kind === 'switch' ? 'switch' : 'vm', name: targetName(target) };
}

/** Where the console can be reached: what stays the same as long as the connection may. */
export const targetAddress = (target: TerminalTarget): string =>
  target.kind === 'switch' ? target.socket : `${target.host?.ssh ?? ''} ${target.port}`;

/** What the user is told about the connection; `state`: what is known of the VM or switch. */
export function targetNews(
  target: TerminalTarget,
  news: ConsoleState,
  state: RunState | undefined,
): string | undefined {
  const name = targetName(target);
  if (news.kind === 'waiting' && news.reason === 'not running') {
    if (state?.kind === 'starting') return `kvmlab: ${name} is starting; this terminal connects when it is there`;
    if (state?.kind === 'unknown') return `kvmlab: ${state.brief}; this terminal connects when it does`;
    if (state && state.kind !== 'running') return `kvmlab: ${name} is stopped – press Enter to start it`;
    return `kvmlab: ${name} is not running; this terminal connects when it starts`;
  }
  if (target.kind !== 'switch') return consoleNews(target, news);
  return news.kind === 'connected' ? `kvmlab: connected to switch ${name}; help lists its commands` : undefined;
}

/** The management console of a switch of a lab. */
export function consoleOfSwitch(
  thing: ThingRef,
  labs: readonly LabSnapshot[],
  runDir: (lab: string) => string,
): SwitchTarget | undefined {
  const lab = labs.find(one => one.path === thing.lab)?.lab;
  if (!lab || thing.kind !== 'switch' || !lab.switches.some(one => one.name === thing.name)) return undefined;
  const socket = `${runDir(lab.name)}/${switchFiles(thing.name).management}`;
  return { kind: 'switch', lab: thing.lab, name: thing.name, socket };
}

/** The management console of a row of "This host": a switch that no lab of the workspace knows. */
export function consoleOfSwitchRow(node: TreeNode): SwitchTarget | undefined {
  return node.socket === undefined ? undefined : { kind: 'switch', lab: '', name: node.label, socket: node.socket };
}
