import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import type { SnapshotComposition } from './snapshots-room.ts';
import type { SnapshotDesk } from './vscode/snapshots/snapshot-desk.ts';
import type { SnapshotWatch, SnapshotWatchParts } from './vscode/snapshots/snapshot-watch.ts';

type SnapshotParts = Omit<SnapshotComposition, 'changed'> & Pick<SnapshotWatchParts, 'tree' | 'report'>;

/** Snapshots of labs: their rows, loaded when a row of the tree is opened, and what works on them, with the first command. */
export function composeSnapshots(app: DisposableStore, parts: SnapshotParts): () => Promise<SnapshotDesk> {
  let watching: Promise<SnapshotWatch> | undefined;
  let made: Promise<SnapshotDesk> | undefined;
  const watch = async (): Promise<SnapshotWatch> =>
    app.add((await import('./snapshot-watch-room.ts')).watchSnapshots(parts));
  const changed = (): void => void watching?.then(one => one.changed());
  const make = async (): Promise<SnapshotDesk> =>
    (await import('./snapshots-room.ts')).makeSnapshotDesk({ ...parts, changed });
  app.add(
    parts.tree.provider.onDidOpen(() => {
      if (vscode.workspace.isTrusted) (watching ??= watch()).catch(parts.report);
    }),
  );
  return () => (made ??= make());
}
