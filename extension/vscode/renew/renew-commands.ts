import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import { changedScripts, clashesOf, planRenewal, type RenewPlan } from '../../runtime/renew/renew-plan.ts';
import { removableScripts } from '../../runtime/renew/gone-scripts.ts';
import { handMadeWords, renewedWords, scriptWords } from '../../runtime/renew/renew-words.ts';
import { restartNeeds, restartWords } from '../../runtime/renew/restart-needs.ts';
import { writePlan } from '../../runtime/script-writer.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { saveLabs } from '../machines/run-commands.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';
import { adoptHandEdits } from './adopt-command.ts';
import { endClashes, type Ending } from './end-clashes.ts';
import { showGenerated } from './script-diff.ts';

const shownMs = 6000;

/** Writes the scripts of a lab anew. Clean changes go through; where both sides changed the same, the user decides. */
export async function renewScripts(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs);
  const things = await thingsOrPick(services, args, { title: 'Renew scripts of which lab?', list, canPickMany: false });
  for (const path of new Set(things.map(({ lab }) => lab))) await renewLab(services, path);
}

async function renewLab(services: Services, path: string): Promise<void> {
  const lab = await soundLab(services, path);
  const first = await planRenewal(services.files, path, lab);
  const ending: Ending =
    clashesOf(first).length === 0 ? { kind: 'write', decide: () => 'mine' } : await endClashes(services, first);
  if (ending.kind === 'cancel') return;
  if (ending.kind === 'adopt') {
    await adoptHandEdits(services, path, lab, ending.isWanted);
    return;
  }
  const { decide, merged } = ending;
  const plan = withTexts(await planRenewal(services.files, path, lab, decide), merged);
  await writePlan(services.files, plan, decide);
  await report(services, plan);
}

const withTexts = (plan: RenewPlan, texts: ReadonlyMap<string, string> = new Map()): RenewPlan => ({
  ...plan,
  scripts: plan.scripts.map(script => {
    const text = texts.get(script.name);
    return text === undefined ? script : { ...script, renewal: { ...script.renewal, text } };
  }),
});

/** The lab as its file says now, saved. Rejects with a UserError while it has errors. */
export async function soundLab(services: Services, path: string): Promise<Lab> {
  await saveLabs([path]);
  await services.refresh();
  const { lab, problems } = services.store.lab(path)?.reading ?? { lab: undefined, problems: [] };
  const first = problems.find(({ severity }) => severity === 'error');
  if (lab && !first) return lab;
  throw new UserError(`${path} has errors: ${first?.message ?? 'it is not a lab.'} Nothing was written.`, [
    { title: 'Show Problems', command: 'workbench.actions.view.problems' },
  ]);
}

async function report(services: Services, plan: RenewPlan): Promise<void> {
  for (const words of plan.scripts.flatMap(script => scriptWords(script, true) ?? [])) services.log.info(words);
  const restarts = restartWords(restartNeeds(plan, thing => services.store.stateOf(thing)));
  const done = `${plan.lab.name}: ${renewedWords(changedScripts(plan).length)}.`;
  if (restarts === '') vscode.window.setStatusBarMessage(`KVM Lab: ${done}`, shownMs);
  else void vscode.window.showInformationMessage(`${done} ${restarts}`);
  await offerDeletion(services, plan);
}

async function offerDeletion({ files, store, log }: Services, plan: RenewPlan): Promise<void> {
  const gone = removableScripts(plan, store.host);
  if (gone.length === 0) return;
  const names = gone.map(({ name, isEdited }) => (isEdited ? `${name} (edited by hand)` : name)).join(', ');
  const question = `${plan.lab.name} has no more what these scripts are for: ${names}. Delete them?`;
  if ((await vscode.window.showWarningMessage(question, 'Delete', 'Keep')) !== 'Delete') return;
  for (const { path } of gone) {
    await files.remove(path);
    log.info(`Deleted ${path}`);
  }
}

interface DifferenceItem extends vscode.QuickPickItem {
  readonly show: () => Promise<unknown>;
}

/** Lists every script of the workspace that is not as it would be generated; opens the one that is picked. */
export async function showDifferences(services: Services): Promise<void> {
  await services.refresh();
  const plans = await Promise.all(
    services.store.labs.flatMap(({ path, reading: { lab, problems } }) =>
      lab && problems.every(({ severity }) => severity !== 'error') ? [planRenewal(services.files, path, lab)] : [],
    ),
  );
  const items = plans.filter(isWritten).flatMap(plan => differences(services, plan));
  if (items.length === 0) {
    void vscode.window.showInformationMessage('All scripts of this workspace are as their lab files say.');
    return;
  }
  const options = {
    title: 'What differs from the lab files',
    placeHolder: 'Choose one to see',
    matchOnDescription: true,
  };
  await (await vscode.window.showQuickPick(items, options))?.show();
}

/** A lab whose scripts were never written differs in nothing. */
const isWritten = ({ scripts }: RenewPlan): boolean => scripts.some(({ existing }) => existing !== undefined);

function differences({ scriptTexts }: Services, plan: RenewPlan): readonly DifferenceItem[] {
  const { name: lab } = plan.lab;
  const scripts = plan.scripts.flatMap(script => {
    const words = scriptWords(script, false);
    if (words === undefined && script.renewal.clashes.length === 0) return [];
    const byHand = handMadeWords(script);
    return [
      {
        label: `${lab}: ${script.name}`,
        description: byHand === '' ? 'as generated before' : `by hand: ${byHand}`,
        ...(words === undefined ? {} : { detail: words }),
        show: () => showGenerated(scriptTexts, script),
      },
    ];
  });
  const gone = plan.gone.map(({ name, path }) => ({
    label: `${lab}: ${name}`,
    description: 'of what the lab file has no more',
    show: () => Promise.resolve(vscode.window.showTextDocument(vscode.Uri.file(path))),
  }));
  return [...scripts, ...gone];
}
