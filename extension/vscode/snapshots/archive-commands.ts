import * as vscode from 'vscode';
import { sizeWords } from '../../runtime/images/image-list.ts';
import { folderOf } from '../../runtime/paths.ts';
import type { ArchiveManifest } from '../../runtime/snapshots/archive-manifest.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { pickFolder } from '../pick-folder.ts';
import type { Services } from '../services.ts';
import { askPointName, pickPoint } from './pick-point.ts';
import type { SnapshotDesk } from './snapshot-desk.ts';

const filters = { 'Archives of snapshots': ['tar'], 'All files': ['*'] };

/** All that a point needs on another host, in one file; VMs go on meanwhile. */
export async function exportPoint(services: Services, args: TargetArguments): Promise<void> {
  const picked = await pickPoint(services, args, 'Export Which Snapshot?');
  if (!picked) return;
  const { desk, of, point } = picked;
  const target = await vscode.window.showSaveDialog({
    title: `Export Snapshot ${point.name} of Lab ${of.lab.name}`,
    defaultUri: vscode.Uri.file(`${folderOf(of.path)}/${of.lab.name}-${point.name}.tar`),
    filters,
  });
  if (!target) return;
  const { bytes, leftOut } = await desk.exportPoint(of, point, target.fsPath);
  const done = `Snapshot ${point.name} is in ${target.fsPath}: ${sizeWords(bytes)}.`;
  if (leftOut.length === 0) void vscode.window.showInformationMessage(done);
  else void vscode.window.showWarningMessage(`${done} ${leftOutWords(leftOut)}`);
}

/** Makes a lab of an archive, in a new folder, or adds its point to a lab of that name that is open. */
export async function importPoint(services: Services): Promise<void> {
  const options = { title: 'Import a Snapshot', openLabel: 'Import', filters };
  const [archive] = (await vscode.window.showOpenDialog(options)) ?? [];
  if (!archive) return;
  const desk = await services.snapshots();
  const manifest = await desk.openArchive(archive.fsPath);
  const goal = await pickGoal(services, manifest);
  if (goal?.path !== undefined) await importInto(desk, archive.fsPath, manifest, goal.path);
  else if (goal) await importAnew(services, desk, archive.fsPath, manifest);
}

interface Goal extends vscode.QuickPickItem {
  /** Of the lab file. Undefined: a new folder. */
  readonly path: string | undefined;
}

async function pickGoal({ store }: Services, { lab, point }: ArchiveManifest): Promise<Goal | undefined> {
  const anew: Goal = { label: 'New Folder…', description: 'a lab of its own', path: undefined };
  const labs = labsOf(store.labs).filter(({ label }) => label === lab);
  if (labs.length === 0) return anew;
  const there = labs.map(({ thing }): Goal => ({ label: lab, description: thing.lab, path: thing.lab }));
  return vscode.window.showQuickPick([anew, ...there], { title: `Snapshot ${point.name} of Lab ${lab} into…` });
}

async function importInto(
  desk: SnapshotDesk,
  archive: string,
  manifest: ArchiveManifest,
  labPath: string,
): Promise<void> {
  const of = await desk.open(labPath, { isSound: true });
  const { points } = await desk.points(of);
  const { name: given } = manifest.point;
  const isTaken = points.some(point => point.name === given);
  const question = {
    title: `Import Snapshot into Lab ${of.lab.name}`,
    prompt: `Its name. The lab has a snapshot ${given} already.`,
  };
  const name = isTaken ? await askPointName({ ...question, value: `${given}-imported` }, points) : given;
  if (name === undefined) return;
  const { placed, changed } = await desk.importInto(of, { archive, manifest, name });
  const more = [
    placed.length > 0 ? `Was not there, and comes from the archive: ${shortList(placed)}.` : '',
    changed.length > 0 ? `Not what it was then: ${shortList(changed)}.` : '',
    manifest.leftOut.length > 0 ? leftOutWords(manifest.leftOut) : '',
  ];
  const words = [`Snapshot ${name} is one of lab ${of.lab.name} now, ready to be restored.`, ...more];
  void vscode.window.showInformationMessage(words.filter(one => one !== '').join(' '));
}

async function importAnew(
  services: Services,
  desk: SnapshotDesk,
  archive: string,
  manifest: ArchiveManifest,
): Promise<void> {
  const parent = await pickFolder(`Lab ${manifest.lab} in a New Folder in…`, 'Import Here');
  if (!parent) return;
  const name = await vscode.window.showInputBox({
    title: `New Folder for Lab ${manifest.lab}`,
    prompt: `In ${parent.fsPath}. It must not be there yet.`,
    value: manifest.lab,
    validateInput: text => (/^[^/\s.][^/]*$/.test(text) ? undefined : 'The name of a folder.'),
  });
  if (name === undefined) return;
  const labFile = await desk.importPoint(archive, manifest, vscode.Uri.joinPath(parent, name).fsPath);
  const open = 'Open Lab File';
  const done = `Snapshot ${manifest.point.name} of lab ${manifest.lab} is in ${folderOf(labFile)}, ready to be restored.`;
  const words = manifest.leftOut.length > 0 ? `${done} ${leftOutWords(manifest.leftOut)}` : done;
  // The command is over; nobody has to answer.
  void vscode.window.showInformationMessage(words, open).then(async answer => {
    if (answer === open) await vscode.window.showTextDocument(vscode.Uri.file(labFile));
  }, services.report);
}

const shownNames = 5;

const leftOutWords = (leftOut: readonly string[]): string =>
  `Not in it, though the lab names it: ${shortList(leftOut)}.`;

function shortList(names: readonly string[]): string {
  const more = names.length - shownNames;
  return `${names.slice(0, shownNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
