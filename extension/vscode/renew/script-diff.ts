import * as vscode from 'vscode';
import type { ScriptPlan } from '../../runtime/renew/renew-plan.ts';
import type { ScriptTexts } from './script-texts.ts';

type Plan = Pick<ScriptPlan, 'path' | 'name' | 'generated' | 'renewal'>;

/** Opens what is generated beside the script as it is, which can be edited there. */
export async function showGenerated(texts: ScriptTexts, { path, name, generated }: Plan): Promise<void> {
  const left = texts.hold(path, 'generated', generated);
  await showDiff(left, vscode.Uri.file(path), `${name}: generated ↔ yours`);
}

/** Opens the script as it is beside what would be written if the clashes end as suggested. */
export async function showSuggested(texts: ScriptTexts, { path, name, renewal }: Plan): Promise<void> {
  const right = texts.hold(path, 'renewed', renewal.text);
  await showDiff(vscode.Uri.file(path), right, `${name}: yours ↔ renewed as suggested`);
}

async function showDiff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true, preserveFocus: true });
}
