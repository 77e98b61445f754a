import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { checkWords } from '../../lab/expectations/lab-check.ts';
import type { Clock } from '../../runtime/host.ts';
import { pidOf } from '../../runtime/state.ts';
import { CheckItems } from './check-items.ts';
import { makeChecks, type CheckRunParts } from './check-run.ts';
import { runsWhole } from './lab-bring-up.ts';

export interface CheckTestsParts extends Omit<CheckRunParts, 'items'> {
  readonly clock: Clock;
  /** The text that a lab was read from. */
  readonly textOf: (path: string) => string | undefined;
  readonly report: (error: unknown) => void;
}

/** A lab that has just changed may change more. */
const restMs = 1000;

/** The Test Explorer of labs: a controller with the checks of all lab files. */
export class CheckTests implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: CheckRunParts & CheckTestsParts;
  private readonly items: CheckItems;
  /** One run at a time: the checks of a lab share its consoles. */
  private last: Promise<void> = Promise.resolve();
  readonly controller: vscode.TestController;

  constructor(parts: CheckTestsParts) {
    this.controller = this.owned.add(vscode.tests.createTestController('kvmlab.checks', 'KVM Lab'));
    this.items = this.owned.add(new CheckItems(this.controller, parts.store, parts.textOf));
    this.parts = { ...parts, items: this.items };
    const run = (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> | void =>
      request.continuous === true ? this.follow(request, token) : this.run(request);
    const profile = this.controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, run, true);
    profile.supportsContinuousRun = true;
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** `isQuiet`: nobody has asked for it just now, so nothing is started. */
  async run(request: vscode.TestRunRequest, isQuiet = false): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage('Checks are made in trusted workspaces only.');
      return;
    }
    const run = this.controller.createTestRun(request);
    const chosen = this.chosen(request);
    const turn = this.last.then(() => makeChecks(run, chosen, this.parts, isQuiet));
    this.last = turn.catch((error: unknown) => this.parts.report(error));
    await this.last;
  }

  /** Again whenever a lab has started, what runs of it has changed, or its file was saved. */
  private follow(request: vscode.TestRunRequest, token: vscode.CancellationToken): void {
    const following = this.owned.add(new DisposableStore());
    let pending: Disposable | undefined;
    following.add({ dispose: () => pending?.dispose() });
    let known = this.stateOf(request);
    const again = (): void => {
      pending?.dispose();
      pending = this.parts.clock.after(restMs, () => void this.run(request, true));
    };
    const look = (): void => {
      const state = this.stateOf(request);
      if (state === known) return;
      known = state;
      if (state !== undefined) again();
    };
    const paths = (): readonly string[] => this.labsOf(request);
    following.add(this.parts.store.onDidChange(look));
    following.add(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (paths().includes(uri.fsPath) && known !== undefined) again();
      }),
    );
    following.add(token.onCancellationRequested(() => following.dispose()));
    if (known !== undefined) again();
  }

  /** What the results depend on, as far as it is seen from here; undefined: the labs do not run. */
  private stateOf(request: vscode.TestRunRequest): string | undefined {
    const labs = this.labsOf(request).flatMap(path => this.parts.store.lab(path) ?? []);
    if (labs.length === 0 || !labs.every(runsWhole)) return undefined;
    const facts = labs.map(({ vms, switches, wires, lab }) => [
      [vms, switches, wires].map(things => [...things.values()].map(pidOf)),
      lab?.checks?.map(check => [check.name, checkWords(check)]),
    ]);
    return JSON.stringify(facts);
  }

  private labsOf(request: vscode.TestRunRequest): readonly string[] {
    return [...new Set(this.chosen(request).flatMap(item => this.items.refOf(item)?.lab ?? []))];
  }

  /** Checks only; what is left out is left out. */
  private chosen({ include, exclude }: vscode.TestRunRequest): readonly vscode.TestItem[] {
    const out = new Set(exclude ?? []);
    const found = new Set<vscode.TestItem>();
    const add = (item: vscode.TestItem): void => {
      if (out.has(item)) return;
      if (this.items.refOf(item)?.check !== undefined) found.add(item);
      item.children.forEach(add);
    };
    if (include) include.forEach(add);
    else this.controller.items.forEach(add);
    return [...found];
  }
}
