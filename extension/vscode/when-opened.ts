import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';

/** Loads the help for a language when the first file that has it is open. */
export function whenOpened(language: string, load: () => Promise<Disposable>): Disposable {
  const owned = new DisposableStore();
  let isLoaded = false;
  const look = ({ languageId }: vscode.TextDocument): void => {
    if (languageId !== language || isLoaded) return;
    isLoaded = true;
    void load().then(help => owned.add(help));
  };
  owned.add(vscode.workspace.onDidOpenTextDocument(look));
  vscode.workspace.textDocuments.forEach(look);
  return owned;
}
