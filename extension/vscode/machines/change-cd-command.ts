import * as vscode from 'vscode';
import { folderOf } from '../../runtime/paths.ts';
import type { ThingRef } from '../../runtime/state.ts';
import type { MediumArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { orderVms, runningVms } from './vm-action-commands.ts';

interface ImageItem extends vscode.QuickPickItem {
  readonly file?: string;
}

/** Asks for an image and puts it in. Called by its own button: `true` for force, and the file that was chosen before. */
export async function changeCd(services: Services, [clicked, second, chosen]: MediumArguments): Promise<void> {
  const isForced = second === true;
  const args = isForced ? ([clicked] as const) : ([clicked, second] as const);
  const [thing] = await runningVms(services, 'Change the CD of which VM?', args, false);
  if (!thing) return;
  const file = chosen ?? (await pickImage(services, thing));
  if (file === undefined) return;
  await orderVms(services, '', (actions, one) => actions.changeCd(one, file, isForced), [thing]);
}

async function pickImage(services: Services, thing: ThingRef): Promise<string | undefined> {
  const { file: inDrive } = await services.machines.actions.cdDrive(thing);
  const folder = folderOf(thing.lab);
  const lab = services.store.lab(thing.lab)?.lab;
  const named = (lab?.vms ?? []).flatMap(({ cdrom }) => {
    if (cdrom === undefined || cdrom.startsWith('~')) return [];
    return cdrom.startsWith('/') ? cdrom : `${folder}/${cdrom}`;
  });
  const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), '**/*.{iso,ISO}');
  const found = (await vscode.workspace.findFiles(pattern, undefined, mostFound)).map(uri => uri.fsPath);
  const items = [...new Set([...named, ...found.sort()])].map((file): ImageItem => ({
    label: file.slice(file.lastIndexOf('/') + 1),
    description: file === inDrive ? 'in the drive now' : '',
    detail: file,
    file,
  }));
  const browse: ImageItem = { label: '$(folder-opened) Browse…', description: 'another image on this host' };
  const title = `CD for ${thing.name}`;
  const placeHolder = inDrive === undefined ? 'The drive is empty' : `In the drive: ${inDrive}`;
  const picked = await vscode.window.showQuickPick([...items, browse], { title, placeHolder, matchOnDetail: true });
  return picked && (picked.file ?? (await browseFrom(folder, title)));
}

const mostFound = 200;

async function browseFrom(folder: string, title: string): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: 'Insert',
      defaultUri: vscode.Uri.file(folder),
      filters: { 'CD images': ['iso', 'ISO', 'img'], 'All files': ['*'] },
    })) ?? [];
  return uri?.fsPath;
}
