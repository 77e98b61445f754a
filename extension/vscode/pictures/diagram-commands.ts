import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { WriteDialect } from '../../diagram/language/dialects.ts';
import { readLab } from '../../lab/reading/reader.ts';
import { hasErrors } from '../../lab/reading/report.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import { isDiagFile } from '../../runtime/picture/picture-file.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import type { TargetArguments } from '../commands.ts';
import { askLabFile } from '../lab-files/ask-lab-file.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';

const loadRoom = () => import('../../runtime/picture/diagram-room.ts');

/** Makes a lab file of a `.diag`: the one that was clicked, the one in the editor, or one that is chosen. */
export async function importDiagram(services: Services, [clicked]: TargetArguments): Promise<void> {
  const source = clicked && 'fsPath' in clicked ? vscode.Uri.file(clicked.fsPath) : await askSource();
  if (!source) return;
  const { importLab, lettersOf, readDiag } = await loadRoom();
  const text = (await vscode.workspace.openTextDocument(source)).getText();
  const reading = readDiag(text);
  if (hasErrors(reading.problems)) {
    const open = { title: 'Show Problems', command: 'workbench.actions.view.problems' };
    await vscode.window.showTextDocument(source);
    throw new UserError(`${baseName(source.fsPath)} has errors, so no lab file was made of it. Mend them first.`, [
      open,
    ]);
  }
  const base = baseName(source.fsPath).replace(/\.[^.]*$/, '');
  const target = await askLabFile('Import as Lab File', beside(source, `${lettersOf(base) || 'lab'}.lab.yaml`));
  if (!target) return;
  await services.whenRead();
  await services.look();
  const name = lettersOf(baseName(target.fsPath).replace(/(\.lab)?\.ya?ml$/, '')) || 'lab';
  const lab = importLab(text, reading, { name, usedIds: usedIds(services.store), readLab });
  await services.files.write(target.fsPath, lab.text);
  await vscode.window.showTextDocument(target, { preview: false });
  tellLosses(services, lab.losses, `${baseName(source.fsPath)} → ${baseName(target.fsPath)}`);
}

/** Writes a lab as a diagram for nwdiag and PlantUML. */
export async function exportDiagram(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs);
  const [thing] = await thingsOrPick(services, args, { title: 'Export which lab?', list, canPickMany: false });
  const lab = thing && services.store.lab(thing.lab)?.lab;
  if (!thing || !lab) return;
  const chosen = await vscode.window.showQuickPick(dialects, { title: 'Export for which program?' });
  if (!chosen) return;
  const source = vscode.Uri.file(thing.lab);
  const ending = chosen.dialect === 'plantuml' ? 'puml' : 'diag';
  const title = 'Export Diagram';
  const defaultUri = beside(source, `${lab.name}.${ending}`);
  // The dialog itself asks before a file is replaced.
  const target = await vscode.window.showSaveDialog({ title, defaultUri, filters: { [title]: [ending] } });
  if (!target) return;
  const { labDiagram, writeDiag } = await loadRoom();
  const { text, losses } = writeDiag(labDiagram(lab), chosen.dialect);
  await services.files.write(target.fsPath, text);
  await vscode.window.showTextDocument(target, { preview: false });
  tellLosses(services, losses, `${baseName(thing.lab)} → ${baseName(target.fsPath)}`);
}

const dialects: readonly (vscode.QuickPickItem & { readonly dialect: WriteDialect })[] = [
  { label: 'nwdiag and PlantUML', description: 'what both take and draw alike', dialect: 'portable' },
  { label: 'nwdiag', description: 'also captions of networks and groups, and sizes', dialect: 'nwdiag' },
  { label: 'PlantUML', description: 'also captions of networks and groups', dialect: 'plantuml' },
];

async function askSource(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === 'file' && isDiagFile(active.fsPath)) return active;
  const filters = { Diagrams: ['diag', 'nwdiag', 'puml', 'plantuml'] };
  return (await vscode.window.showOpenDialog({ title: 'Import which diagram?', filters }))?.[0];
}

const beside = (file: vscode.Uri, name: string): vscode.Uri =>
  vscode.Uri.joinPath(vscode.Uri.file(folderOf(file.fsPath)), name);

/** All of them in the log; a message that says where. */
function tellLosses({ log }: Services, losses: readonly string[], what: string): void {
  if (losses.length === 0) return;
  log.info(`${what}: ${losses.join(' ')}`);
  const [first = ''] = losses;
  const message = losses.length === 1 ? first : `${first} And ${losses.length - 1} more: see the log.`;
  void vscode.window.showInformationMessage(message, 'Show Log').then(chosen => {
    if (chosen !== undefined) log.show();
  });
}
