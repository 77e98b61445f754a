import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { InstallScript } from '../../dialogue/install-script.ts';
import type { Problem } from '../../lab/problem.ts';
import { readScriptFile } from '../../runtime/installs/read-script.ts';
import { baseName } from '../../runtime/paths.ts';
import { installLanguageId, type Target } from '../commands.ts';
import { rangeOf } from '../open-commands.ts';
import type { Services } from '../services.ts';

type ScriptFile = Awaited<ReturnType<typeof readScriptFile>>;

/** The script that a command was called on, or in the active editor; else one is chosen. Undefined: none. */
export async function pickScript(clicked: Target | undefined): Promise<vscode.Uri | undefined> {
  if (clicked && 'fsPath' in clicked) return vscode.Uri.file(clicked.fsPath);
  const active = vscode.window.activeTextEditor?.document;
  if (!clicked && active?.languageId === installLanguageId && active.uri.scheme === 'file') return active.uri;
  const found = await vscode.workspace.findFiles('**/*.install.{yaml,yml}', '**/node_modules/**');
  if (found.length === 0)
    throw new UserError('There is no install script (*.install.yaml) in this workspace. Record a console to get one.', [
      { title: 'Record Console', command: 'kvmlab.recordConsole' },
    ]);
  const items = found
    .map(uri => ({ label: baseName(uri.fsPath), description: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description));
  return (await vscode.window.showQuickPick(items, { title: 'Which install script?' }))?.uri;
}

export interface ReadScript {
  readonly file: string;
  readonly script: InstallScript;
}

/** Saved and without mistakes; throws otherwise. */
export async function readScript({ files, installs }: Services, uri: vscode.Uri): Promise<ReadScript> {
  for (const document of vscode.workspace.textDocuments)
    if (document.languageId === installLanguageId && document.isDirty && !document.isUntitled) await document.save();
  const file = uri.fsPath;
  const { parts } = await installs();
  const reading = await readScriptFile(file, files, parts.included);
  const [mistake] = reading.problems.filter(({ severity }) => severity === 'error');
  const { script } = reading;
  if (!mistake && script) return { file, script };
  throw mistakeError(file, reading, mistake);
}

function mistakeError(file: string, { text, included }: ScriptFile, mistake: Problem | undefined): UserError {
  const span = mistake?.span ?? { start: 0, end: 0 };
  const place = span.file ?? file;
  const other = included.find(one => one.path === span.file);
  const selection = rangeOf(other && 'text' in other ? other.text : text, span);
  const line = `${baseName(place)}, line ${selection.start.line + 1}`;
  const open = { title: 'Open Script', command: 'vscode.open', args: [vscode.Uri.file(place), { selection }] };
  return new UserError(`Nothing was done: the script has mistakes. ${line}: ${mistake?.message ?? 'it is empty.'}`, [
    open,
  ]);
}
