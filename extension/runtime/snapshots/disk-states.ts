import { forgetDiskState, queryWrittenDisks } from '../../qemu/migration.ts';
import { fullPath, liveVms, type PointedLab, type SnapshotParts } from './snapshot-parts.ts';

/** A disk of a VM of the lab. */
interface VmDisk {
  readonly vm: string;
  /** As a point keeps it, or absolute. */
  readonly file: string;
}

/** Forgets the states of a tag that disks keep inside; those without one are left alone. VMs that run go on. */
export async function forgetStates(
  of: PointedLab,
  disks: readonly VmDisk[],
  tag: string,
  parts: SnapshotParts,
): Promise<void> {
  const live = new Map((await liveVms(of, parts)).map(vm => [vm.thing.name, vm]));
  for (const { vm, file } of disks) {
    const path = fullPath(file, of.path);
    if ((await parts.imageFiles.look(path)) === undefined) continue;
    if (!(await parts.images.snapshots(path)).some(one => one.name === tag)) continue;
    const line = live.get(vm)?.line;
    const drive = (await line?.ask(queryWrittenDisks))?.find(one => one.file === path);
    if (line && drive) await line.ask(forgetDiskState(drive.device, tag));
    else await parts.images.snapshot('delete', path, tag);
  }
}
