import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { PictureTheme } from '../../diagram/export/exported.ts';
import type { FormatName } from '../../diagram/export/formats.ts';
import type { Picture } from '../../diagram/picture.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import { isDiagFile } from '../../runtime/picture/picture-file.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { readerOf } from '../lab-files/read-text.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';

interface Choice extends vscode.QuickPickItem {
  readonly format: FormatName;
  readonly theme: PictureTheme;
}

const choices: readonly Choice[] = [
  { label: 'SVG', description: 'light or dark, as the reader has it', format: 'svg', theme: 'auto' },
  { label: 'SVG for print', description: 'black on white', format: 'svg', theme: 'print' },
  { label: 'PNG', description: 'light', format: 'png', theme: 'light' },
  { label: 'PNG, dark', format: 'png', theme: 'dark' },
  { label: 'PNG for print', description: 'black on white', format: 'png', theme: 'print' },
  { label: 'draw.io', description: 'everything stays where it is', format: 'drawio', theme: 'auto' },
  { label: 'Graphviz (DOT)', format: 'dot', theme: 'auto' },
  { label: 'D2', format: 'd2', theme: 'auto' },
  { label: 'Mermaid', format: 'mmd', theme: 'auto' },
  { label: 'nwdiag', description: '.diag, for nwdiag and PlantUML', format: 'diag', theme: 'auto' },
  { label: 'JSON', description: 'places and sizes, for programs', format: 'json', theme: 'auto' },
];

/** Writes the picture of a lab or a `.diag` to a file, laid out as the open picture shows it. */
export async function exportPictureFile(services: Services, args: TargetArguments): Promise<void> {
  const file = await fileToExport(services, args);
  if (file === undefined) return;
  const { picture, news } = await pictureOfFile(services, file);
  const chosen = await vscode.window.showQuickPick(choices, { title: `Export the picture of ${baseName(file)} as` });
  if (!chosen) return;
  const title = baseName(file).replace(/(\.lab)?\.[^.]*$/, '');
  const target = await askTarget(file, title, chosen);
  if (!target) return;
  const { exportPicture, pictureFormats } = await import('../../runtime/picture/export-room.ts');
  const options = { title, theme: chosen.theme };
  const { content, losses } = await exportPicture(picture, pictureFormats[chosen.format], options, services.rasterizer);
  await services.files.write(target.fsPath, content);
  tellDone(target, [`The picture of ${baseName(file)} is in ${baseName(target.fsPath)}.`, news, ...losses]);
}

/** What was clicked; the picture or the file that is in front; else a lab that is chosen. */
async function fileToExport(services: Services, args: TargetArguments): Promise<string | undefined> {
  await services.whenRead();
  const [clicked] = args;
  // The title bar of a tab with a view passes an address of its own.
  const isAtFront = clicked === undefined || ('scheme' in clicked && clicked.scheme !== 'file');
  if (clicked && 'fsPath' in clicked && isDiagFile(clicked.fsPath)) return clicked.fsPath;
  if (isAtFront) {
    const front = services.pictures.active?.file ?? vscode.window.activeTextEditor?.document.uri.fsPath;
    if (front !== undefined && (isDiagFile(front) || services.store.lab(front))) return front;
  }
  const list = () => labsOf(services.store.labs);
  const options = { title: 'Export the picture of which lab?', list, canPickMany: false };
  return (await thingsOrPick(services, isAtFront ? [] : args, options))[0]?.lab;
}

/** As the file is in its editor at this moment, saved or not. */
async function pictureOfFile(
  { pictures, store }: Services,
  file: string,
): Promise<{ readonly picture: Picture; readonly news: string }> {
  const { readSubject, pictureOf } = await import('../../runtime/picture/picture-room.ts');
  const text = (await vscode.workspace.openTextDocument(vscode.Uri.file(file))).getText();
  const included = store.lab(file)?.reading.included;
  const { diagram, news } = readSubject({ file, text, former: undefined, readLab: readerOf({ file, included }) });
  if (diagram.networks.length + diagram.nodes.length === 0)
    throw new UserError(`${baseName(file)} has nothing to draw yet: no VM, no switch.`);
  const open = pictures.all.find(panel => panel.file === file);
  return { picture: pictureOf(diagram, open?.layout ?? 'clear'), news };
}

/** The dialog itself asks before a file is replaced. */
async function askTarget(file: string, title: string, { label, format }: Choice): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.file(folderOf(file));
  // A `.diag` is not to be replaced by what is made of it without a thought.
  const name = isDiagFile(file) && format === 'diag' ? `${title}-picture` : title;
  return vscode.window.showSaveDialog({
    title: 'Export Picture',
    defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`),
    filters: { [label]: [format] },
  });
}

function tellDone(target: vscode.Uri, sentences: readonly string[]): void {
  const message = sentences.filter(sentence => sentence !== '').join(' ');
  void vscode.window.showInformationMessage(message, 'Open').then(chosen => {
    if (chosen !== undefined) void vscode.commands.executeCommand('vscode.open', target);
  });
}
