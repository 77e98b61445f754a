import * as vscode from 'vscode';
import { UserError } from '../../../base/user-error.ts';
import { applyEdits, type TextEdit } from '../../../lab/edits/edit.ts';
import { editLab } from '../../../lab/edits/edit-lab.ts';
import type { LabEdit } from '../../../lab/edits/lab-edit.ts';
import { parseForEdit } from '../../../lab/edits/yaml-edit.ts';
import type { LabReading } from '../../../lab/model.ts';
import type { Occurrence } from '../../../language/names/lab-index.ts';
import { renamedScripts } from '../../../language/rename.ts';
import { scriptOrigin } from '../../../language/script-names.ts';
import { runningWords } from '../../../runtime/picture/edit-targets.ts';
import { scriptFolder } from '../../../runtime/lab-identity.ts';
import { baseName } from '../../../runtime/paths.ts';
import { readerOf } from '../read-text.ts';
import type { NameParts } from './name-parts.ts';
import { labTextOf } from './lab-text.ts';

type Renameable = Extract<LabEdit, { readonly kind: 'rename' }>['thing'];
type Named = Occurrence & { readonly kind: Renameable };

/** What is to be renamed and its name now. Throws, for people, where nothing can be. */
export function renameTarget(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
): { readonly range: vscode.Range; readonly placeholder: string } {
  const name = renameable(parts, document, position);
  return { range: labTextOf(document).range(name.span), placeholder: name.name };
}

/** The name everywhere in the lab file, and the files of its scripts: what users changed in these goes along. */
export async function renameEdit(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
  to: string,
): Promise<vscode.WorkspaceEdit> {
  const { kind, name: from } = renameable(parts, document, position);
  const labText = labTextOf(document);
  const readLab = textReader(parts, document);
  const result = editLab(labText.text, { kind: 'rename', thing: kind, from, to }, { readLab, parse: parseForEdit });
  if (result.kind === 'refused') throw new UserError(`${baseName(document.uri.fsPath)}: ${result.reason}`);
  const edit = new vscode.WorkspaceEdit();
  for (const { span, text } of result.edits) edit.replace(document.uri, labText.range(span), text);
  await addScripts(parts, document, result.edits, edit);
  return edit;
}

function textReader({ store }: NameParts, { uri }: vscode.TextDocument): (text: string) => LabReading {
  return readerOf({ file: uri.fsPath, included: store.lab(uri.fsPath)?.reading.included });
}

function renameable({ store }: NameParts, document: vscode.TextDocument, position: vscode.Position): Named {
  const name = labTextOf(document).index.at(document.offsetAt(position));
  if (!name || !isRenameable(name))
    throw new UserError('Only VMs, switches and groups have names that can be changed. Put the cursor on one.');
  const running = runningWords([{ kind: name.kind, name: name.name }], store.lab(document.uri.fsPath));
  if (running !== '')
    throw new UserError(`${running} runs, under the name that it was started with. Stop it, and rename it then.`);
  return name;
}

const isRenameable = (one: Occurrence): one is Named => ['vm', 'switch', 'group'].includes(one.kind);

/** Only scripts that were generated, and only in a workspace in which something may be written. */
async function addScripts(
  parts: NameParts,
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
  const folder = scriptFolder(fileName, before);
  for (const { from, to } of renamedScripts(before, after)) {
    const [own, next] = [`${folder}/${from}`, `${folder}/${to}`];
    const isOurs = scriptOrigin((await files.read(own)) ?? '') !== undefined;
    if (isOurs && !(await files.exists(next))) edit.renameFile(vscode.Uri.file(own), vscode.Uri.file(next));
  }
}
