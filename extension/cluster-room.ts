import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import { LocalClusterTools } from './host/cluster-tools.ts';
import { ClusterDesk, type ClusterDeskParts, type ClusterRoom } from './vscode/cluster/cluster-desk.ts';
import { ClusterWatch, type ClusterWatchParts } from './vscode/cluster/cluster-watch.ts';

export interface ClusterComposition
  extends Omit<ClusterDeskParts, 'here'>, Pick<ClusterWatchParts, 'tree' | 'store' | 'open' | 'report'> {}

/** Loaded with the first lab that a cluster could run, or with the first command. */
export function openClusterRoom(app: DisposableStore, parts: ClusterComposition): ClusterRoom {
  const desk = new ClusterDesk({ ...parts, here: new LocalClusterTools() });
  const watch = app.add(new ClusterWatch({ ...parts, clock: systemClock, look: desk.look }));
  return { desk, changed: path => watch.changed(path) };
}
