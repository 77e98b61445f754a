import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { LineIndex } from '../../lab/text-span.ts';
import { lensesOf } from '../../runtime/views/lens-list.ts';
import type { LabStore } from '../../runtime/store.ts';
import { languageId } from '../commands.ts';

/** State, Start, Stop, Console and Picture above the VMs of a lab file. */
export function showCodeLenses(store: LabStore, textOf: (path: string) => string | undefined): Disposable {
  const owned = new DisposableStore();
  const changed = owned.add(new vscode.EventEmitter<void>());
  owned.add(store.onDidChange(() => changed.fire()));
  const provideCodeLenses = ({ uri }: vscode.TextDocument): vscode.CodeLens[] => {
    const snapshot = store.lab(uri.fsPath);
    // Spans belong to the text that was read; the next reading, a moment later, brings new ones.
    const index = new LineIndex(textOf(uri.fsPath) ?? '');
    return (snapshot ? lensesOf(snapshot) : []).map(({ span, title, command, things }) => {
      const { line } = index.position(span.start);
      return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
        title,
        command,
        arguments: [things[0], things],
      });
    });
  };
  const provider = { onDidChangeCodeLenses: changed.event, provideCodeLenses };
  owned.add(vscode.languages.registerCodeLensProvider({ language: languageId, scheme: 'file' }, provider));
  return owned;
}
