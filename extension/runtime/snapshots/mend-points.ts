import { cancelState } from '../../qemu/migration.ts';
import { listOf, member, textOf } from '../../qemu/json-value.ts';
import { queryStatus, resumeVm } from '../../qemu/qmp-queries.ts';
import { addingCopy } from '../images/image-actions.ts';
import { timePassed } from '../time-passed.ts';
import { forgetStates } from './disk-states.ts';
import {
  currentFile,
  currentPoint,
  liveVms,
  pointsFolder,
  restoringPoint,
  writtenDisks,
  type LiveVm,
  type PointedLab,
  type SnapshotParts,
} from './snapshot-parts.ts';
import { isPointName, pointFile, pointTag, readPoint, type SnapshotPoint } from './snapshot-point.ts';

/**
 * Work on the points of a lab that is going on, or that was cut off by a `kill -9` or a power cut, is a folder whose name
 * says what it is: `.NAME.new` a save, `.NAME.gone` a delete, `.NAME.export` files on their way into an archive,
 * `.NAME.import` out of one. A restore has a file of its own, and each file has another one beside it while it is
 * written. Whoever has the lock of the points and finds one knows that nobody is at work on it any more.
 */
export const newFolder = (of: PointedLab, name: string): string => `${pointsFolder(of)}/.${name}.new`;
export const goneFolder = (of: PointedLab, name: string): string => `${pointsFolder(of)}/.${name}.gone`;
export const exportFolder = (of: PointedLab, name: string): string => `${pointsFolder(of)}/.${name}.export`;
export const importFolder = (of: PointedLab, name: string): string => `${pointsFolder(of)}/.${name}.import`;

/** Which VMs a save is about to let stand still, so that they go on even if it is cut off. */
export const haltedFile = 'halted.json';

export interface HaltedVm {
  readonly name: string;
  readonly pid: number;
  readonly wasRunning: boolean;
}

/** A program that was ours may work on an image for a moment longer than we lived. */
const longestWaitMs = 30_000;
const lookMs = 250;

/** Brings to an end what was cut off, and says what that was. Before anything else is done with the points of a lab. */
export async function mendPoints(of: PointedLab, parts: SnapshotParts): Promise<void> {
  const names = await parts.folders.folders(pointsFolder(of));
  for (const folder of names) {
    const [, name = '', work] = /^\.(.+)\.(new|gone|export|import)$/.exec(folder) ?? [];
    if (!isPointName(name)) continue;
    const mend = mends[work ?? ''];
    if (mend) await untilFree(() => mend(of, name, parts), parts);
  }
  await parts.folders.dropUnfinished(pointsFolder(of));
  const half = await restoringPoint(of, parts.files);
  if (half !== undefined)
    parts.onProgress(`A restore of ${half} was cut off: VMs may be stopped, and disks partly what they were then.`);
}

async function undoSave(of: PointedLab, name: string, parts: SnapshotParts): Promise<void> {
  const folder = newFolder(of, name);
  const isWhole = (await parts.folders.folders(pointsFolder(of))).includes(name);
  const halted = readHalted(await parts.files.read(`${folder}/${haltedFile}`));
  const live = await liveVms(of, parts);
  const asleep = halted.flatMap(one => live.find(vm => one.wasRunning && isSame(vm, one)) ?? []);
  const woken = await Promise.all(asleep.map(wake));
  // Names of points are given once, so these states are of no other one.
  if (!isWhole) {
    const disks = await writtenDisks(of, parts);
    const used = disks.map(({ vm, path }) => ({ vm, file: path }));
    await forgetStates(of, used, pointTag(name), parts);
  }
  await parts.folders.removeTree(folder);
  const names = asleep.filter((_, at) => woken[at]).map(vm => vm.thing.name);
  const which = names.length === 0 ? '' : ` ${names.join(', ')} stood still, and go on now.`;
  parts.onProgress(`A save of ${name} was cut off; nothing of it is kept.${which}`);
}

const isSame = (vm: LiveVm, { name, pid }: HaltedVm): boolean => vm.thing.name === name && vm.pid === pid;

/** Whether it slept. */
async function wake({ line }: LiveVm): Promise<boolean> {
  await line.ask(cancelState);
  if ((await line.ask(queryStatus)) === 'running') return false;
  await line.ask(resumeVm);
  return true;
}

const dropExport = (of: PointedLab, name: string, { folders }: SnapshotParts): Promise<void> =>
  folders.removeTree(exportFolder(of, name));

async function undoCutImport(of: PointedLab, name: string, parts: SnapshotParts): Promise<void> {
  await undoImport(of, name, parts);
  parts.onProgress(`An import of ${name} was cut off; nothing of it is kept.`);
}

/** Of an import that has not become a point, nothing is kept. */
export async function undoImport(of: PointedLab, name: string, parts: SnapshotParts): Promise<void> {
  const isWhole = (await parts.folders.folders(pointsFolder(of))).includes(name);
  const disks = await writtenDisks(of, parts);
  for (const { path } of disks) await parts.imageFiles.remove(addingCopy(path));
  const used = disks.map(({ vm, path }) => ({ vm, file: path }));
  if (!isWhole) await forgetStates(of, used, pointTag(name), parts);
  await parts.folders.removeTree(importFolder(of, name));
}

async function goOnWithDelete(of: PointedLab, name: string, parts: SnapshotParts): Promise<void> {
  const text = await parts.files.read(`${goneFolder(of, name)}/${pointFile}`);
  const point = text === undefined ? undefined : readPoint(text);
  if (point?.name === name) await finishDelete(of, point, parts);
  else await parts.folders.removeTree(goneFolder(of, name));
  parts.onProgress(`The delete of ${name} was cut off, and is done now.`);
}

/** The second half of a delete, which can be done again. */
export async function finishDelete(of: PointedLab, point: SnapshotPoint, parts: SnapshotParts): Promise<void> {
  if ((await currentPoint(of, parts.files)) === point.name)
    await parts.files.write(currentFile(of), `${point.parent ?? ''}\n`);
  const disks = point.vms.flatMap(({ name: vm, disks: list }) => list.map(({ file }) => ({ vm, file })));
  await forgetStates(of, disks, pointTag(point.name), parts);
  await parts.folders.removeTree(goneFolder(of, point.name));
}

async function untilFree(mend: () => Promise<void>, { clock }: SnapshotParts): Promise<void> {
  const end = clock.now() + longestWaitMs;
  for (;;) {
    try {
      await mend();
      return;
    } catch (error) {
      if (clock.now() >= end) throw error;
    }
    await timePassed(clock, lookMs, undefined);
  }
}

const mends: Readonly<Record<string, (of: PointedLab, name: string, parts: SnapshotParts) => Promise<void>>> = {
  new: undoSave,
  gone: goOnWithDelete,
  export: dropExport,
  import: undoCutImport,
};

export const writeHalted = (vms: readonly HaltedVm[]): string => `${JSON.stringify({ vms })}\n`;

/** It may be cut off, or from anybody. */
function readHalted(text: string | undefined): readonly HaltedVm[] {
  let json: unknown;
  try {
    json = JSON.parse(text ?? '');
  } catch {
    return [];
  }
  return listOf(member(json, 'vms')).flatMap(one => {
    const [name, pid] = [textOf(member(one, 'name')), member(one, 'pid')];
    return name !== undefined && typeof pid === 'number'
      ? [{ name, pid, wasRunning: member(one, 'wasRunning') === true }]
      : [];
  });
}
