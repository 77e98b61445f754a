import { finishDelete, goneFolder, mendPoints } from './mend-points.ts';
import { pointsFolder, restoringFile, restoringPoint, type PointedLab, type SnapshotParts } from './snapshot-parts.ts';
import type { SnapshotPoint } from './snapshot-point.ts';

/** Forgets a point: from here on it is not there, and what disks keep of it goes away. VMs that run go on. */
export async function deleteSnapshot(of: PointedLab, point: SnapshotPoint, parts: SnapshotParts): Promise<void> {
  await mendPoints(of, parts);
  // Somebody who gives up a point that only half came back wants to go on without it.
  if ((await restoringPoint(of, parts.files)) === point.name) await parts.imageFiles.remove(restoringFile(of));
  await parts.folders.rename(`${pointsFolder(of)}/${point.name}`, goneFolder(of, point.name));
  await finishDelete(of, point, parts);
}
