import type { InstallScript, Step } from '../../dialogue/install-script.ts';
import type { Stuck } from '../../dialogue/player/script-player.ts';
import { stepWords, timeWords } from '../../dialogue/player/step-words.ts';
import { allSteps, innerSteps, wayTo } from '../../dialogue/step-list.ts';
import type { ConsoleTarget } from '../console/console-target.ts';
import { targetThing } from '../console/terminal-target.ts';
import type { RunState } from '../installs/script-run.ts';
import { baseName } from '../paths.ts';
import { joined, lines, treeNode, type ContextValue, type NodeIcon, type TreeNode } from './tree-node.ts';

/** An install script that is being played at a VM's console, or was. */
export interface ShownInstall {
  readonly id: string;
  readonly target: ConsoleTarget;
  /** Path of the script; included steps name their own. */
  readonly file: string;
  readonly script: InstallScript;
  readonly state: RunState;
  /** Numbers of the steps that were begun. */
  readonly begun: ReadonlySet<number>;
}

type Mark = 'done' | 'current' | 'ahead';

const marks: Readonly<Record<Mark, NodeIcon>> = {
  done: { name: 'pass', colour: 'testing.iconPassed' },
  current: { name: 'loading~spin' },
  ahead: { name: 'circle-outline' },
};
const pausedIcon: NodeIcon = { name: 'debug-pause', colour: 'list.warningForeground' };
const stuckIcon: NodeIcon = { name: 'error', colour: 'list.errorForeground' };

/** A row for each install, with its steps in it. */
export const installRows = (installs: readonly ShownInstall[]): readonly TreeNode[] => installs.map(installRow);

/** The step at which an install is. */
export function currentStep({ state }: Pick<ShownInstall, 'state'>): Step | undefined {
  if (state.kind === 'playing' || state.kind === 'paused') return state.step;
  return state.kind === 'stuck' ? state.stuck.step : undefined;
}

const shownLines = 3;

/** Where it does not go on, what was expected and what came, as the rest of a sentence. */
export function stuckWords(file: string, { step, reason, lastLines }: Stuck): string {
  const place = `step ${step.number} (${baseName(step.place.file ?? file)}, line ${step.place.line})`;
  if (reason.kind === 'refused') return `${place}: ${reason.message}`;
  const expected = reason.expected.map(quoted).join(' or ');
  const last = lastLines.filter(line => line.trim() !== '').slice(-shownLines);
  const came = last.length === 0 ? 'Nothing was printed.' : `Printed last: ${last.join(' ⏎ ')}`;
  return `${place}: ${expected} did not come within ${timeWords(reason.limitMs)}. ${came}`;
}

/** A regular expression keeps its slashes. */
const quoted = (source: string): string => (source.startsWith('/') ? source : JSON.stringify(source));

function installRow(install: ShownInstall): TreeNode {
  const { id, target, file, script, state } = install;
  const current = currentStep(install);
  const way = new Set(current ? wayTo(current, script.steps) : []);
  return treeNode({
    id: `install/${id}`,
    label: target.vm,
    description: joined(stateWords(install), baseName(file)),
    tooltip: lines(script.description, file, ...(state.kind === 'stuck' ? state.stuck.lastLines : [])),
    icon: iconOf(state),
    contextValue: contextOf(state),
    isOpen: true,
    thing: targetThing(target),
    install: { id },
    children: script.steps.map(step => stepRow(install, step, way)),
  });
}

function stepRow(install: ShownInstall, step: Step, way: ReadonlySet<Step>): TreeNode {
  const { id, target, state, begun } = install;
  const isHere = step === currentStep(install);
  const mark: Mark = way.has(step) ? 'current' : begun.has(step.number) ? 'done' : 'ahead';
  const { file = install.file, line } = step.place;
  const children = innerSteps(step).map(inner => stepRow(install, inner, way));
  return treeNode({
    id: `install/${id}/${step.number}`,
    label: stepWords(step),
    description: isHere ? waitWords(state) : mark === 'done' ? 'done' : '',
    tooltip: `${baseName(file)}, line ${line}`,
    icon: isHere ? iconOf(state) : marks[mark],
    contextValue: isOver(state) ? 'install.passed' : 'install.step',
    isOpen: true,
    thing: targetThing(target),
    install: { id, step: { number: step.number, file, line } },
    children,
  });
}

/** `step 3 of 12`, and what is the matter if it does not go on. */
function stateWords(install: ShownInstall): string {
  const { script, state } = install;
  const step = currentStep(install);
  const place = step ? `step ${step.number} of ${allSteps(script.steps).length}` : '';
  switch (state.kind) {
    case 'connecting':
      return 'waits for the console';
    case 'playing':
      return place;
    case 'paused':
      return joined('paused', place);
    case 'stuck':
      return joined('stuck', place);
    case 'finished':
      return 'done';
    case 'cancelled':
      return 'stopped';
    case 'unconnected':
      return `no console: ${state.reason}`;
  }
}

function waitWords(state: RunState): string {
  if (state.kind === 'playing' && state.expected.length > 0) return 'waiting';
  if (state.kind === 'stuck') return state.stuck.reason.kind === 'late' ? 'did not come' : state.stuck.reason.message;
  return state.kind === 'paused' ? 'paused' : '';
}

function iconOf(state: RunState): NodeIcon {
  switch (state.kind) {
    case 'connecting':
    case 'playing':
      return marks.current;
    case 'paused':
      return pausedIcon;
    case 'stuck':
    case 'unconnected':
      return stuckIcon;
    case 'finished':
      return marks.done;
    case 'cancelled':
      return { name: 'circle-slash' };
  }
}

/** Nothing of it goes on. */
export const isOver = ({ kind }: RunState): boolean =>
  kind === 'finished' || kind === 'cancelled' || kind === 'unconnected';

function contextOf(state: RunState): ContextValue {
  if (isOver(state)) return 'install.over';
  return state.kind === 'paused' || state.kind === 'stuck' ? 'install.paused' : 'install.playing';
}
