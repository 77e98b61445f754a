import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import { adopt, type Adoption, type IsWanted } from '../../runtime/renew/adopt.ts';
import { planScripts } from '../../runtime/renew/renew-plan.ts';
import { labFileEditor } from '../lab-files/lab-file-editor.ts';
import type { Services } from '../services.ts';

/**
 * Makes the lab file say what was changed by hand in its scripts, or in the script of one thing, in one step that Ctrl+Z
 * takes back. The lab file is not saved. What it cannot say stays in the scripts and is told.
 */
export async function adoptHandEdits(
  { files, log, store }: Services,
  path: string,
  lab: Lab,
  isWanted?: IsWanted,
): Promise<void> {
  const [plan, { adoptSetting, editLab }] = await Promise.all([
    planScripts(files, path, lab, { decide: () => 'mine' }),
    import('../../runtime/renew/adopt-room.ts'),
  ]);
  const included = store.lab(path)?.reading.included;
  let adoption: Adoption | undefined;
  await labFileEditor.edit(
    path,
    text => (adoption = adopt(text, plan, { adoptSetting, editLab, included }, isWanted)).edits,
  );
  if (!adoption) return;
  const { adopted, left } = adoption;
  const rest = left.map(({ what, why }) => `${what} (${why})`).join(', ');
  const words = [
    adopted.length === 0 ? '' : `Put into the lab file: ${adopted.join(', ')}.`,
    rest === '' ? '' : `Left in the scripts: ${rest}.`,
  ].filter(text => text !== '');
  if (words.length === 0)
    throw new UserError(`No setting of the scripts of ${lab.name} was changed by hand, so there is nothing to adopt.`);
  for (const line of words) log.info(line);
  if (adopted.length > 0) await vscode.window.showTextDocument(vscode.Uri.file(path), { preserveFocus: true });
  void vscode.window.showInformationMessage(words.join(' '));
}
