import * as vscode from 'vscode';
import { UserError } from '../base/user-error.ts';
import type { ThingRef } from '../runtime/state.ts';
import { withFolders, type ListedThing } from '../runtime/views/thing-list.ts';
import type { TargetArguments } from './commands.ts';
import type { Services } from './services.ts';
import { thingsOf } from './targets.ts';

export interface PickOptions {
  readonly title: string;
  readonly list: () => readonly ListedThing[];
  readonly canPickMany: boolean;
}

/** What the command was called on; without that it asks. Empty: the user thought better of it. */
export async function thingsOrPick(
  services: Services,
  args: TargetArguments,
  options: PickOptions,
): Promise<readonly ThingRef[]> {
  await services.whenRead();
  const things = thingsOf(args, services.store.labs);
  return things.length > 0 ? things : pickThings(services, options);
}

async function pickThings(services: Services, { title, list, canPickMany }: PickOptions): Promise<readonly ThingRef[]> {
  if (services.store.labs.length === 0) throw noLab();
  await services.look();
  const fitting = ofActiveEditorFirst(withFolders(list(), services.store.labs));
  // The only one is ticked: Enter, which takes nothing where nothing is ticked, then means it.
  const items = fitting.map(item => ({ ...item, picked: canPickMany && fitting.length === 1 }));
  if (items.length === 0) throw new UserError(`${title} There is nothing in the labs of this workspace that fits now.`);
  const placeHolder = canPickMany ? 'Tick one or more' : 'Choose one';
  const options = { title, matchOnDescription: true, placeHolder };
  const chosen = canPickMany
    ? await vscode.window.showQuickPick(items, { ...options, canPickMany: true })
    : await vscode.window.showQuickPick(items, options);
  if (!chosen) return [];
  return (Array.isArray(chosen) ? (chosen as readonly ListedThing[]) : [chosen]).map(item => item.thing);
}

function ofActiveEditorFirst(items: readonly ListedThing[]): ListedThing[] {
  const path = vscode.window.activeTextEditor?.document.uri.fsPath;
  const isActive = (item: ListedThing): boolean => item.thing.lab === path;
  return [...items.filter(isActive), ...items.filter(item => !isActive(item))];
}

const noLab = (): UserError =>
  new UserError('There is no lab in this workspace yet.', [
    { title: 'Create a Lab', command: 'kvmlab.newLab' },
    { title: 'Open a Sample', command: 'kvmlab.openSample' },
  ]);
