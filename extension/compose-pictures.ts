import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import { fontFolders } from './host/fonts.ts';
import { ResvgRasterizer } from './host/svg-rasterizer.ts';
import type { LabReading } from './lab/model.ts';
import type { Files, Rasterizer } from './runtime/host.ts';
import type { LabStore } from './runtime/store.ts';
import type { SwitchWatcher } from './runtime/switches/switch-watcher.ts';
import type { LabsTree } from './vscode/trees/labs-tree.ts';
import { followWishes } from './vscode/pictures/picture-edits.ts';
import { PicturePanels } from './vscode/pictures/picture-panels.ts';
import { keepInStep } from './vscode/pictures/picture-sync.ts';

export interface PictureParts {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly files: Files;
  /** The text from which the lab in the store was read. */
  readonly textOf: (file: string) => string | undefined;
  readonly labsTree: LabsTree;
  readonly extensionUri: vscode.Uri;
  /** Tells the user of a failure that no command has seen. */
  readonly report: (error: unknown) => void;
}

/** The pictures, and what keeps them in step with the tree and the editors. */
export function composePictures(
  app: DisposableStore,
  { store, switches, files, textOf, labsTree, extensionUri, report }: PictureParts,
): PicturePanels {
  const textNow = (file: string): Promise<string | undefined> => {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
    return open ? Promise.resolve(open.getText()) : files.read(file);
  };
  const readingOf = (file: string, text: string): LabReading | undefined =>
    textOf(file) === text ? store.lab(file)?.reading : undefined;
  const pictures = app.add(
    new PicturePanels({
      ...{ store, switches, extensionUri, clock: systemClock },
      nonce: () => randomBytes(16).toString('base64'),
      host: { textOf: textNow, readingOf, room: () => import('./runtime/picture/picture-room.ts') },
    }),
  );
  app.add(followWishes(pictures, systemClock, report));
  app.add(keepInStep({ pictures, tree: labsTree.view, rows: labsTree.provider, clock: systemClock }));
  return pictures;
}

/** What makes PNGs of them. */
export const composeRasterizer = (extensionUri: vscode.Uri): Rasterizer =>
  new ResvgRasterizer({
    wasm: vscode.Uri.joinPath(extensionUri, 'dist/resvg.wasm').fsPath,
    fontFolders: fontFolders(process.env),
  });
