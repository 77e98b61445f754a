import * as vscode from 'vscode';
import { UserError } from '../../../base/user-error.ts';
import { applyEdits, type TextEdit } from '../../../lab/edits/edit.ts';
import { editLab } from '../../../lab/edits/edit-lab.ts';
import type { LabEdit } from '../../../lab/edits/lab-edit.ts';
import { parseForEdit } from '../../../lab/edits/yaml-edit.ts';
import type { LabReading } from '../../../lab/model.ts';
import type { Occurrence } from '../../../language/names/lab-index.ts';
import { renamedOverlays, renamedScripts, type RenamedFile } from '../../../language/rename.ts';
import { scriptOrigin } from '../../../language/script-names.ts';
import { runningWords } from '../../../runtime/picture/edit-targets.ts';
import { scriptFolder } from '../../../runtime/lab-identity.ts';
import { folderOf } from '../../../runtime/paths.ts';
import { readerOf, type FileWithIncluded } from '../read-text.ts';
import { refusalError } from '../refusal-error.ts';
import type { NameParts } from './name-parts.ts';
import { labTextOf } from './lab-text.ts';

type Rename = Extract<LabEdit, { readonly kind: 'rename' }>;
type Named = Occurrence & { readonly kind: Rename['thing'] };
type LabFileParts = Pick<NameParts, 'store' | 'files'>;

/** What is to be renamed and its name now. Throws, for people, where nothing can be. */
export function renameTarget(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
): { readonly range: vscode.Range; readonly placeholder: string } {
  const name = renameable(parts, document, position);
  return { range: labTextOf(document).range(name.span), placeholder: name.name };
}

/** At the cursor. */
export async function renameEdit(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
  to: string,
): Promise<vscode.WorkspaceEdit> {
  const { kind, name: from } = renameable(parts, document, position);
  return renameWithFiles(parts, document, { kind: 'rename', thing: kind, from, to });
}

/**
 * The name everywhere in the lab file, and the files that go by it: scripts with what users changed in them, and the disks
 * that VMs write over their images. Only for what does not run.
 */
export async function renameWithFiles(
  parts: LabFileParts,
  document: vscode.TextDocument,
  rename: Rename,
): Promise<vscode.WorkspaceEdit> {
  const labText = labTextOf(document);
  const readLab = textReader(parts, document);
  const result = editLab(labText.text, rename, { readLab, parse: parseForEdit });
  if (result.kind === 'refused') throw refusalError({ ...fileOf(parts, document), text: labText.text }, result);
  const edit = new vscode.WorkspaceEdit();
  for (const { span, text } of result.edits) edit.replace(document.uri, labText.range(span), text);
  await addFiles(parts, document, result.edits, edit);
  return edit;
}

const textReader = (parts: LabFileParts, document: vscode.TextDocument): ((text: string) => LabReading) =>
  readerOf(fileOf(parts, document));

const fileOf = ({ store }: LabFileParts, { uri }: vscode.TextDocument): FileWithIncluded => ({
  file: uri.fsPath,
  included: store.lab(uri.fsPath)?.reading.included,
});

function renameable({ store }: NameParts, document: vscode.TextDocument, position: vscode.Position): Named {
  const name = labTextOf(document).index.at(document.offsetAt(position));
  if (!name || !isRenameable(name))
    throw new UserError('Only VMs, switches and groups have names that can be changed. Put the cursor on one.');
  const snapshot = store.lab(document.uri.fsPath);
  const row = snapshot?.lab?.vms.filter(({ origin }) => origin?.row?.name === name.name) ?? [];
  const things = [name, ...(name.kind === 'vm' ? row.map(vm => ({ kind: 'vm', name: vm.name }) as const) : [])];
  const running = runningWords(things, snapshot);
  if (running !== '')
    throw new UserError(`${running} runs, under the name that it was started with. Stop it, and rename it then.`);
  return name;
}

const isRenameable = (one: Occurrence): one is Named => ['vm', 'switch', 'group'].includes(one.kind);

/** Of scripts only those that were generated; all only in a workspace in which something may be written. */
async function addFiles(
  parts: LabFileParts,
  document: vscode.TextDocument,
  edits: readonly TextEdit[],
  edit: vscode.WorkspaceEdit,
): Promise<void> {
  const { files } = parts;
  const fileName = document.uri.fsPath;
  const readLab = textReader(parts, document);
  const before = readLab(document.getText()).lab;
  const after = readLab(applyEdits(document.getText(), edits)).lab;
  if (!vscode.workspace.isTrusted || !before || !after) return;
  const rename = async (folder: string, { from, to }: RenamedFile): Promise<void> => {
    const [own, next] = [`${folder}/${from}`, `${folder}/${to}`];
    const isThere = (await files.exists(own)) && !(await files.exists(next));
    if (isThere) edit.renameFile(vscode.Uri.file(own), vscode.Uri.file(next));
  };
  const scripts = scriptFolder(fileName, before);
  for (const file of renamedScripts(before, after))
    if (scriptOrigin((await files.read(`${scripts}/${file.from}`)) ?? '')) await rename(scripts, file);
  for (const file of renamedOverlays(before, after)) await rename(folderOf(fileName), file);
}
