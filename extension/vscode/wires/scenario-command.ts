import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { deedWords, overWords, stepTimes } from '../../runtime/views/scenario-words.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

/** Runs a scenario of a lab in a process of its own, which puts all back also when this window is gone. */
export async function runScenario(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs.filter(({ lab }) => lab?.scenarios));
  const [thing] = await thingsOrPick(services, args, { title: 'Scenario of which lab?', list, canPickMany: false });
  if (!thing) return;
  const open = vscode.workspace.textDocuments.find(one => one.isDirty && one.uri.fsPath === thing.lab);
  if (open) await open.save();
  const name = await pickScenario(services, thing);
  if (name === undefined) return;
  try {
    await withProgress(`Scenario ${name}`, async (report, signal) => {
      let last = '';
      const onLine = (line: string): void => {
        last = line;
        services.log.info(`Scenario ${name}: ${line}`);
        report({ message: line });
      };
      await services.kvmlab.run(['scenario', thing.lab, name], { signal, onLine });
      // Called off it fails in any case; what it said last tells whether all was put back.
      if (last !== overWords(name)) throw new UserError(last);
    });
  } finally {
    await services.look();
    await services.machines.cables.look();
  }
}

async function pickScenario({ store }: Services, thing: ThingRef): Promise<string | undefined> {
  const scenarios = store.lab(thing.lab)?.lab?.scenarios ?? [];
  if (scenarios.length === 0)
    throw new UserError(`${thing.lab} has no scenarios. Write "scenarios:" with a name and its steps there.`, [
      { title: 'Open Lab File', command: 'kvmlab.openLabFile', args: [thing] },
    ]);
  const items = scenarios.map(({ name, steps }) => {
    return { label: name, detail: steps.map(step => `${stepTimes(step)} ${deedWords(step.deed)}`).join('; ') };
  });
  const placeHolder = 'At its end, and when it is cancelled, all is put back';
  return (await vscode.window.showQuickPick(items, { title: 'Run which scenario?', placeHolder }))?.label;
}
