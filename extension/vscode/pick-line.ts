import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposable.ts';

/** A line that can be picked as it is, or gone on with: then it goes into the box, and the list stays. */
export interface LineItem extends vscode.QuickPickItem {
  readonly line: string;
  readonly isWhole: boolean;
}

export interface LinePick {
  readonly title: string;
  readonly placeholder: string;
  /** What can be picked when this stands in the box; may be there later. */
  readonly items: (typed: string) => readonly LineItem[];
}

/** A pick list in which one can also type. Gives the line; undefined: the user thought better of it. */
export async function pickLine(
  { title, placeholder, items }: LinePick,
  ready: Promise<unknown>,
): Promise<string | undefined> {
  const owned = new DisposableStore();
  const pick = owned.add(vscode.window.createQuickPick<LineItem>());
  Object.assign(pick, { title, placeholder, matchOnDescription: true, matchOnDetail: true, busy: true });
  const show = (): void => void (pick.items = items(pick.value));
  try {
    return await new Promise((resolve, reject) => {
      owned.add(pick.onDidChangeValue(show));
      owned.add(pick.onDidHide(() => resolve(undefined)));
      owned.add(
        pick.onDidAccept(() => {
          const [item] = pick.activeItems;
          if (!item) return;
          if (item.isWhole) {
            resolve(item.line);
          } else {
            pick.value = item.line;
            show();
          }
        }),
      );
      show();
      pick.show();
      ready.then(() => {
        pick.busy = false;
        show();
      }, reject);
    });
  } finally {
    owned.dispose();
  }
}
