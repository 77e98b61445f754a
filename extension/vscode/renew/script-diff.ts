import * as vscode from 'vscode';
import type { ScriptPlan } from '../../runtime/renew/renew-plan.ts';
import type { ScriptTexts } from './script-texts.ts';

type Plan = Pick<ScriptPlan, 'path' | 'name' | 'generated'>;

/** Opens what is generated beside the script as it is, which can be edited there. */
export async function showGenerated(texts: ScriptTexts, { path, name, generated }: Plan): Promise<void> {
  const left = texts.hold(path, 'generated', generated);
  await showDiff(left, vscode.Uri.file(path), `${name}: generated ↔ yours`);
}

/** Opens both sides of what clashes in a script; what goes through cleanly is in both. */
export async function showSides(texts: ScriptTexts, { path, name, existing, generated }: ScriptPlan): Promise<void> {
  const { threeWays } = await import('../../runtime/script-room.ts');
  const ways = threeWays(existing ?? '', generated);
  const [left, right] = [texts.hold(path, 'lab', ways.lab), texts.hold(path, 'mine', ways.mine)];
  await showDiff(left, right, `${name}: lab file ↔ yours`);
}

async function showDiff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true, preserveFocus: true });
}
