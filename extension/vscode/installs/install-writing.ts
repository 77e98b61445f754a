import * as vscode from 'vscode';
import { installCompletionAt } from '../../language/installs/install-completion.ts';
import { installHoverAt } from '../../language/installs/install-hover.ts';
import { installOutline, namedSteps, type InstallEntry } from '../../language/installs/install-outline.ts';
import type { IncludedFiles } from '../../runtime/host.ts';
import { readScriptText } from '../../runtime/installs/read-script.ts';
import { placedProblems, type PlacedProblem } from '../../runtime/views/diagnostic-list.ts';
import { completionList } from '../lab-files/completion-list.ts';
import { filesNear } from '../lab-files/files-near.ts';
import { labTextOf } from '../lab-files/names/lab-text.ts';
import type { OpenFile } from '../open-file-problems.ts';

export async function installProblems(
  { path, text }: OpenFile,
  included: IncludedFiles,
): Promise<readonly PlacedProblem[]> {
  const { problems } = await readScriptText(path, text, included);
  // Those of included scripts are shown there.
  return placedProblems(
    text,
    problems.filter(({ span }) => span.file === undefined),
  );
}

const patterns = { script: '**/*.install.{yaml,yml}', cdrom: '**/*.{iso,ISO}' } as const;

export async function completeInstall(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionList | undefined> {
  const files = (kind: keyof typeof patterns) => filesNear(document.uri, patterns[kind]);
  const found = await installCompletionAt(document.getText(), document.offsetAt(position), { files });
  return found && completionList(document, position, found);
}

export function hoverInstall(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
  const found = installHoverAt(document.getText(), document.offsetAt(position));
  return found && new vscode.Hover(new vscode.MarkdownString(found.markdown), labTextOf(document).range(found.span));
}

const symbolKinds: Readonly<Record<InstallEntry['kind'], vscode.SymbolKind>> = {
  section: vscode.SymbolKind.Namespace,
  variable: vscode.SymbolKind.Variable,
  step: vscode.SymbolKind.Event,
};

export function installSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
  const text = labTextOf(document);
  const symbolOf = ({ kind, name, detail, span, nameSpan, children }: InstallEntry): vscode.DocumentSymbol => {
    const [range, selection] = [text.range(span), text.range(nameSpan)];
    const symbol = new vscode.DocumentSymbol(name, detail, symbolKinds[kind], range, selection);
    symbol.children = children.map(symbolOf);
    return symbol;
  };
  return installOutline(text.tree).map(symbolOf);
}

/** Run above the script, and at each step that has a name. */
export function installLenses(document: vscode.TextDocument): vscode.CodeLens[] {
  const text = labTextOf(document);
  const command = 'kvmlab.runInstallScript';
  const lens = (range: vscode.Range, title: string, ...args: readonly unknown[]): vscode.CodeLens =>
    new vscode.CodeLens(range, { title, command, arguments: [document.uri, ...args] });
  return [
    lens(new vscode.Range(0, 0, 0, 0), '$(play) Run on VM…'),
    ...namedSteps(text.tree).map(({ name, span }) => lens(text.range(span), '$(debug-step-into) Run from here…', name)),
  ];
}
