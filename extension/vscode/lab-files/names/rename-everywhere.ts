import * as vscode from 'vscode';
import { UserError } from '../../../base/user-error.ts';
import { applyEdits } from '../../../lab/edits/edit.ts';
import type { LabReading } from '../../../lab/model.ts';
import type { LabThing } from '../../../lab/edits/lab-edit.ts';
import { nameOfFiles, type FileEdits } from '../../../language/rename-everywhere.ts';
import type { Occurrence } from '../../../language/names/lab-index.ts';
import { filesOf, labsOfFile, type FileText } from '../../../runtime/lab-of-file.ts';
import { runningWords } from '../../../runtime/picture/edit-targets.ts';
import { baseName } from '../../../runtime/paths.ts';
import type { LabSnapshot } from '../../../runtime/state.ts';
import { partLanguageId } from '../../commands.ts';
import { readerOf } from '../read-text.ts';
import { LabText, labTextOf } from './lab-text.ts';
import type { NameParts } from './name-parts.ts';
import { addRenamedFiles } from './renamed-files.ts';

const sharedKinds: readonly Occurrence['kind'][] = ['template', 'image', 'host'];

/**
 * The name at the cursor, if more than one file may speak of it: in an included file all that has a name, elsewhere templates,
 * images and hosts. Undefined: it is a name of its lab file alone, or there is none.
 */
export function sharedNameAt(document: vscode.TextDocument, position: vscode.Position): Occurrence | undefined {
  const name = labTextOf(document).index.at(document.offsetAt(position));
  const isInPart = document.languageId === partLanguageId;
  if (isInPart && !(name && ['vm', 'switch', ...sharedKinds].includes(name.kind)))
    throw new UserError(
      'Only VMs, switches, templates, images and hosts have names that can be changed. Put the cursor on one.',
    );
  return name && (isInPart || sharedKinds.includes(name.kind)) ? name : undefined;
}

/** Gives a thing another name in every file of all labs of this window that speak of it. Throws, for people, where it cannot. */
export async function renameEverywhere(
  parts: NameParts,
  document: vscode.TextDocument,
  { kind, name }: Pick<Occurrence, 'kind' | 'name'>,
  to: string,
): Promise<vscode.WorkspaceEdit> {
  const { store, textOf } = parts;
  // A change of a moment ago may not have been read yet, and its places would be wrong.
  await Promise.all(store.labs.map(({ path }) => parts.readNow(path)));
  const own = { path: document.uri.fsPath, text: document.getText() };
  const near = labsOfFile(store, own.path);
  const [defined] = definition(withOwn(filesOf(near, textOf), own), kind, name).definedIn;
  const labs = new Set([...near, ...labsOfFile(store, defined ?? own.path)]);
  const changes = definition(withOwn(filesOf([...labs], textOf), own), kind, name).rename(to);
  const edit = new vscode.WorkspaceEdit();
  for (const change of changes) addEdits(change, edit);
  const touched = store.labs.filter(one =>
    filesOf([one], textOf).some(file => changes.some(({ path }) => path === file.path)),
  );
  for (const lab of touched) {
    refuseRunning(lab, { kind, name });
    const readings = readingsOf(lab, withOwn(filesOf([lab], textOf), own), changes);
    refuseNewProblems(lab, readings);
    const [before, after] = [readings.before.lab, readings.after.lab];
    await addRenamedFiles(parts, { path: lab.path, before, after }, edit);
  }
  return edit;
}

const withOwn = (files: readonly FileText[], own: FileText): readonly FileText[] => [
  own,
  ...files.filter(({ path }) => path !== own.path),
];

/** Of a name that two files give, nobody can say which of them is meant. */
function definition(files: readonly FileText[], kind: Occurrence['kind'], name: string) {
  const found = nameOfFiles(files, kind, name);
  if (found.definedIn.length === 1) return found;
  const words = found.definedIn.map(baseName).join(' and ');
  throw new UserError(
    words === ''
      ? `No file of the labs here says what ${name} is. Correct the name instead.`
      : `${words} both give something the name ${name}. Change it in one of them by hand first.`,
  );
}

function addEdits({ path, text, edits }: FileEdits, edit: vscode.WorkspaceEdit): void {
  const labText = new LabText(vscode.Uri.file(path), text);
  for (const { span, text: next } of edits) edit.replace(labText.uri, labText.range(span), next);
}

interface Readings {
  readonly before: LabReading;
  readonly after: LabReading;
}

function readingsOf(
  { path, reading }: LabSnapshot,
  files: readonly FileText[],
  changes: readonly FileEdits[],
): Readings {
  const nextOf = ({ path: file, text }: FileText): string =>
    applyEdits(text, changes.find(one => one.path === file)?.edits ?? []);
  const read = (textOf: (file: FileText) => string): LabReading => {
    const texts = new Map(files.map(file => [file.path, textOf(file)]));
    const included = (reading.included ?? []).map(one => {
      const text = texts.get(one.path);
      return text === undefined ? one : { name: one.name, path: one.path, text };
    });
    return readerOf({ file: path, included })(texts.get(path) ?? '');
  };
  return { before: read(({ text }) => text), after: read(nextOf) };
}

function refuseNewProblems({ path }: LabSnapshot, { before, after }: Readings): void {
  const known = new Set(before.problems.map(({ message }) => message));
  const news = after.problems.find(({ message }) => !known.has(message));
  if (after.problems.length > before.problems.length && news) throw new UserError(`${baseName(path)}: ${news.message}`);
}

/** What runs keeps the name under which it was started. */
export function refuseRunning(snapshot: LabSnapshot, { kind, name }: Pick<Occurrence, 'kind' | 'name'>): void {
  if (kind === 'host') refuseBoundHost(snapshot, name);
  if (kind !== 'vm' && kind !== 'switch') return;
  const row = kind === 'vm' ? (snapshot.lab?.vms ?? []).filter(({ origin }) => origin?.row?.name === name) : [];
  const things: readonly LabThing[] = [{ kind, name }, ...row.map(vm => ({ kind: 'vm', name: vm.name }) as const)];
  const running = runningWords(things, snapshot);
  if (running !== '')
    throw new UserError(`${running} runs, under the name that it was started with. Stop it, and rename it then.`);
}

/** What runs there was told the host's name; and where the file gives no destination, ssh goes to the name itself. */
function refuseBoundHost({ lab, vms, switches, wires }: LabSnapshot, name: string): void {
  const there = [vms, switches, wires].flatMap(states =>
    [...states].flatMap(([thing, state]) => (state.kind === 'running' && state.far?.host === name ? [thing] : [])),
  );
  if (there.length > 0)
    throw new UserError(`${there.join(', ')} runs on ${name}, under that name. Stop it, and rename the host then.`);
  const host = lab?.hosts?.find(one => one.name === name);
  if (host && !host.spans?.['ssh'])
    throw new UserError(`ssh goes to ${name} by this name. Write "ssh: ${name}" into its entry, and rename it then.`);
}
