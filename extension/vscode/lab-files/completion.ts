import * as vscode from 'vscode';
import type { CompletionItem } from '../../language/completion-item.ts';
import { completionAt } from '../../language/completion.ts';
import type { LanguageFacts, NeededKind } from '../../language/facts.ts';
import { baseName, folderOf, relativeFolder } from '../../runtime/paths.ts';
import { labOfFile, otherFiles } from '../../runtime/lab-of-file.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import { usedNetworks } from '../../runtime/used-networks.ts';
import { labFilePattern, partLanguageId } from '../commands.ts';
import type { WritingParts } from './writing-parts.ts';

/** What can be typed at a place of a lab file. */
export async function complete(
  document: vscode.TextDocument,
  position: vscode.Position,
  parts: WritingParts,
): Promise<vscode.CompletionList | undefined> {
  const found = await completionAt(document.getText(), document.offsetAt(position), factsOf(document, parts));
  if (!found) return undefined;
  const [start, end] = [document.positionAt(found.span.start), document.positionAt(found.span.end)];
  const range = { inserting: new vscode.Range(start, position), replacing: new vscode.Range(start, end) };
  const items = found.items.map(item => itemOf(item, range));
  return new vscode.CompletionList(items, found.isIncomplete);
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

function factsOf({ uri, languageId }: vscode.TextDocument, parts: WritingParts): LanguageFacts {
  const { store, hostNetworks, random, qemu, textOf } = parts;
  const snapshot = labOfFile(store, uri.fsPath);
  return {
    lab: snapshot?.lab,
    part: languageId === partLanguageId ? uri.fsPath : undefined,
    otherTexts: otherFiles(store, uri.fsPath, textOf).map(({ text }) => text),
    labName: baseName(uri.path).replace(/(\.lab)?\.ya?ml$/i, '') || 'lab',
    usedIds: usedIds(store),
    random,
    takenNetworks: () => usedNetworks(store, hostNetworks),
    // Also what is included names files from the folder of the lab file.
    files: kind => filesNear(snapshot ? vscode.Uri.file(snapshot.path) : uri, kind),
    // A workspace that is not trusted starts nothing.
    qemu: () => (vscode.workspace.isTrusted ? qemu.models() : Promise.resolve(undefined)),
  };
}

const patterns: Readonly<Record<NeededKind, string>> = {
  disk: '**/*.{qcow2,img,raw,vmdk,vdi,vhdx}',
  cdrom: '**/*.{iso,ISO}',
  kernel: '**/{vmlinuz,bzImage}*',
  initrd: '**/{initrd,initramfs}*',
  include: '**/*.{yaml,yml}',
};
const mostFiles = 200;

/** Files of the lab's workspace folder, as the lab names them; those below the lab file first. */
async function filesNear(lab: vscode.Uri, kind: NeededKind): Promise<readonly string[]> {
  const folder = vscode.workspace.getWorkspaceFolder(lab);
  if (!folder) return [];
  const pattern = new vscode.RelativePattern(folder, patterns[kind]);
  const exclude = kind === 'include' ? `{**/node_modules/**,${labFilePattern}}` : '**/node_modules/**';
  const found = await vscode.workspace.findFiles(pattern, exclude, mostFiles);
  const paths = found.map(({ fsPath }) => relativeFolder(folderOf(lab.fsPath), fsPath)).sort();
  return [...paths.filter(path => !path.startsWith('../')), ...paths.filter(path => path.startsWith('../'))];
}
