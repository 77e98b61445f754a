import { systemClock } from './host/clock.ts';
import { LocalPointFolders } from './host/point-folders.ts';
import { SnapshotWatch, type SnapshotWatchParts } from './vscode/snapshots/snapshot-watch.ts';

/** The rows of snapshots; loaded when somebody looks at the rows of labs. */
export const watchSnapshots = (parts: Omit<SnapshotWatchParts, 'clock' | 'folders'>): SnapshotWatch =>
  new SnapshotWatch({ ...parts, clock: systemClock, folders: new LocalPointFolders() });
