import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { placedProblems } from '../../runtime/views/diagnostic-list.ts';
import { quickFixes, type QuickFix } from '../../runtime/views/quick-fixes.ts';
import type { LabStore } from '../../runtime/store.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import { languageId } from '../commands.ts';
import { diagnosticSource } from './diagnostics.ts';
import { rangeOf } from '../open-commands.ts';

/** Offers quick fixes for the problems under the cursor, each the smallest edit of the text. */
export function offerQuickFixes(store: LabStore, textOf: (path: string) => string | undefined): Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, _range, { diagnostics }) {
      const text = document.getText();
      const snapshot = store.lab(document.uri.fsPath);
      // Edits are made from spans of the text that was read: while it is behind the editor, they would hit other words.
      if (!snapshot || textOf(document.uri.fsPath) !== text) return [];
      const ids = usedIds(store);
      const problems = snapshot.reading.problems.filter(({ span }) => span.file === undefined);
      return placedProblems(text, problems).flatMap(({ problem, start }) => {
        const shown = diagnostics.find(one => isShownAs(one, problem.code, start.line, start.column));
        const fixes = shown ? quickFixes(problem, text, snapshot.reading.lab, ids) : [];
        return fixes.map(fix => actionOf(fix, document, shown));
      });
    },
  };
  const metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.languages.registerCodeActionsProvider({ language: languageId, scheme: 'file' }, provider, metadata);
}

const isShownAs = ({ source, code, range }: vscode.Diagnostic, problem: string, line: number, column: number) =>
  source === diagnosticSource && code === problem && range.start.line === line && range.start.character === column;

function actionOf(fix: QuickFix, document: vscode.TextDocument, shown: vscode.Diagnostic | undefined) {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, rangeOf(document.getText(), fix.edit.span), fix.edit.text);
  action.isPreferred = true;
  if (shown) action.diagnostics = [shown];
  return action;
}
