import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { parseForEdit } from '../../lab/edits/yaml-edit.ts';
import { readLab } from '../../lab/reading/reader.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import { count } from '../../runtime/views/tree-node.ts';
import {
  commandsIn,
  importVm,
  noteLines,
  sourceName,
  startFolder,
  type CommandSource,
  type ImportResult,
} from '../../runtime/vm-import.ts';
import type { Services } from '../services.ts';
import { askLabFile } from './ask-lab-file.ts';
import { labFileEditor } from './lab-file-editor.ts';

/** A pasted line, a script or a QEMU that runs becomes a VM of a lab. Nothing of it is run. */
export async function importVmFromCommandLine(services: Services): Promise<void> {
  await services.whenRead();
  await services.look();
  const source = await askSource(services);
  const target = source && (await askTarget(services, source.name));
  if (!source || !target) return;
  const result = target.isNew
    ? await writeNew(services, target.path, source)
    : await addTo(services, target.path, source);
  await vscode.window.showTextDocument(vscode.Uri.file(target.path), { preview: false });
  tell(services, result, baseName(target.path));
}

interface SourceItem extends vscode.QuickPickItem {
  readonly read: () => Promise<CommandSource | undefined>;
}

async function askSource(services: Services): Promise<CommandSource | undefined> {
  const editor = vscode.window.activeTextEditor;
  const fromEditor = editor && /\b(qemu-system-\w+|qemu-kvm|kvm)\b/.test(editor.document.getText());
  const items: readonly SourceItem[] = [
    { label: 'Paste a command line…', read: askLine },
    ...(fromEditor
      ? [{ label: `From the editor: ${baseName(editor.document.fileName)}`, read: () => readEditor(editor) }]
      : []),
    { label: 'From a script…', description: 'it is read, not run', read: askScript },
    ...services.store.host.vms.map(({ pid, name }) => ({
      label: `Running: ${name ?? 'a VM without a name'}`,
      description: `pid ${pid}`,
      read: () => Promise.resolve(readProcess(services, pid)),
    })),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Import which VM?', matchOnDescription: true });
  return chosen?.read();
}

async function askLine(): Promise<CommandSource | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Import VM: paste the command line of QEMU',
    placeHolder: 'qemu-system-x86_64 -m 512 …',
    ignoreFocusOut: true,
  });
  return text === undefined ? undefined : chooseCommand(text, 'the pasted line', workspaceFolder(), 'vm');
}

/** What is selected, or all of it. */
function readEditor({ document, selection }: vscode.TextEditor): Promise<CommandSource | undefined> {
  const text = document.getText(selection.isEmpty ? undefined : selection);
  const { fileName } = document;
  return chooseCommand(text, baseName(fileName), folderOf(fileName), sourceName(fileName));
}

async function askScript(): Promise<CommandSource | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Import which script?' })) ?? [];
  if (!uri) return undefined;
  const document = await vscode.workspace.openTextDocument(uri);
  return chooseCommand(document.getText(), baseName(uri.fsPath), folderOf(uri.fsPath), sourceName(uri.fsPath));
}

async function chooseCommand(
  text: string,
  shown: string,
  folder: string,
  name: string,
): Promise<CommandSource | undefined> {
  const found = commandsIn(text, shown);
  const items = found.map(({ line, args }) => ({
    label: `Line ${line}`,
    description: args.slice(0, 8).join(' '),
    args,
  }));
  const chosen =
    items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: `Import which VM of ${shown}?` });
  return chosen && { args: chosen.args, folder, name };
}

function readProcess({ processes }: Services, pid: number): CommandSource {
  const [process] = processes.find([pid]);
  if (!process) throw new UserError(`The VM with pid ${pid} has ended meanwhile, so there is nothing to import.`);
  return { args: process.args, folder: startFolder(process, processes) ?? workspaceFolder(), name: 'vm' };
}

const workspaceFolder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '/';

interface Target {
  readonly path: string;
  readonly isNew: boolean;
}

async function askTarget({ store }: Services, name: string): Promise<Target | undefined> {
  const labs = labsOf(store.labs).map(({ label, description, thing }) => ({ label, description, path: thing.lab }));
  const items = [{ label: 'New lab file…', description: '', path: undefined }, ...labs];
  const chosen =
    labs.length === 0 ? items[0] : await vscode.window.showQuickPick(items, { title: 'Put the VM into which lab?' });
  if (!chosen) return undefined;
  if (chosen.path !== undefined) return { path: chosen.path, isNew: false };
  const uri = await askLabFile('Import VM', vscode.Uri.file(`${workspaceFolder()}/${name}.lab.yaml`));
  return uri && { path: uri.fsPath, isNew: true };
}

type Make = (text: string | undefined) => ImportResult;

async function maker({ store, defaults: read }: Services, path: string, source: CommandSource): Promise<Make> {
  const defaults = await read();
  const options = { fileName: baseName(path), defaults };
  const tools = { readLab: (one: string) => readLab(one, options), parse: parseForEdit };
  return text => importVm(source, { labFolder: folderOf(path), text, usedIds: usedIds(store), tools });
}

async function writeNew(services: Services, path: string, source: CommandSource): Promise<ImportResult> {
  const result = (await maker(services, path, source))(undefined);
  await services.files.write(path, result.edits.map(({ text }) => text).join(''));
  return result;
}

/** In one step that Ctrl+Z takes back. */
async function addTo(services: Services, path: string, source: CommandSource): Promise<ImportResult> {
  const make = await maker(services, path, source);
  let result: ImportResult | undefined;
  await labFileEditor.edit(path, text => {
    result = make(text);
    return result.edits;
  });
  if (!result) throw new UserError(`${path} could not be opened, so nothing was written into it.`);
  return result;
}

/** All of it in the log; a message that says what is missing. */
function tell({ log }: Services, { vm, notes }: ImportResult, file: string): void {
  for (const line of noteLines(notes)) log.info(`${vm} in ${file}: ${line}`);
  const lost = notes.filter(({ kind }) => kind === 'lost');
  const extra = notes.filter(({ kind }) => kind === 'extra').length;
  const rest = extra === 0 ? '' : ` Extra arguments: ${extra}.`;
  const message =
    lost.length === 0
      ? `VM ${vm} is in ${file}; everything was understood.${rest}`
      : `VM ${vm} is in ${file}; ${count(lost.length, 'option')} not carried over.${rest}`;
  void vscode.window.showInformationMessage(message, 'Show Log').then(chosen => {
    if (chosen !== undefined) log.show();
  });
}
