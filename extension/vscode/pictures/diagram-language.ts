import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { OutlineEntry } from '../../diagram/language/outline.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { placedProblems, type PlacedProblem } from '../../runtime/views/diagnostic-list.ts';
import type { Clock } from '../../runtime/host.ts';
import { diagramLanguageId } from '../commands.ts';
import { OpenFileProblems } from '../open-file-problems.ts';

const loadRoom = () => import('../../runtime/picture/diagram-room.ts');

/** Problems, outline and folding of `.diag` files that are open. Reads them only; nothing is run or written. */
export function showDiagrams(clock: Clock): Disposable {
  const owned = new DisposableStore();
  const selector = { language: diagramLanguageId };
  owned.add(new OpenFileProblems({ clock, language: diagramLanguageId, read: ({ text }) => problemsOf(text) }));
  owned.add(vscode.languages.registerDocumentSymbolProvider(selector, { provideDocumentSymbols: outlineOf }));
  owned.add(vscode.languages.registerFoldingRangeProvider(selector, { provideFoldingRanges: foldsOf }));
  return owned;
}

const problemsOf = async (text: string): Promise<readonly PlacedProblem[]> => {
  const { readDiag } = await loadRoom();
  return placedProblems(text, readDiag(text).problems);
};

const symbolKinds: Readonly<Record<OutlineEntry['kind'], vscode.SymbolKind>> = {
  network: vscode.SymbolKind.Namespace,
  group: vscode.SymbolKind.Package,
  route: vscode.SymbolKind.Event,
  node: vscode.SymbolKind.Object,
  peer: vscode.SymbolKind.Interface,
  class: vscode.SymbolKind.Class,
};

async function outlineOf(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
  const { diagOutline, parseDiag } = await loadRoom();
  const symbolOf = ({ kind, name, detail, span, nameSpan, children }: OutlineEntry): vscode.DocumentSymbol => {
    const [range, selection] = [rangeOf(document, span), rangeOf(document, nameSpan)];
    const symbol = new vscode.DocumentSymbol(name, detail, symbolKinds[kind], range, selection);
    symbol.children = children.map(symbolOf);
    return symbol;
  };
  return diagOutline(parseDiag(document.getText(), () => undefined)).map(symbolOf);
}

async function foldsOf(document: vscode.TextDocument): Promise<vscode.FoldingRange[]> {
  const { diagFolds, parseDiag } = await loadRoom();
  const text = document.getText();
  return diagFolds(
    text,
    parseDiag(text, () => undefined),
  ).map(span => {
    const { start, end } = rangeOf(document, span);
    const isComment = /^(\/\/|\/[*']|#|')/.test(text.slice(span.start, span.start + 2));
    return new vscode.FoldingRange(start.line, end.line, isComment ? vscode.FoldingRangeKind.Comment : undefined);
  });
}

const rangeOf = (document: vscode.TextDocument, { start, end }: TextSpan): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));
