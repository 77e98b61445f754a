import * as vscode from 'vscode';
import { UserError } from '../../../base/user-error.ts';
import { applyEdits } from '../../../lab/edits/edit.ts';
import { editLab } from '../../../lab/edits/edit-lab.ts';
import type { LabEdit } from '../../../lab/edits/lab-edit.ts';
import { parseForEdit } from '../../../lab/edits/yaml-edit.ts';
import type { LabReading } from '../../../lab/model.ts';
import type { Occurrence } from '../../../language/names/lab-index.ts';
import { readerOf, type FileWithIncluded } from '../read-text.ts';
import { refusalError } from '../refusal-error.ts';
import type { NameParts } from './name-parts.ts';
import { labTextOf } from './lab-text.ts';
import { refuseRunning, renameEverywhere, sharedNameAt } from './rename-everywhere.ts';
import { addRenamedFiles } from './renamed-files.ts';

type Rename = Extract<LabEdit, { readonly kind: 'rename' }>;
type Named = Occurrence & { readonly kind: Rename['thing'] };
type LabFileParts = Pick<NameParts, 'store' | 'files'>;

/** What is to be renamed and its name now. Throws, for people, where nothing can be. */
export function renameTarget(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
): { readonly range: vscode.Range; readonly placeholder: string } {
  const name = sharedNameAt(document, position) ?? renameable(parts, document, position);
  return { range: labTextOf(document).range(name.span), placeholder: name.name };
}

/** At the cursor. */
export async function renameEdit(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
  to: string,
): Promise<vscode.WorkspaceEdit> {
  const shared = sharedNameAt(document, position);
  if (shared) return renameEverywhere(parts, document, shared, to);
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
  const before = readLab(labText.text).lab;
  const after = readLab(applyEdits(labText.text, result.edits)).lab;
  await addRenamedFiles(parts, { path: document.uri.fsPath, before, after }, edit);
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
    throw new UserError(
      'Only VMs, switches, groups, templates, images and hosts have names that can be changed. Put the cursor on one.',
    );
  const snapshot = store.lab(document.uri.fsPath);
  if (snapshot) refuseRunning(snapshot, name);
  return name;
}

const isRenameable = (one: Occurrence): one is Named => ['vm', 'switch', 'group'].includes(one.kind);
