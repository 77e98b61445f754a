import * as vscode from 'vscode';
import { sizeWords } from '../../runtime/images/image-list.ts';
import { listSticks, placesOf, stickLabel, type StickRow } from '../../runtime/sticks/stick-list.ts';
import type { Services } from '../services.ts';

interface StickItem extends vscode.QuickPickItem {
  /** The path of a stick, or what else is to be done. */
  readonly choice: { readonly path: string } | 'new' | 'browse';
}

/** Sticks beside the labs (of one, if `lab` is its path), and those that are in VMs. */
export async function sticksHere({ store, machines }: Services, lab?: string): Promise<readonly StickRow[]> {
  const { actions, files } = await machines.sticks();
  const labs = store.labs.filter(({ path }) => lab === undefined || path === lab);
  // A stick in the home folder is not looked for.
  return listSticks(placesOf(labs, '~'), await actions.plugged(), files);
}

/** Asks for one of the sticks, or for any image of this host. `makeNew`: what making one gives. */
export async function pickStick(
  title: string,
  rows: readonly StickRow[],
  makeNew?: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const add: StickItem = { label: '$(add) New USB Stick from Folder…', choice: 'new' };
  const browse: StickItem = {
    label: '$(folder-opened) Browse…',
    description: 'another image on this host',
    choice: 'browse',
  };
  const items: readonly StickItem[] = [...rows.map(itemOf), ...(makeNew ? [add] : []), browse];
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  if (picked?.choice === 'new') return makeNew?.();
  return picked?.choice === 'browse' ? browseStick(title) : picked?.choice.path;
}

const itemOf = (row: StickRow): StickItem => ({
  label: stickLabel(row.path),
  description: [
    sizeWords(row.bytes),
    row.fileSystem ?? 'no known file system',
    ...(row.vm === null ? [] : [`in ${row.vm}${row.isMounted ? ', mounted' : ''}`]),
    ...(row.isClean === false ? ['not unmounted'] : []),
  ].join(' · '),
  detail: row.path,
  choice: { path: row.path },
});

async function browseStick(title: string): Promise<string | undefined> {
  const filters = { 'Images of sticks': ['img', 'raw', 'iso'], 'All files': ['*'] };
  const [uri] = (await vscode.window.showOpenDialog({ title, openLabel: 'Choose', filters })) ?? [];
  return uri?.fsPath;
}
