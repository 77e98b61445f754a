import * as vscode from 'vscode';
import type { TextEdit } from '../../../lab/edits/edit.ts';
import { colouredNames, colouredKinds } from '../../../language/colours.ts';
import { labFolds } from '../../../language/folding.ts';
import { formatLab } from '../../../language/format/format.ts';
import { labOutline, type OutlineEntry } from '../../../language/outline.ts';
import { labTextOf, spanOf, type LabText } from './lab-text.ts';

const symbolKinds: Readonly<Record<OutlineEntry['kind'], vscode.SymbolKind>> = {
  property: vscode.SymbolKind.Property,
  section: vscode.SymbolKind.Namespace,
  vm: vscode.SymbolKind.Class,
  template: vscode.SymbolKind.Interface,
  switch: vscode.SymbolKind.Module,
  image: vscode.SymbolKind.File,
  group: vscode.SymbolKind.Package,
  wire: vscode.SymbolKind.Event,
  nic: vscode.SymbolKind.Field,
  check: vscode.SymbolKind.Boolean,
};

export function outlineOf(document: vscode.TextDocument): vscode.DocumentSymbol[] {
  const labText = labTextOf(document);
  const symbolOf = ({ kind, name, detail, span, nameSpan, children }: OutlineEntry): vscode.DocumentSymbol => {
    const [range, selection] = [labText.range(span), labText.range(nameSpan)];
    const symbol = new vscode.DocumentSymbol(name, detail, symbolKinds[kind], range, selection);
    symbol.children = children.map(symbolOf);
    return symbol;
  };
  return labOutline(labText.tree).map(symbolOf);
}

export function foldsOf(document: vscode.TextDocument): vscode.FoldingRange[] {
  const { text, tree } = labTextOf(document);
  return labFolds(text, tree).map(
    ({ start, end, isComment }) =>
      new vscode.FoldingRange(start, end, isComment ? vscode.FoldingRangeKind.Comment : undefined),
  );
}

/** Of the whole document, or of a range. */
export function coloursOf(document: vscode.TextDocument, range?: vscode.Range): vscode.SemanticTokens {
  const labText = labTextOf(document);
  const builder = new vscode.SemanticTokensBuilder();
  for (const { span, kind, isDefinition } of colouredNames(labText.index, range && spanOf(document, range))) {
    const { start, end, isSingleLine } = labText.range(span);
    const modifiers = isDefinition ? 1 : 0;
    if (isSingleLine)
      builder.push(
        start.line,
        start.character,
        end.character - start.character,
        colouredKinds.indexOf(kind),
        modifiers,
      );
  }
  return builder.build();
}

/** Of the whole document, or of the sections that a range touches. */
export function formatOf(document: vscode.TextDocument, range?: vscode.Range): vscode.TextEdit[] {
  const labText = labTextOf(document);
  return textEdits(labText, formatLab(labText.text, range && spanOf(document, range)));
}

const textEdits = (labText: LabText, edits: readonly TextEdit[]): vscode.TextEdit[] =>
  edits.map(({ span, text }) => vscode.TextEdit.replace(labText.range(span), text));
