import * as vscode from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { LabControl } from '../../runtime/lab-control.ts';
import { nameWords } from '../../runtime/outcome-report.ts';
import type { Readiness } from '../../runtime/readiness/readiness.ts';
import type { LabSnapshot, ThingRef } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { DoctorParts } from '../../runtime/doctor/doctor.ts';
import { mayStart } from '../machines/start-budget.ts';
import { saveLabs } from '../machines/run-commands.ts';
import { setting } from '../settings.ts';

export interface BringUpParts {
  readonly store: LabStore;
  readonly control: LabControl;
  readonly readiness: () => Promise<Readiness>;
  readonly doctor: DoctorParts;
  readonly log: vscode.LogOutputChannel;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
}

/** `called off`: the user does not want it, or this host has not enough. */
export type BroughtUp =
  { readonly kind: 'up' } | { readonly kind: 'failed'; readonly reason: string } | { readonly kind: 'called off' };

/** Starts what of a lab does not run, if the user wants that, and waits until its VMs are ready. */
export async function bringUp(
  path: string,
  parts: BringUpParts,
  signal: CancelSignal,
  tell: (line: string) => void,
): Promise<BroughtUp> {
  await parts.look();
  const snapshot = parts.store.lab(path);
  if (!snapshot?.lab) return { kind: 'failed', reason: 'The lab file cannot be read.' };
  const { lab } = snapshot;
  if (!runsWhole(snapshot)) {
    const wish = await wishOf(lab.name);
    if (wish === undefined) return { kind: 'called off' };
    if (wish === 'as it is') return { kind: 'up' };
    const started = await start({ lab: path, kind: 'lab', name: lab.name }, parts, signal, tell);
    if (started.kind !== 'up') return started;
  }
  const vms = lab.vms.map(({ name }) => ({ lab: path, vm: name }));
  const reports = await (await parts.readiness()).waitUntilReady(vms, { signal, onReport: one => tell(one.message) });
  const late = reports.find(({ kind }) => kind === 'late' || kind === 'stopped');
  return late ? { kind: 'failed', reason: `The lab did not get ready. ${late.message}` } : { kind: 'up' };
}

/** All its VMs, switches and wires. */
export const runsWhole = ({ vms, switches, wires }: LabSnapshot): boolean =>
  [vms, switches, wires].every(things => [...things.values()].every(({ kind }) => kind === 'running'));

async function wishOf(lab: string): Promise<'start' | 'as it is' | undefined> {
  const wish = setting('checks.start');
  if (wish !== 'ask') return wish === 'always' ? 'start' : 'as it is';
  const [start, asItIs] = ['Start', 'Check As It Is'];
  const detail = 'Checks are made in a lab that runs. What is started goes on running afterwards.';
  const options = { modal: true, detail };
  const answer = await vscode.window.showInformationMessage(`Start lab ${lab} for its checks?`, options, start, asItIs);
  if (answer === undefined) return undefined;
  return answer === start ? 'start' : 'as it is';
}

async function start(
  thing: ThingRef,
  parts: BringUpParts,
  signal: CancelSignal,
  tell: (line: string) => void,
): Promise<BroughtUp> {
  await saveLabs([thing.lab]);
  if (!(await mayStart(parts, [thing]))) return { kind: 'called off' };
  const outcomes = await parts.control.run('start', [thing], {
    signal,
    onProgress: ({ thing: one, outcome }) => {
      if (outcome && outcome.kind !== 'already') tell(`${nameWords(one)}: ${outcome.message.trim() || outcome.kind}`);
    },
  });
  await parts.look();
  if (outcomes.some(({ kind }) => kind === 'cancelled')) return { kind: 'called off' };
  const bad = outcomes.find(({ kind }) => kind === 'failed');
  return bad ? { kind: 'failed', reason: `The lab did not start. ${bad.message}` } : { kind: 'up' };
}
