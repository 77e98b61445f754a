import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { allSteps } from '../../dialogue/step-list.ts';
import { currentStep, type ShownInstall } from '../../runtime/views/install-rows.ts';

/** Shows in scripts how far they are: a tick behind what is done, a bar over the step at which it is. */
export class InstallMarks implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly done = this.owned.add(
    vscode.window.createTextEditorDecorationType({
      after: { contentText: '  ✓', color: new vscode.ThemeColor('testing.iconPassed') },
    }),
  );
  private readonly current = this.owned.add(
    vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground'),
      overviewRulerColor: new vscode.ThemeColor('editorWarning.foreground'),
    }),
  );
  private readonly stuck = this.owned.add(
    vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor('inputValidation.errorBackground'),
      overviewRulerColor: new vscode.ThemeColor('editorError.foreground'),
    }),
  );
  private readonly installs: () => readonly ShownInstall[];

  constructor(installs: () => readonly ShownInstall[]) {
    this.installs = installs;
    this.owned.add(vscode.window.onDidChangeVisibleTextEditors(() => this.draw()));
    this.owned.add(vscode.workspace.onDidChangeTextDocument(() => this.draw()));
  }

  draw(): void {
    for (const editor of vscode.window.visibleTextEditors) this.mark(editor);
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Lines of a script that was changed since are others now. */
  private mark(editor: vscode.TextEditor): void {
    const { document } = editor;
    const lines = document.isDirty ? [] : this.installs().flatMap(one => linesOf(one, document.uri.fsPath));
    const ranges = (kind: MarkedLine['kind']): readonly vscode.Range[] =>
      lines.flatMap(({ line, kind: own }) =>
        own === kind && line < document.lineCount ? document.lineAt(line).range : [],
      );
    editor.setDecorations(this.done, ranges('done'));
    editor.setDecorations(this.current, ranges('current'));
    editor.setDecorations(this.stuck, ranges('stuck'));
  }
}

interface MarkedLine {
  /** Counted from 0. */
  readonly line: number;
  readonly kind: 'done' | 'current' | 'stuck';
}

function linesOf(install: ShownInstall, file: string): readonly MarkedLine[] {
  const { script, state, begun } = install;
  const current = currentStep(install);
  return allSteps(script.steps).flatMap((step): readonly MarkedLine[] => {
    if ((step.place.file ?? install.file) !== file) return [];
    const line = step.place.line - 1;
    if (step === current) return [{ line, kind: state.kind === 'stuck' ? 'stuck' : 'current' }];
    return begun.has(step.number) ? [{ line, kind: 'done' }] : [];
  });
}
