import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';

const scheme = 'kvmlab-script';

/** Texts of scripts as they are generated or would be written, for diff editors. */
export class ScriptTexts implements vscode.TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Where this text can be opened; `what` tells several texts of one script apart. */
  hold(path: string, what: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path, query: what });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
