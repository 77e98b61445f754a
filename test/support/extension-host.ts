import * as assert from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import type { TreeProvider, TreeRow } from '../../extension/vscode/trees/tree-provider.ts';

/** For suites that run inside the extension host. */
export async function activeExtension(): Promise<ExtensionApi & { readonly activationMs: number }> {
  const extension = vscode.extensions.getExtension<ExtensionApi & { activationMs: number }>('kvmlab.kvmlab');
  assert.ok(extension, 'the extension is not installed');
  const api = await extension.activate();
  // Labs are read when somebody asks for them.
  await vscode.commands.executeCommand('kvmlab.refresh');
  return api;
}

export function workspaceFolder(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return folder.uri;
}

/** Writes a file of the workspace; gives its URI. */
export async function writeFile(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(workspaceFolder(), name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Writes a lab that has one VM, `pc`, and starts it; gives its file and the VM. */
export async function startedPc(
  api: ExtensionApi,
  file: string,
  text: string,
): Promise<{ readonly uri: vscode.Uri; readonly pc: ThingRef }> {
  const uri = await writeFile(file, text);
  const pc: ThingRef = { lab: uri.fsPath, kind: 'vm', name: 'pc' };
  await until(
    'the lab',
    () => api.store.lab(uri.fsPath)?.lab?.vms.length,
    count => count === 1,
  );
  await vscode.commands.executeCommand('kvmlab.start', { ...pc, kind: 'lab' });
  assert.strictEqual(api.store.stateOf(pc).kind, 'running');
  return { uri, pc };
}

/** Takes back what was typed, so that closing asks nothing; then closes and removes. */
export async function removeFiles(...uris: readonly vscode.Uri[]): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(one => one.isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const uri of uris) await vscode.workspace.fs.delete(uri);
}

/** Replaces the whole text of an open document, without saving it. */
export async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Asks again and again until the answer is what is wanted. */
export async function until<T>(
  what: string,
  ask: () => T | PromiseLike<T>,
  isWanted: (answer: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(answer)}`);
    await delay(50);
  }
}

/**
 * Gives an order again and again until a command is over, as what it asks may not be on the screen yet. The order is Enter in
 * a list or input, if it is not given.
 */
export async function overWith(
  command: Thenable<unknown>,
  order = 'workbench.action.acceptSelectedQuickOpenItem',
): Promise<void> {
  let isOver = false;
  const done = Promise.resolve(command).finally(() => (isOver = true));
  await until(
    'the command',
    async () => {
      await vscode.commands.executeCommand(order);
      return isOver;
    },
    over => over,
  );
  await done;
}

export const problemsOf = (uri: vscode.Uri): readonly (readonly [unknown, string])[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(one => one.source === 'KVM Lab')
    .map(one => [one.code, `${one.range.start.line}:${one.range.start.character}`] as const);

/** The labels of what is offered there. */
export async function completions(uri: vscode.Uri, position: vscode.Position): Promise<readonly string[]> {
  const command = 'vscode.executeCompletionItemProvider';
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(command, uri, position);
  return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

/** What cards say there. */
export async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  const texts = hovers
    .flatMap(({ contents }) => contents)
    .map(one => (one instanceof vscode.MarkdownString ? one.value : ''));
  return texts.join('\n');
}

/** The place of a word in a document, `at` letters behind its beginning. */
export function placeOf(document: vscode.TextDocument, word: string, at = 0): vscode.Position {
  const offset = document.getText().indexOf(word);
  assert.ok(offset >= 0, `${word} is not in the file`);
  return document.positionAt(offset + at);
}

/** The outline of a file, as soon as there is one: what makes it may be loaded only now. */
export const outlineOf = (uri: vscode.Uri): Promise<readonly vscode.DocumentSymbol[]> =>
  until(
    'an outline',
    async () => {
      const command = 'vscode.executeDocumentSymbolProvider';
      return (await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(command, uri)) ?? [];
    },
    symbols => symbols.length > 0,
  );

/** The rows below a row, or at the top, as VS Code gets them: label and description. */
export async function rowsOf(tree: TreeProvider, row?: TreeRow): Promise<readonly string[]> {
  const items = (await tree.getChildren(row)).map(one => tree.getTreeItem(one));
  return items.map(({ label, description }) => `${labelText(label)} | ${String(description)}`);
}

const labelText = (label: string | vscode.TreeItemLabel | undefined): string =>
  typeof label === 'object' ? label.label : (label ?? '');
