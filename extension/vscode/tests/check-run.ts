import * as vscode from 'vscode';
import { CancelSource, type CancelSignal } from '../../base/cancel.ts';
import type { CheckParts } from '../../runtime/checks/check-bench.ts';
import type { CheckResult } from '../../runtime/checks/check-result.ts';
import { runChecks } from '../../runtime/checks/run-checks.ts';
import type { CheckItems } from './check-items.ts';
import { bringUp, type BringUpParts } from './lab-bring-up.ts';

export interface CheckRunParts extends BringUpParts {
  readonly items: CheckItems;
  /** What the checks of a lab work with. */
  readonly bench: (labPath: string) => CheckParts;
}

/** Makes the checks of these items, lab by lab, and tells the run of each. `isQuiet`: only what runs is looked at. */
export async function makeChecks(
  run: vscode.TestRun,
  chosen: readonly vscode.TestItem[],
  parts: CheckRunParts,
  isQuiet = false,
): Promise<void> {
  const cancel = new CancelSource();
  const cancelled = run.token.onCancellationRequested(() => {
    cancel.cancel();
  });
  try {
    for (const item of chosen) run.enqueued(item);
    for (const [lab, items] of byLab(chosen, parts.items))
      await new LabChecks(run, lab, items, parts, cancel.signal).make(isQuiet);
  } finally {
    cancelled.dispose();
    run.end();
  }
}

function byLab(
  chosen: readonly vscode.TestItem[],
  known: CheckItems,
): ReadonlyMap<string, ReadonlyMap<string, vscode.TestItem>> {
  const labs = new Map<string, Map<string, vscode.TestItem>>();
  for (const item of chosen) {
    const ref = known.refOf(item);
    if (ref?.check === undefined) continue;
    const items = labs.get(ref.lab) ?? new Map<string, vscode.TestItem>();
    labs.set(ref.lab, items.set(ref.check, item));
  }
  return labs;
}

/** The chosen checks of one lab, in one run. */
class LabChecks {
  private readonly run: vscode.TestRun;
  private readonly path: string;
  private readonly items: ReadonlyMap<string, vscode.TestItem>;
  private readonly parts: CheckRunParts;
  private readonly signal: CancelSignal;

  constructor(
    run: vscode.TestRun,
    path: string,
    items: ReadonlyMap<string, vscode.TestItem>,
    parts: CheckRunParts,
    signal: CancelSignal,
  ) {
    this.run = run;
    this.path = path;
    this.items = items;
    this.parts = parts;
    this.signal = signal;
  }

  async make(isQuiet: boolean): Promise<void> {
    const up = isQuiet
      ? ({ kind: 'up' } as const)
      : await bringUp(this.path, this.parts, this.signal, line => this.write(line));
    if (up.kind === 'failed') this.endAll(item => this.run.errored(item, new vscode.TestMessage(up.reason)));
    const lab = this.parts.store.lab(this.path)?.lab;
    if (up.kind !== 'up' || !lab || this.signal.aborted) {
      if (up.kind !== 'failed') this.endAll(item => this.run.skipped(item));
      return;
    }
    const open = new Map(this.items);
    const checks = (lab.checks ?? []).filter(({ name }) => open.has(name));
    for await (const event of runChecks(lab, checks, this.parts.bench(this.path), this.signal)) {
      const { name } = event.kind === 'begins' ? event.check : event.result.check;
      const item = open.get(name);
      if (!item) continue;
      if (event.kind === 'begins') this.run.started(item);
      else {
        open.delete(name);
        this.end(item, event.result);
      }
    }
    for (const item of open.values()) this.run.skipped(item);
  }

  private end(item: vscode.TestItem, { outcome, message, transcript, ms }: CheckResult): void {
    const place = item.uri && item.range ? new vscode.Location(item.uri, item.range) : undefined;
    this.write(`${item.label}: ${message}`, item);
    if (transcript !== '') this.write(transcript.trimEnd(), item);
    if (outcome === 'passed') {
      this.run.passed(item, ms);
      return;
    }
    const told = new vscode.TestMessage(transcript === '' ? message : `${message}\n\n${transcript}`);
    if (place) told.location = place;
    if (outcome === 'failed') this.run.failed(item, told, ms);
    else this.run.errored(item, told, ms);
  }

  private endAll(end: (item: vscode.TestItem) => void): void {
    for (const item of this.items.values()) end(item);
  }

  /** The view of the results is a terminal: a guest's words must not steer it. */
  private write(text: string, item?: vscode.TestItem): void {
    const calm = text.split('\n').map(line => line.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD'));
    this.run.appendOutput(`${calm.join('\r\n')}\r\n`, undefined, item);
  }
}
