import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { OutlineEntry } from '../../diagram/language/outline.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { placedProblems } from '../../runtime/views/diagnostic-list.ts';
import type { Clock } from '../../runtime/host.ts';
import { diagramLanguageId } from '../commands.ts';
import { diagnosticOf } from '../lab-files/diagnostics.ts';

const loadRoom = () => import('../../runtime/picture/diagram-room.ts');

/** As long as for lab files. */
const typingPauseMs = 200;

/** Problems, outline and folding of `.diag` files that are open. Reads them only; nothing is run or written. */
export function showDiagrams(clock: Clock): Disposable {
  const owned = new DisposableStore();
  const selector = { language: diagramLanguageId };
  owned.add(new DiagramProblems(clock));
  owned.add(vscode.languages.registerDocumentSymbolProvider(selector, { provideDocumentSymbols: outlineOf }));
  owned.add(vscode.languages.registerFoldingRangeProvider(selector, { provideFoldingRanges: foldsOf }));
  return owned;
}

/** Keeps the problems of open diagrams in step with their text. */
class DiagramProblems implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection = this.owned.add(vscode.languages.createDiagnosticCollection('kvmlab.diagram'));
  private readonly pauses = new Map<string, Disposable>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
    const { workspace } = vscode;
    for (const document of workspace.textDocuments) this.later(document);
    this.owned.add(workspace.onDidOpenTextDocument(document => this.later(document)));
    this.owned.add(workspace.onDidChangeTextDocument(({ document }) => this.later(document)));
    this.owned.add(workspace.onDidCloseTextDocument(document => this.forget(document)));
    this.owned.add({ dispose: () => [...this.pauses.values()].forEach(pause => pause.dispose()) });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private later(document: vscode.TextDocument): void {
    if (document.languageId !== diagramLanguageId) return;
    const key = document.uri.toString();
    this.pauses.get(key)?.dispose();
    this.pauses.set(
      key,
      this.clock.after(typingPauseMs, () => void this.show(document)),
    );
  }

  private async show(document: vscode.TextDocument): Promise<void> {
    this.pauses.delete(document.uri.toString());
    const { readDiag } = await loadRoom();
    if (document.isClosed) return;
    const text = document.getText();
    this.collection.set(document.uri, placedProblems(text, readDiag(text).problems).map(diagnosticOf));
  }

  /** Also when its language is changed, which closes it. */
  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.pauses.get(key)?.dispose();
    this.pauses.delete(key);
    this.collection.delete(document.uri);
  }
}

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
