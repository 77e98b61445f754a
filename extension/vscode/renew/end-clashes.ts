import * as vscode from 'vscode';
import type { IsWanted } from '../../runtime/renew/adopt.ts';
import type { DecideClash, RenewPlan, ScriptClash } from '../../runtime/renew/renew-plan.ts';
import { thingOf } from '../../runtime/renew/restart-needs.ts';
import type { Services } from '../services.ts';
import { hasMergeEditor, MergeEditors } from './merge-editor.ts';
import { pickSides } from './pick-sides.ts';
import { showSides } from './script-diff.ts';

/** How the clashes of a lab end. */
export type Ending =
  | {
      readonly kind: 'write';
      readonly decide: DecideClash;
      /** Whole scripts that were merged by hand, by their names. */
      readonly merged?: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'adopt'; readonly isWanted?: IsWanted }
  | { readonly kind: 'cancel' };

/** Asks how the clashes are to end, with the script on the screen. Nothing is written by that. */
export async function endClashes({ scriptTexts }: Services, plan: RenewPlan): Promise<Ending> {
  const canMerge = await hasMergeEditor();
  const editors = new MergeEditors(scriptTexts);
  const show = async (name: string): Promise<void> => {
    const script = plan.scripts.find(one => one.name === name);
    if (!script) return;
    if (canMerge) await editors.show(script);
    else await showSides(scriptTexts, script);
  };
  try {
    const sides = await pickSides(plan, { show, canMerge });
    if (sides === 'merge') return await mergeAll(editors, plan);
    if (typeof sides === 'function') return { kind: 'write', decide: sides };
    if (!sides) return { kind: 'cancel' };
    return { kind: 'adopt', ...(sides.adopt === 'all' ? {} : { isWanted: onlyOf(plan, sides.adopt) }) };
  } finally {
    await editors.close();
    editors.dispose();
  }
}

/** One script after the other; then a last question, as closing an editor does not tell whether it was meant. */
async function mergeAll(editors: MergeEditors, plan: RenewPlan): Promise<Ending> {
  const merged = new Map<string, string>();
  for (const script of plan.scripts.filter(({ renewal }) => renewal.clashes.length > 0)) {
    const text = await editors.merge(script);
    if (text === undefined) return { kind: 'cancel' };
    merged.set(script.name, text);
  }
  const question = `Write ${[...merged.keys()].join(', ')} of ${plan.lab.name} as merged? A copy of yours stays beside it.`;
  const answer = await vscode.window.showInformationMessage(question, 'Write', 'Discard');
  // What the user merged may give up anything, so a copy stays of each.
  return answer === 'Write' ? { kind: 'write', decide: () => 'lab', merged } : { kind: 'cancel' };
}

function onlyOf(plan: RenewPlan, { script, clash }: ScriptClash): IsWanted {
  const wanted = thingOf(plan, script);
  return (thing, setting) =>
    clash.kind === 'setting' && setting === clash.name && thing?.kind === wanted?.kind && thing?.name === wanted?.name;
}
