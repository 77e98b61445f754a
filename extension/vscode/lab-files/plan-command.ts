import * as vscode from 'vscode';
import type { ChangePlan } from '../../runtime/change/change-plan.ts';
import { costWords, isChosen, type ChangeStep } from '../../runtime/change/change-step.ts';
import { applyError, summaryOf } from '../../runtime/change/change-words.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import { count } from '../../runtime/views/tree-node.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

const shownMs = 6000;

type PlanServices = Pick<Services, 'changes' | 'log'>;

/** Shows what would make a running lab as its file says, with a tick at what interrupts no VM; does what stays ticked. */
export async function showPlan(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs);
  const [thing] = await thingsOrPick(services, args, { title: 'Plan for which lab?', list, canPickMany: false });
  if (!thing) return;
  const open = vscode.workspace.textDocuments.find(one => one.isDirty && one.uri.fsPath === thing.lab);
  if (open) await open.save();
  await pickSteps(services, await services.changes.plan(thing.lab));
}

export async function pickSteps(services: PlanServices, plan: ChangePlan): Promise<void> {
  const summary = [summaryOf(plan), ...plan.remarks].join(' ');
  if (plan.steps.length === 0) {
    void vscode.window.showInformationMessage(summary);
    return;
  }
  const items = plan.steps.map(step => {
    return { label: step.words, description: costWords[step.kind], picked: isChosen(step), step };
  });
  const options = { title: `Plan for ${plan.lab.name}`, placeHolder: summary, matchOnDescription: true };
  const picked = await vscode.window.showQuickPick(items, { ...options, canPickMany: true });
  if (picked && picked.length > 0)
    await applySteps(
      services,
      plan,
      picked.map(({ step }) => step),
    );
}

export async function applySteps(
  { changes, log }: PlanServices,
  { path, lab }: ChangePlan,
  chosen: readonly ChangeStep[],
): Promise<void> {
  const report = await withProgress(`Applying ${count(chosen.length, 'change')} to ${lab.name}`, (tell, signal) =>
    changes.apply(path, chosen, {
      signal,
      onProgress: ({ words }, _finished, total) => tell({ message: words, increment: 100 / total }),
    }),
  );
  for (const step of report.done) log.info(`Applied to ${lab.name}: ${step.words}`);
  const error = applyError(lab.name, path, report);
  if (error) throw error;
  vscode.window.setStatusBarMessage(`KVM Lab: ${count(report.done.length, 'change')} applied to ${lab.name}.`, shownMs);
}
