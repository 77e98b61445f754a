import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { languageId, partLanguageId } from '../commands.ts';
import type { WritingParts } from './writing-parts.ts';

/** Signs behind which something can be chosen; letters ask by themselves. */
export const writingTriggers = [':', ' ', '-', '{', '[', ',', '"', "'"];

const loadRoom = () => import('./writing-room.ts');

/** Completion, hover and quick fixes for lab files and what they include, loaded when the first of them is asked for. */
export function helpWriting(parts: WritingParts): Disposable {
  const owned = new DisposableStore();
  const lab = [{ language: languageId }, { language: partLanguageId }];
  const completion: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position) => (await loadRoom()).complete(document, position, parts),
  };
  const provideHover = async (document: vscode.TextDocument, position: vscode.Position) =>
    (await loadRoom()).hover(document, position, parts);
  const fixes: vscode.CodeActionProvider = {
    provideCodeActions: async (document, _range, context) => {
      const isWanted = context.diagnostics.length > 0 || context.only !== undefined;
      return isWanted ? [...(await loadRoom()).fixProblems(document, context, parts)] : [];
    },
  };
  const { QuickFix, SourceFixAll } = vscode.CodeActionKind;
  const metadata = { providedCodeActionKinds: [QuickFix, SourceFixAll] };
  owned.add(vscode.languages.registerCompletionItemProvider(lab, completion, ...writingTriggers));
  owned.add(vscode.languages.registerHoverProvider(lab, { provideHover }));
  owned.add(
    vscode.languages.registerCodeActionsProvider(
      lab.map(one => ({ ...one, scheme: 'file' })),
      fixes,
      metadata,
    ),
  );
  return owned;
}
