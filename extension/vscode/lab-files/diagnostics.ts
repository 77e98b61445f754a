import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { placedProblems, type PlacedProblem } from '../../runtime/views/diagnostic-list.ts';
import type { LabStore } from '../../runtime/store.ts';

export const diagnosticSource = 'KVM Lab';

/** Shows the problems of every lab in the store at their places, and nowhere else. */
export function showProblems(store: LabStore, textOf: (path: string) => string | undefined): Disposable {
  const owned = new DisposableStore();
  const collection = owned.add(vscode.languages.createDiagnosticCollection('kvmlab'));
  const shown = new Map<string, unknown>();
  const show = (path: string): void => {
    const reading = store.lab(path)?.reading;
    if (shown.get(path) === reading) return;
    shown.set(path, reading);
    const uri = vscode.Uri.file(path);
    if (reading) collection.set(uri, placedProblems(textOf(path) ?? '', reading.problems).map(diagnosticOf));
    else collection.delete(uri);
  };
  owned.add(store.onDidChange(({ labs }) => labs.forEach(show)));
  return owned;
}

export function diagnosticOf({ problem, start, end }: PlacedProblem): vscode.Diagnostic {
  const range = new vscode.Range(start.line, start.column, end.line, end.column);
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const diagnostic = new vscode.Diagnostic(range, problem.message, problem.severity === 'error' ? Error : Warning);
  diagnostic.source = diagnosticSource;
  diagnostic.code = problem.code;
  return diagnostic;
}
