import * as vscode from 'vscode';
import { CancelSource } from '../../base/cancel.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import type { InstallScript, Step } from '../../dialogue/install-script.ts';
import type { ConsoleTarget } from '../../runtime/console/console-target.ts';
import { targetKey } from '../../runtime/console/terminal-target.ts';
import type { RunEnd, RunState, ScriptRun } from '../../runtime/installs/script-run.ts';
import { installRows, isOver, type ShownInstall } from '../../runtime/views/install-rows.ts';
import type { TreeNode } from '../../runtime/views/tree-node.ts';
import { views } from '../commands.ts';
import { TreeProvider } from '../trees/tree-provider.ts';
import { InstallMarks } from './install-marks.ts';

/** What is played, and where. */
export interface InstallOrder {
  readonly target: ConsoleTarget;
  /** Path of the script. */
  readonly file: string;
  readonly script: InstallScript;
  /** When nothing of it goes on any more, once. */
  readonly onOver?: (end: RunEnd) => void;
}

/** One of them, as long as its row is there. */
export interface InstallRun extends ShownInstall {
  readonly run: ScriptRun;
}

interface HeldRun extends InstallOrder {
  readonly id: string;
  readonly run: ScriptRun;
  readonly begun: Set<number>;
  readonly cancel: CancelSource;
}

export interface InstallRunsParts {
  /** It is stuck or over by itself, and the user is to hear of it. */
  readonly told: (run: InstallRun) => void;
  readonly report: (error: unknown) => void;
}

/** Set while the view has rows. */
const installsContext = 'kvmlab.hasInstalls';

/** The scripts that are played in this window, and their view: a row each, with the steps in it. */
export class InstallRuns implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly held: HeldRun[] = [];
  private count = 0;
  private readonly provider: TreeProvider;
  private readonly marks: InstallMarks;
  private readonly parts: InstallRunsParts;

  constructor(parts: InstallRunsParts) {
    this.parts = parts;
    this.provider = this.owned.add(
      new TreeProvider({ ready: () => Promise.resolve(), onClick: openStep, resourceOf: () => undefined }),
    );
    this.owned.add(vscode.window.createTreeView(views.installs, { treeDataProvider: this.provider }));
    this.marks = this.owned.add(new InstallMarks(() => this.all));
    this.owned.add({ dispose: () => [...this.held].forEach(({ id }) => this.close(id)) });
  }

  get all(): readonly InstallRun[] {
    return this.held.map(shown);
  }

  find(id: string): InstallRun | undefined {
    return this.all.find(one => one.id === id);
  }

  /** The one that has this console. */
  of(target: ConsoleTarget): InstallRun | undefined {
    return this.all.find(one => !isOver(one.state) && targetKey(one.target) === targetKey(target));
  }

  /** Throws if another one has the console. */
  refuseSecond(target: ConsoleTarget): void {
    const other = this.of(target);
    if (!other) return;
    throw new UserError(`An install script is being played on ${target.vm} already. Stop it first, or let it end.`, [
      { title: 'Stop Install', command: 'kvmlab.stopInstall', args: [other.id] },
    ]);
  }

  /** Shows it, and begins. What was played on this VM before goes from the view. */
  begin(order: InstallOrder, run: ScriptRun, from: Step | undefined): InstallRun {
    for (const { id, target } of this.all) if (targetKey(target) === targetKey(order.target)) this.close(id);
    const held: HeldRun = {
      ...order,
      id: String((this.count += 1)),
      run,
      begun: new Set(),
      cancel: new CancelSource(),
    };
    this.held.push(held);
    run.onDidChange(state => this.follow(held, state));
    this.draw();
    void run.play(held.cancel.signal, from).catch(this.parts.report);
    return shown(held);
  }

  /** Goes on, at a step or where it is. */
  resume(id: string, step: number | undefined): void {
    const held = this.held.find(one => one.id === id);
    if (!held || isOver(shown(held).state)) return;
    held.run.pause();
    const from = held.run.steps.find(({ number }) => number === step);
    void held.run.resume(held.cancel.signal, from).catch(this.parts.report);
  }

  /** Leaves the guest where it is. */
  stop(id: string): void {
    const held = this.held.find(one => one.id === id);
    if (held) this.cancel(held);
    this.draw();
  }

  /** Takes it out of the view. */
  close(id: string): void {
    const index = this.held.findIndex(one => one.id === id);
    const [held] = index < 0 ? [] : this.held.splice(index, 1);
    if (held) this.cancel(held);
    held?.run.dispose();
    this.draw();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private cancel(held: HeldRun): void {
    if (isOver(shown(held).state)) return;
    held.cancel.cancel();
    // What is stuck hears of nothing.
    held.run.transcript.end();
    held.onOver?.({ kind: 'cancelled' });
  }

  private follow(held: HeldRun, state: RunState): void {
    if (state.kind === 'playing' && state.step) held.begun.add(state.step.number);
    // Who goes on at another step has passed over it.
    if (state.kind === 'stuck') held.begun.delete(state.stuck.step.number);
    if (state.kind === 'finished' || state.kind === 'unconnected') {
      held.run.transcript.end();
      held.onOver?.(state);
    }
    this.draw();
    if (state.kind === 'stuck' || state.kind === 'finished' || state.kind === 'unconnected')
      this.parts.told(shown(held));
  }

  private draw(): void {
    this.provider.show(installRows(this.all));
    this.marks.draw();
    void vscode.commands.executeCommand('setContext', installsContext, this.held.length > 0);
  }
}

/** Opens the script at the step of the row. */
function openStep({ install }: TreeNode): vscode.Command | undefined {
  if (!install?.step) return undefined;
  const { file, line } = install.step;
  const selection = new vscode.Range(line - 1, 0, line - 1, 0);
  const args = [vscode.Uri.file(file), { selection, preserveFocus: true }];
  return { title: 'Open Step', command: 'vscode.open', arguments: args };
}

function shown({ id, target, file, script, run, begun, cancel }: HeldRun): InstallRun {
  const isStopped = cancel.signal.aborted && !isOver(run.state);
  return { id, target, file, script, run, begun, state: isStopped ? { kind: 'cancelled' } : run.state };
}
