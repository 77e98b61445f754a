import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import type { ClusterComposition } from './cluster-room.ts';
import type { ClusterRoom } from './vscode/cluster/cluster-desk.ts';

/** Clusters of labs: their rows and commands, loaded when a lab with several hosts is opened in the tree. */
export function composeCluster(
  app: DisposableStore,
  parts: Omit<ClusterComposition, 'open'>,
): () => Promise<ClusterRoom> {
  let room: Promise<ClusterRoom> | undefined;
  const open = new Set<string>();
  const load = (): Promise<ClusterRoom> =>
    (room ??= import('./cluster-room.ts').then(loaded => loaded.openClusterRoom(app, { ...parts, open })));
  app.add(
    parts.tree.provider.onDidOpen(({ id }) => {
      const hosts = parts.store.lab(id)?.lab?.hosts ?? [];
      if (hosts.length < 2 || !vscode.workspace.isTrusted) return;
      open.add(id);
      load().catch(parts.report);
    }),
  );
  return load;
}
