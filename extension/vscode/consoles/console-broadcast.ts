import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import { targetTitle } from '../../runtime/console/terminal-target.ts';
import type { ConsoleTerminals } from './console-terminals.ts';
import type { Services } from '../services.ts';

/** Chooses the consoles that get what is typed in any of them. */
export async function broadcast({ consoles }: Services): Promise<void> {
  if (consoles.open.length < 2)
    throw new UserError('Open at least two consoles first: what you type in one then goes to all that you choose.', [
      { title: 'Open All Consoles', command: 'kvmlab.openAllConsoles' },
    ]);
  const { group } = consoles;
  const items = consoles.open.map(({ key, target }) => ({
    label: targetTitle(target),
    key,
    picked: group.size > 0 ? group.has(key) : target.kind === 'serial',
  }));
  const title = 'Type in which consoles at once?';
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  if (chosen) group.set(chosen.map(one => one.key));
}

/** As long as typing goes to many consoles, the status bar says so; a click ends it. */
export function showBroadcast({ group }: ConsoleTerminals): Disposable {
  const owned = new DisposableStore();
  const item = owned.add(vscode.window.createStatusBarItem('kvmlab.broadcast', vscode.StatusBarAlignment.Left, 100));
  item.name = 'KVM Lab: Broadcast';
  item.command = 'kvmlab.endBroadcast';
  item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  const adapt = (): void => {
    item.text = `⇉ Typing in ${group.size} consoles`;
    item.tooltip = 'What you type in one of the terminals marked with ⇉ goes to all of them. Click to end this.';
    item.accessibilityInformation = { label: `Typing goes to ${group.size} consoles at once; press to end this` };
    if (group.size > 0) item.show();
    else item.hide();
  };
  owned.add(group.onDidChange(adapt));
  return owned;
}
