import type * as vscode from 'vscode';
import type { Disposable, DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import type { InstallParts } from './installs-room.ts';
import type { InstallDesk } from './vscode/installs/install-desk.ts';
import { installLanguageId } from './vscode/commands.ts';
import { whenOpened } from './vscode/when-opened.ts';

/** Install scripts: help with writing them, and those that are played and recorded, which is loaded with the first one. */
export function composeInstalls(
  app: DisposableStore,
  { secrets }: vscode.ExtensionContext,
  parts: Omit<InstallParts, 'secrets' | 'environment'>,
): () => Promise<InstallDesk> {
  const loadHelp = async (): Promise<Disposable> => {
    const { helpWithInstalls } = await import('./vscode/installs/install-language.ts');
    return helpWithInstalls({ clock: systemClock, included: parts.included });
  };
  app.add(whenOpened(installLanguageId, loadHelp));
  let desk: Promise<InstallDesk> | undefined;
  const make = async (): Promise<InstallDesk> => {
    const { makeInstallDesk } = await import('./installs-room.ts');
    return app.add(makeInstallDesk({ ...parts, secrets, environment: process.env }));
  };
  return () => (desk ??= make());
}
