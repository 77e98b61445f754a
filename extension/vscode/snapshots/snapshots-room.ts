/** What is loaded with the first snapshot of a lab. */
export { exportPoint, importPoint } from './archive-commands.ts';
export { compareSnapshots } from './compare-command.ts';
export { SnapshotDesk } from './snapshot-desk.ts';
export { deletePoint, restoreTo, takeSnapshot } from './snapshot-commands.ts';
