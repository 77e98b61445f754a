import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Files } from '../../runtime/host.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import { kvmscriptProblems } from '../../runtime/views/kvmscript-list.ts';
import { diagnosticOf } from './diagnostics.ts';

export interface KvmscriptParts {
  /** Of `~/.kvmscript`. */
  readonly path: string;
  readonly files: Pick<Files, 'read'>;
  /** The file has changed on the disk, and the labs with it. */
  readonly changed: () => void;
  readonly log: vscode.LogOutputChannel;
}

/** Shows at its lines what of `~/.kvmscript` is not understood, also while it is typed; labs follow what is saved. */
export function watchKvmscript({ path, files, changed, log }: KvmscriptParts): Disposable {
  const owned = new DisposableStore();
  const uri = vscode.Uri.file(path);
  const collection = owned.add(vscode.languages.createDiagnosticCollection('kvmscript'));
  let turn = 0;
  const show = async (): Promise<void> => {
    const own = ++turn;
    const text = typedText(path) ?? (await files.read(path)) ?? '';
    // Somebody who came later knows better.
    if (own === turn) collection.set(uri, kvmscriptProblems(text).map(diagnosticOf));
  };
  const showOrLog = (): void => void show().catch((error: unknown) => log.error(`${path}: ${String(error)}`));
  const onDisk = (): void => {
    showOrLog();
    changed();
  };
  const onDocument = (document: vscode.TextDocument): void => {
    if (isAt(document, path)) showOrLog();
  };

  const pattern = new vscode.RelativePattern(vscode.Uri.file(folderOf(path)), baseName(path));
  const watcher = owned.add(vscode.workspace.createFileSystemWatcher(pattern));
  for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) owned.add(event(onDisk));
  const { onDidOpenTextDocument, onDidChangeTextDocument, onDidCloseTextDocument } = vscode.workspace;
  owned.add(onDidOpenTextDocument(onDocument));
  owned.add(onDidChangeTextDocument(({ document }) => onDocument(document)));
  owned.add(onDidCloseTextDocument(onDocument));
  showOrLog();
  return owned;
}

const isAt = ({ uri }: vscode.TextDocument, path: string): boolean => uri.scheme === 'file' && uri.fsPath === path;

/** Not saved yet. VS Code holds other documents for minutes after their file is gone. */
const typedText = (path: string): string | undefined =>
  vscode.workspace.textDocuments.find(document => document.isDirty && isAt(document, path))?.getText();
