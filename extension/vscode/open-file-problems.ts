import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Clock } from '../runtime/host.ts';
import type { PlacedProblem } from '../runtime/views/diagnostic-list.ts';
import { diagnosticOf } from './lab-files/diagnostics.ts';

/** As long as for lab files. */
const typingPauseMs = 200;

export interface OpenFile {
  readonly path: string;
  readonly text: string;
}

export interface OpenFileParts {
  readonly clock: Clock;
  /** The files that have it are read. */
  readonly language: string;
  readonly read: (file: OpenFile) => Promise<readonly PlacedProblem[]>;
  /** Files of this language name each other: a change of one may mend another. */
  readonly areRelated?: boolean;
}

/** Keeps the problems of open files of a language in step with their texts. */
export class OpenFileProblems implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection: vscode.DiagnosticCollection;
  private readonly pauses = new Map<string, Disposable>();
  private readonly parts: OpenFileParts;

  constructor(parts: OpenFileParts) {
    this.parts = parts;
    this.collection = this.owned.add(vscode.languages.createDiagnosticCollection(parts.language));
    const { workspace } = vscode;
    for (const document of workspace.textDocuments) this.later(document);
    this.owned.add(workspace.onDidOpenTextDocument(document => this.later(document)));
    this.owned.add(workspace.onDidChangeTextDocument(({ document }) => this.changed(document)));
    this.owned.add(workspace.onDidCloseTextDocument(document => this.forget(document)));
    this.owned.add({ dispose: () => [...this.pauses.values()].forEach(pause => pause.dispose()) });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private changed(document: vscode.TextDocument): void {
    if (this.parts.areRelated === true && this.isOurs(document))
      vscode.workspace.textDocuments.forEach(one => this.later(one));
    else this.later(document);
  }

  private isOurs = ({ languageId }: vscode.TextDocument): boolean => languageId === this.parts.language;

  private later(document: vscode.TextDocument): void {
    if (!this.isOurs(document)) return;
    const key = document.uri.toString();
    this.pauses.get(key)?.dispose();
    this.pauses.set(
      key,
      this.parts.clock.after(typingPauseMs, () => void this.show(document)),
    );
  }

  private async show(document: vscode.TextDocument): Promise<void> {
    this.pauses.delete(document.uri.toString());
    const { version } = document;
    const problems = await this.parts.read({ path: document.uri.fsPath, text: document.getText() });
    if (document.isClosed || document.version !== version) return;
    this.collection.set(document.uri, problems.map(diagnosticOf));
  }

  /** Also when its language is changed, which closes it. */
  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.pauses.get(key)?.dispose();
    this.pauses.delete(key);
    this.collection.delete(document.uri);
  }
}
