import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';

const scheme = 'kvmlab-answers';

/** What guests said to commands, each command in a document of its own that is only read. */
export class GuestAnswers implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly texts = new Map<string, string>();
  private count = 0;
  /** The command that was run last. */
  last = '';

  constructor() {
    const provideTextDocumentContent = (uri: vscode.Uri): string => this.texts.get(uri.toString()) ?? '';
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent }));
    this.owned.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.texts.delete(uri.toString());
      }),
    );
  }

  async show(title: string, text: string): Promise<void> {
    this.count += 1;
    const uri = vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', '∕')}`, query: String(this.count) });
    this.texts.set(uri.toString(), text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
  }

  dispose(): void {
    this.owned.dispose();
  }
}
