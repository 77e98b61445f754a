import * as vscode from 'vscode';
import type { Progress, Verb } from '../../runtime/lab-control.ts';
import { killQuestion } from '../../runtime/vms/kill-question.ts';
import { doingWords, doneWords, nameWords, outcomeError } from '../../runtime/outcome-report.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { labsOf, thingsToRun } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { isLabFile } from '../lab-files/lab-files.ts';
import { thingsOrPick } from '../pick.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { mayStart } from './start-budget.ts';

const shownMs = 6000;

/** Starts, stops, kills or restarts what was clicked or picked; asks first where a guest would lose something. */
export async function runVerb(services: Services, verb: Verb, args: TargetArguments): Promise<void> {
  const list = () => thingsToRun(verb, services.store.labs);
  const things = await thingsOrPick(services, args, { title: `What to ${verb}?`, list, canPickMany: true });
  if (things.length === 0) return;
  const chosen = verb === 'kill' ? await confirmKill(services, things) : verb;
  if (chosen) await carryOut(services, chosen, things);
}

/** Undefined: nothing is to be done. */
async function confirmKill(services: Services, things: readonly ThingRef[]): Promise<'kill' | 'stop' | undefined> {
  await services.look();
  const asked = killQuestion(things, services.store.labs);
  if (!asked) return 'kill';
  const options = { modal: true, detail: asked.detail };
  const answer = await vscode.window.showWarningMessage(asked.question, options, 'Kill', 'Stop');
  return answer === 'Kill' ? 'kill' : answer === 'Stop' ? 'stop' : undefined;
}

/** What fails is one error, what went well one line. */
async function carryOut(services: Services, verb: Verb, things: readonly ThingRef[]): Promise<void> {
  if (verb === 'start' || verb === 'restart') await saveLabs(things.map(thing => thing.lab));
  if (verb === 'start' && !(await mayStart(services, things))) return;
  services.log.info(doingWords(verb, things));
  const outcomes = await withProgress(doingWords(verb, things), (report, signal) =>
    services.control.run(verb, things, { signal, onProgress: step => report(progressOf(step)) }),
  );
  await services.look();
  for (const { thing, kind, message } of outcomes.filter(one => one.kind !== 'failed'))
    services.log.info(`${verb} ${nameWords(thing)}: ${kind}${message.trim() === '' ? '' : ` – ${message.trim()}`}`);
  const error = outcomeError(verb, outcomes);
  if (error) throw error;
  vscode.window.setStatusBarMessage(`KVM Lab: ${doneWords(verb, outcomes)}`, shownMs);
}

/** Writes scripts without running them. */
export async function generateScripts(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs);
  const things = await thingsOrPick(services, args, { title: 'Scripts of which lab?', list, canPickMany: true });
  const labs = [...new Set(things.map(thing => thing.lab))];
  if (labs.length === 0) return;
  await saveLabs(labs);
  let written = 0;
  for (const lab of labs) written += (await services.control.generate(lab)).length;
  vscode.window.setStatusBarMessage(`KVM Lab: ${written} scripts are up to date.`, shownMs);
}

/** What runs is what is on disk; nobody wants to start something else than they see. */
export async function saveLabs(labs: readonly string[]): Promise<void> {
  const open = vscode.workspace.textDocuments.filter(
    one => one.isDirty && isLabFile(one) && labs.includes(one.uri.fsPath),
  );
  for (const document of open) await document.save();
}

function progressOf({ thing, outcome, finished, total, waitsFor }: Progress): { message: string; increment?: number } {
  const waits = waitsFor ? ` waits for ${waitsFor.join(', ')}` : '';
  const message = `${nameWords(thing)}${waits} (${finished} of ${total})`;
  return outcome ? { message, increment: 100 / total } : { message };
}
