import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { clashesOf, type DecideClash, type RenewPlan, type ScriptClash } from '../../runtime/renew/renew-plan.ts';
import { clashName, clashWords, suggestionWords } from '../../runtime/renew/renew-words.ts';
import { showSuggested } from './script-diff.ts';
import type { ScriptTexts } from './script-texts.ts';

interface ClashItem extends vscode.QuickPickItem {
  readonly of: ScriptClash;
}

const showButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('diff'), tooltip: 'Show Difference' };
const adoptButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('arrow-up'),
  tooltip: 'Adopt into the Lab File: what the scripts say becomes what the lab file says',
};

/** How all clashes end; `adopt`: the lab file is to say what the scripts say; undefined: the user thought better of it. */
export type Sides = DecideClash | 'adopt' | undefined;

/** Shows the first script beside its suggestion, and asks for each clash who is right. */
export async function pickSides(texts: ScriptTexts, plan: RenewPlan): Promise<Sides> {
  const clashes = clashesOf(plan);
  const show = async (script: string | undefined): Promise<void> => {
    const found = plan.scripts.find(({ name }) => name === script);
    if (found) await showSuggested(texts, found);
  };
  await show(clashes[0]?.script);
  const owned = new DisposableStore();
  const pick = owned.add(vscode.window.createQuickPick<ClashItem>());
  pick.title = `Renew ${plan.lab.name}: tick what the lab file decides`;
  pick.placeholder = 'What is not ticked stays as it is in the script';
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.buttons = [adoptButton];
  pick.items = clashes.map(of => ({
    label: `${of.script}: ${clashName(of.clash)}`,
    detail: `${clashWords(of.clash)}; ${suggestionWords(of.clash)}`,
    buttons: [showButton],
    of,
  }));
  pick.selectedItems = pick.items.filter(({ of }) => of.clash.suggestion === 'lab');
  try {
    return await new Promise<Sides>(resolve => {
      owned.add(pick.onDidTriggerItemButton(({ item }) => void show(item.of.script)));
      owned.add(pick.onDidTriggerButton(() => resolve('adopt')));
      owned.add(pick.onDidHide(() => resolve(undefined)));
      owned.add(pick.onDidAccept(() => resolve(deciding(pick.selectedItems.map(({ of }) => of)))));
      pick.show();
    });
  } finally {
    owned.dispose();
  }
}

function deciding(byLab: readonly ScriptClash[]): DecideClash {
  const keys = new Set(byLab.map(keyOf));
  return of => (keys.has(keyOf(of)) ? 'lab' : 'mine');
}

const keyOf = ({ script, clash }: ScriptClash): string =>
  JSON.stringify([script, clash.kind === 'setting' ? clash.name : undefined]);
