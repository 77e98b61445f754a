import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { clashesOf, type DecideClash, type RenewPlan, type ScriptClash } from '../../runtime/renew/renew-plan.ts';
import { clashName, clashWords, suggestionWords } from '../../runtime/renew/renew-words.ts';

interface ClashItem extends vscode.QuickPickItem {
  readonly of: ScriptClash;
}

const showButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('diff'), tooltip: 'Show Difference' };
const adoptButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('arrow-up'),
  tooltip: 'Adopt into the Lab File: what the script says becomes what the lab file says',
};
const adoptAllButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('arrow-up'),
  tooltip: 'Adopt All into the Lab File: what the scripts say becomes what the lab file says',
};
const mergeButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('git-merge'),
  tooltip: 'Merge in the Editor',
};

/**
 * How all clashes end; `adopt`: the lab file is to say what the scripts say, or the script of one clash; `merge`: in an editor;
 * undefined: the user thought better of it.
 */
export type Sides = DecideClash | { readonly adopt: ScriptClash | 'all' } | 'merge' | undefined;

export interface PickParts {
  readonly show: (script: string) => Promise<void>;
  /** Whether there is an editor that merges. */
  readonly canMerge: boolean;
}

/** Shows the first script with a clash, and asks for each clash who is right. */
export async function pickSides(plan: RenewPlan, { show, canMerge }: PickParts): Promise<Sides> {
  const clashes = clashesOf(plan);
  if (clashes[0]) await show(clashes[0].script);
  const owned = new DisposableStore();
  const pick = owned.add(vscode.window.createQuickPick<ClashItem>());
  pick.title = `Renew ${plan.lab.name}: tick what the lab file decides`;
  pick.placeholder = 'What is not ticked stays as it is in the script';
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.buttons = canMerge ? [mergeButton, adoptAllButton] : [adoptAllButton];
  pick.items = clashes.map(of => ({
    label: `${of.script}: ${clashName(of.clash)}`,
    detail: `${clashWords(of.clash)}; ${suggestionWords(of.clash)}`,
    buttons: of.clash.kind === 'setting' ? [showButton, adoptButton] : [showButton],
    of,
  }));
  pick.selectedItems = pick.items.filter(({ of }) => of.clash.suggestion === 'lab');
  try {
    return await new Promise<Sides>(resolve => {
      owned.add(
        pick.onDidTriggerItemButton(({ item, button }) => {
          if (button === adoptButton) resolve({ adopt: item.of });
          else void show(item.of.script);
        }),
      );
      owned.add(pick.onDidTriggerButton(button => resolve(button === mergeButton ? 'merge' : { adopt: 'all' })));
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
