import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { LabReading } from '../../lab/model.ts';
import { problemsByFile, type PlacedProblem } from '../../runtime/views/diagnostic-list.ts';
import type { LabStore } from '../../runtime/store.ts';

export const diagnosticSource = 'KVM Lab';

/** Shows the problems of every lab in the store at their places, also in the files that it includes, and nowhere else. */
export function showProblems(store: LabStore, textOf: (path: string) => string | undefined): Disposable {
  const owned = new DisposableStore();
  const collection = owned.add(vscode.languages.createDiagnosticCollection('kvmlab'));
  const shown = new Map<string, LabReading>();
  /** By lab, then by file: several labs may include one file. */
  const placed = new Map<string, ReturnType<typeof problemsByFile>>();
  const show = (path: string): void => {
    const reading = store.lab(path)?.reading;
    if (shown.get(path) === reading) return;
    const before = placed.get(path);
    if (reading) {
      shown.set(path, reading);
      placed.set(path, problemsByFile(path, textOf(path) ?? '', reading));
    } else {
      shown.delete(path);
      placed.delete(path);
    }
    for (const file of new Set([...(before?.keys() ?? []), ...(placed.get(path)?.keys() ?? [])])) {
      const all = [...placed.values()].flatMap(files => files.get(file) ?? []);
      // What several labs say of one place is said once.
      const unique = new Map(all.map(one => [JSON.stringify([one.start, one.end, one.problem.message]), one]));
      collection.set(vscode.Uri.file(file), [...unique.values()].map(diagnosticOf));
    }
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
