import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Clock, IncludedFiles } from '../../runtime/host.ts';
import { installLanguageId } from '../commands.ts';
import { foldsOf, formatOf } from '../lab-files/names/structure.ts';
import { writingTriggers } from '../lab-files/writing-help.ts';
import { OpenFileProblems } from '../open-file-problems.ts';
import { completeInstall, hoverInstall, installLenses, installProblems, installSymbols } from './install-writing.ts';

export interface InstallHelpParts {
  readonly clock: Clock;
  readonly included: IncludedFiles;
}

/** Problems, completion, cards, outline, folding, format and buttons of install scripts. Only reads. */
export function helpWithInstalls({ clock, included }: InstallHelpParts): Disposable {
  const owned = new DisposableStore();
  const selector = { language: installLanguageId };
  const onDisk = { ...selector, scheme: 'file' };
  const { languages } = vscode;
  const providers = [
    new OpenFileProblems({
      ...{ clock, language: installLanguageId, areRelated: true },
      read: file => installProblems(file, included),
    }),
    languages.registerCompletionItemProvider(selector, { provideCompletionItems: completeInstall }, ...writingTriggers),
    languages.registerHoverProvider(selector, { provideHover: hoverInstall }),
    languages.registerDocumentSymbolProvider(selector, { provideDocumentSymbols: installSymbols }),
    languages.registerFoldingRangeProvider(selector, { provideFoldingRanges: foldsOf }),
    languages.registerDocumentFormattingEditProvider(selector, { provideDocumentFormattingEdits: formatOfAll }),
    languages.registerCodeLensProvider(onDisk, { provideCodeLenses: installLenses }),
  ];
  for (const provider of providers) owned.add(provider);
  return owned;
}

/** VS Code's second argument is no range. */
const formatOfAll = (document: vscode.TextDocument): vscode.TextEdit[] => formatOf(document);
