import * as vscode from 'vscode';
import { fixAll, quickFixes, type FixedFile, type QuickFix } from '../../language/quick-fixes.ts';
import { filesOf, labOfFile } from '../../runtime/lab-of-file.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import { placedProblems } from '../../runtime/views/diagnostic-list.ts';
import { rangeOf } from '../open-commands.ts';
import { diagnosticSource } from './diagnostics.ts';
import type { WritingParts } from './writing-parts.ts';

/** Quick fixes for the problems under the cursor, each the smallest edit of the text; and all plain ones at once. */
export function fixProblems(
  document: vscode.TextDocument,
  { diagnostics, only }: vscode.CodeActionContext,
  { store, textOf }: WritingParts,
): readonly vscode.CodeAction[] {
  const text = document.getText();
  const { fsPath: path } = document.uri;
  const snapshot = labOfFile(store, path);
  // Edits are made from spans of the text that was read: while it is behind the editor, they would hit other words.
  if (!snapshot || filesOf([snapshot], textOf).find(one => one.path === path)?.text !== text) return [];
  const part = snapshot.path === path ? undefined : path;
  const problems = snapshot.reading.problems.filter(({ span }) => span.file === part);
  const { lab, included } = snapshot.reading;
  const file: FixedFile = { text, lab, problems, usedIds: usedIds(store), included, part };
  const all = vscode.CodeActionKind.SourceFixAll;
  if (only && all.contains(only)) return [fixAll(file)].flatMap(fix => (fix ? [actionOf(fix, all, document)] : []));
  const actions = placedProblems(text, problems).flatMap(({ problem, start }) => {
    const shown = diagnostics.find(one => isShownAs(one, problem.code, start.line, start.column));
    const fixes = shown ? quickFixes(problem, file) : [];
    return fixes.map((fix, at) => actionOf(fix, vscode.CodeActionKind.QuickFix, document, shown, at === 0));
  });
  const together = actions.length > 0 ? fixAll(file) : undefined;
  return together ? [...actions, actionOf(together, vscode.CodeActionKind.QuickFix, document)] : actions;
}

const isShownAs = ({ source, code, range }: vscode.Diagnostic, problem: string, line: number, column: number) =>
  source === diagnosticSource && code === problem && range.start.line === line && range.start.character === column;

function actionOf(
  { title, edits, command }: QuickFix,
  kind: vscode.CodeActionKind,
  document: vscode.TextDocument,
  shown?: vscode.Diagnostic,
  isPreferred = false,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  if (edits.length > 0) action.edit = new vscode.WorkspaceEdit();
  for (const { span, text } of edits) action.edit?.replace(document.uri, rangeOf(document.getText(), span), text);
  if (command !== undefined) action.command = { title, command };
  action.isPreferred = isPreferred;
  if (shown) action.diagnostics = [shown];
  return action;
}
