import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { formatCidr, type Cidr } from '../../lab/networks/cidr.ts';
import { drawNetworks, freeCount, hostsIn, networkSizes } from '../../lab/networks/private-networks.ts';
import { yamlText } from '../../lab/reading/yaml-text.ts';
import { usedNetworks } from '../../runtime/used-networks.ts';
import { partLanguageId } from '../commands.ts';
import { isLabFile } from './lab-files.ts';
import type { Services } from '../services.ts';

interface SizeItem extends vscode.QuickPickItem {
  readonly family: 4 | 6;
  readonly prefix: number;
}

/** Puts a random network that nothing uses at each cursor of the lab file in the editor, in place of what is selected. */
export async function insertNetwork({ store, refresh, hostNetworks, random }: Services): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !(isLabFile(editor.document) || editor.document.languageId === partLanguageId))
    throw new UserError(
      'A network is put at the cursor of a lab file. Open one, and put the cursor behind "network:".',
    );
  // What was typed a moment ago counts too.
  await refresh();
  const taken = await usedNetworks(store, hostNetworks);
  const size = await vscode.window.showQuickPick(sizeItems(taken), { title: 'A free network of which size?' });
  if (!size) return;
  const { networks } = drawNetworks({ ...size, count: editor.selections.length }, taken, random);
  const isDone = await editor.edit(edit => {
    editor.selections.forEach((selection, index) => {
      const network = networks[index];
      if (network) edit.replace(selection, blankBefore(editor.document, selection) + yamlText(formatCidr(network)));
    });
  });
  if (!isDone) throw new UserError('The lab file was changed meanwhile, so nothing was put into it. Try again.');
}

/** YAML needs a blank behind the colon of a key. */
function blankBefore(document: vscode.TextDocument, { start }: vscode.Selection): string {
  return document.lineAt(start.line).text[start.character - 1] === ':' ? ' ' : '';
}

/** The usual size first, then from large to small; each with how many there are. */
function sizeItems(taken: readonly Cidr[]): readonly SizeItem[] {
  const { usual, smallest } = networkSizes[4];
  const sizes = [usual, 16, 20, 22, 23, 25, 26, 27, 28, 29, smallest].map(prefix => ({ family: 4 as const, prefix }));
  const items = sizes.map(size => ({
    ...size,
    label: `/${size.prefix}`,
    description: `${hostsIn(size)} hosts`,
    detail: `${freeCount(size, taken)} are free`,
  }));
  const site = { family: 6 as const, prefix: networkSizes[6].usual };
  return [...items, { ...site, label: `IPv6 /${site.prefix}`, description: 'unique local, of a new site (RFC 4193)' }];
}
