import * as vscode from 'vscode';
import { thingId, type ThingId } from '../../diagram/thing-id.ts';
import { isDiagFile } from '../../runtime/picture/picture-file.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';

/** Opens the picture of a lab, or of a `.diag`, beside it; of a thing in a lab: with that thing selected. */
export async function openPicture(services: Services, args: TargetArguments): Promise<void> {
  // A window that has just opened knows no labs yet, not even the one in its editor.
  await services.whenRead();
  const active = vscode.window.activeTextEditor?.document.uri;
  const [clicked] = args;
  if (
    clicked === undefined &&
    active?.scheme === 'file' &&
    (isDiagFile(active.fsPath) || services.store.lab(active.fsPath))
  ) {
    services.pictures.open(active.fsPath);
    return;
  }
  const list = () => labsOf(services.store.labs);
  const [thing] = await thingsOrPick(services, args, { title: 'Picture of which lab?', list, canPickMany: false });
  if (thing) services.pictures.open(thing.lab, pictureThing(thing));
}

function pictureThing({ kind, name }: ThingRef): readonly ThingId[] | undefined {
  if (kind === 'lab') return undefined;
  const drawn = { vm: 'node', switch: 'network', wire: 'wire', group: 'group' } as const;
  return [thingId(drawn[kind], name)];
}
