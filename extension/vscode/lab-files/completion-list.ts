import * as vscode from 'vscode';
import type { Completion, CompletionItem } from '../../language/completion-item.ts';

/** What was found for a place, as VS Code takes it. */
export function completionList(
  document: vscode.TextDocument,
  position: vscode.Position,
  { items, span, isIncomplete }: Completion,
): vscode.CompletionList {
  const [start, end] = [document.positionAt(span.start), document.positionAt(span.end)];
  const range = { inserting: new vscode.Range(start, position), replacing: new vscode.Range(start, end) };
  return new vscode.CompletionList(
    items.map(item => itemOf(item, range)),
    isIncomplete,
  );
}

const kinds = {
  key: vscode.CompletionItemKind.Property,
  word: vscode.CompletionItemKind.EnumMember,
  reference: vscode.CompletionItemKind.Reference,
  number: vscode.CompletionItemKind.Value,
  file: vscode.CompletionItemKind.File,
  thing: vscode.CompletionItemKind.Struct,
} as const;

const askAgain: vscode.Command = { title: 'Go on', command: 'editor.action.triggerSuggest' };

function itemOf(
  { label, kind, detail, documentation, snippet, filter, sort, goesOn }: CompletionItem,
  range: { readonly inserting: vscode.Range; readonly replacing: vscode.Range },
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(detail === undefined ? label : { label, description: detail }, kinds[kind]);
  item.insertText = new vscode.SnippetString(snippet);
  item.range = range;
  item.filterText = filter;
  item.sortText = sort;
  if (documentation !== undefined) item.documentation = documentation;
  if (goesOn) item.command = askAgain;
  return item;
}
