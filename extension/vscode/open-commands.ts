import * as vscode from 'vscode';
import { UserError } from '../base/user-error.ts';
import { LineIndex, type TextSpan } from '../lab/text-span.ts';
import { scriptOf } from '../runtime/lab-things.ts';
import { scriptFolder } from '../runtime/lab-identity.ts';
import type { LabSnapshot, ThingRef } from '../runtime/state.ts';
import { labsOf, thingsWithScript } from '../runtime/views/thing-list.ts';
import type { TargetArguments } from './commands.ts';
import { thingsOrPick } from './pick.ts';
import type { Services } from './services.ts';
import { rowOf } from './targets.ts';

/** Opens the lab file, or the file that it includes, at the place of what was clicked. */
export async function openLabFile(services: Services, args: TargetArguments): Promise<void> {
  const list = () => labsOf(services.store.labs);
  const [thing] = await thingsOrPick(services, args, { title: 'Which lab?', list, canPickMany: false });
  if (!thing) return;
  const span = rowOf(args)?.span ?? spanOf(thing, services.store.lab(thing.lab));
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(span?.file ?? thing.lab));
  const selection = span && rangeOf(document.getText(), span);
  await vscode.window.showTextDocument(document, selection ? { selection } : {});
}

export async function openScript(services: Services, args: TargetArguments): Promise<void> {
  const list = () => thingsWithScript(services.store.labs);
  const [thing] = await thingsOrPick(services, args, { title: 'Script of what?', list, canPickMany: false });
  const lab = thing && services.store.lab(thing.lab)?.lab;
  if (!lab) return;
  const path = `${scriptFolder(thing.lab, lab)}/${scriptOf(thing)}`;
  if (!(await services.files.exists(path))) {
    const generate = { title: 'Generate Scripts', command: 'kvmlab.generate', args: [thing] };
    throw new UserError(`${path} is not there yet: scripts are written at the first start, or now.`, [generate]);
  }
  await vscode.window.showTextDocument(vscode.Uri.file(path));
}

export function rangeOf(text: string, span: TextSpan): vscode.Range {
  const index = new LineIndex(text);
  const [start, end] = [index.position(span.start), index.position(span.end)];
  return new vscode.Range(start.line, start.column, end.line, end.column);
}

function spanOf(thing: ThingRef, snapshot: LabSnapshot | undefined): TextSpan | undefined {
  const named = <T extends { readonly name: string }>(list: readonly T[] | undefined): T | undefined =>
    list?.find(one => one.name === thing.name);
  const lab = snapshot?.lab;
  switch (thing.kind) {
    case 'vm':
      return named(lab?.vms)?.nameSpan;
    case 'switch':
      return named(lab?.switches)?.nameSpan;
    case 'group':
      return named(lab?.groups)?.nameSpan;
    case 'wire':
      return named(lab?.wires)?.span;
    case 'lab':
      return undefined;
  }
}
