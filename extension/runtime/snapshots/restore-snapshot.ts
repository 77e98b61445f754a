import type { CancelSignal } from '../../base/cancel.ts';
import { CalledOff, UserError } from '../../base/user-error.ts';
import { stateSocket, vmFiles, vmScript } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import { queryVersion, takeState } from '../../qemu/migration.ts';
import { queryStatus, resumeVm } from '../../qemu/qmp-queries.ts';
import { vmLine, type VmLine } from '../change/vm-nics.ts';
import { scriptFolder } from '../lab-identity.ts';
import type { Verb } from '../lab-control.ts';
import { doneWords } from '../outcome-report.ts';
import { folderOf } from '../paths.ts';
import type { ThingRef } from '../state.ts';
import { tellSwitch } from '../switches/vlan-change.ts';
import { commandsFor } from '../switches/vlan-orders.ts';
import { timePassed } from '../time-passed.ts';
import { count } from '../views/tree-node.ts';
import { lostConnections, switchesOf } from './lost-connections.ts';
import { mendPoints } from './mend-points.ts';
import { requireSameMachines, withMemory } from './same-machines.ts';
import {
  currentFile,
  fullPath,
  pointsFolder,
  restoringFile,
  type PointedLab,
  type SnapshotParts,
} from './snapshot-parts.ts';
import { pointTag, stateFile, type SavedVm, type SnapshotPoint } from './snapshot-point.ts';

export interface RestoreOrder {
  readonly point: SnapshotPoint;
  /** Whether lab files that have changed since are put back; else that is a reason to refuse. */
  readonly withFiles: boolean;
  /** Reads the lab file anew, which has been put back. */
  readonly readAgain: () => Promise<Lab>;
}

const lookMs = 20;

/**
 * Makes the whole lab what it was at a point. What can be found wrong is found before anything is ended. VMs begin to run
 * together when all are back.
 */
export async function restoreSnapshot(of: PointedLab, order: RestoreOrder, parts: SnapshotParts): Promise<void> {
  const { point } = order;
  await mendPoints(of, parts);
  await requireWhole(of, point, parts);
  const changed = await changedFiles(of, point, parts);
  if (changed.length > 0 && !order.withFiles)
    throw new UserError(
      `${changed.map(one => one.name).join(', ')} changed since the snapshot ${point.name}, whose VMs belong to the text of then. Nothing was done. With --files that text comes back; the present one is kept beside it.`,
    );
  if (changed.length === 0) await requireSameMachines(of, point, 'Nothing was done', parts);
  parts.onProgress('Ending what runs …');
  await parts.files.write(restoringFile(of), `${point.name}\n`);
  await endAll(of, parts);
  for (const { name, text, now } of changed)
    await putBack(`${folderOf(of.path)}/${name}`, text, now, point.name, parts);
  const then = { path: of.path, lab: changed.length > 0 ? await order.readAgain() : of.lab };
  if (changed.length > 0) await requireSameMachines(then, point, 'Nothing was restored; the VMs are stopped', parts);
  const disks = new Set(point.vms.flatMap(vm => vm.disks.map(({ file }) => fullPath(file, of.path))));
  for (const disk of disks) await parts.images.snapshot('restore', disk, pointTag(point.name));
  await allOrNone(then, point, parts, () => runAgain(then, point, parts));
  await parts.files.write(currentFile(of), `${point.name}\n`);
  await parts.imageFiles.remove(restoringFile(of));
  await parts.look();
}

/** Nothing has been restored yet if that fails, and so nothing is half. */
async function endAll(of: PointedLab, parts: SnapshotParts): Promise<void> {
  try {
    await orderAll('kill', vmsOf(of.path, of.lab), parts, parts.signal);
  } catch (error) {
    await parts.imageFiles.remove(restoringFile(of));
    throw error;
  }
}

/** Half a lab that runs would be nothing that ever was: if one VM does not come back, the others are ended again. */
async function allOrNone(
  { path, lab }: PointedLab,
  point: SnapshotPoint,
  parts: SnapshotParts,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    await orderAll('kill', vmsOf(path, lab), parts, undefined);
    await parts.imageFiles.remove(restoringFile({ path, lab }));
    const isCalledOff = parts.signal?.aborted === true;
    const reason = isCalledOff ? 'It was called off.' : error instanceof UserError ? error.message : String(error);
    throw new (isCalledOff ? CalledOff : UserError)(
      `${reason}\nThe VMs of lab ${lab.name} are stopped, and their disks are what they were at ${point.name}. Restore it again to try once more, or start the lab.`,
      [],
      { cause: error },
    );
  }
}

/** The network, then all VMs that ran; those that were not paused go on together. */
async function runAgain(of: PointedLab, point: SnapshotPoint, parts: SnapshotParts): Promise<void> {
  const saved = withMemory(point);
  await startNetwork(of, point, parts);
  parts.onProgress(`Bringing back ${count(saved.length, 'VM')} …`);
  const lines = await Promise.all(saved.map(vm => bringBack(vm, of, point, parts)));
  await parts.look();
  for (const { name, nic, faults } of point.wires) await parts.wires.change({ lab: of.path, name, nic }, () => faults);
  await Promise.all(lines.filter((_, at) => saved[at]?.state === 'running').map(line => line.ask(resumeVm)));
  const lost = saved.length > 0 ? lostConnections(of.lab, switchesOf(point)) : undefined;
  if (lost !== undefined) parts.onProgress(lost);
}

/** Every file of the point is what it was, and every disk still has its state of then. */
async function requireWhole(of: PointedLab, point: SnapshotPoint, parts: SnapshotParts): Promise<void> {
  const folder = `${pointsFolder(of)}/${point.name}`;
  for (const { name, memory, disks } of point.vms) {
    const file = `${folder}/${stateFile(name)}`;
    if (memory && (!(await parts.files.exists(file)) || (await parts.imageFiles.sum(file)) !== memory.sha256))
      throw new UserError(`${file}, the memory of ${name}, is not what was saved. Nothing was done.`);
    for (const disk of disks) {
      const path = fullPath(disk.file, of.path);
      if (!(await parts.images.snapshots(path)).some(one => one.name === pointTag(point.name)))
        throw new UserError(
          `${path} of ${name} has no state of the snapshot ${point.name} any more. Nothing was done.`,
        );
    }
  }
}

interface ChangedFile {
  readonly name: string;
  /** Of then. */
  readonly text: string;
  /** Undefined: it is not there. */
  readonly now: string | undefined;
}

/** Files of the point that are not what they were. */
export async function changedFiles(
  { path }: PointedLab,
  point: SnapshotPoint,
  parts: Pick<SnapshotParts, 'files'>,
): Promise<readonly ChangedFile[]> {
  const files = await Promise.all(
    point.files.map(async ({ name, text }) => ({
      name,
      text,
      now: await parts.files.read(`${folderOf(path)}/${name}`),
    })),
  );
  return files.filter(({ text, now }) => text !== now);
}

async function putBack(
  path: string,
  text: string,
  now: string | undefined,
  point: string,
  { files }: SnapshotParts,
): Promise<void> {
  if (now !== undefined) await files.write(`${path}.before-${point}`, now);
  await files.write(path, text);
}

const vmsOf = (path: string, lab: Lab): readonly ThingRef[] =>
  lab.vms.map(({ name }) => ({ lab: path, kind: 'vm', name }));

async function orderAll(
  verb: Verb,
  things: readonly ThingRef[],
  { control }: SnapshotParts,
  signal: CancelSignal | undefined,
): Promise<void> {
  const outcomes = await control.run(verb, things, { signal });
  const failed = outcomes.find(({ kind }) => kind === 'failed');
  if (failed) throw new UserError(failed.message);
  if (outcomes.some(({ kind }) => kind === 'cancelled'))
    throw new CalledOff(`It was called off. ${doneWords(verb, outcomes)} The disks are what they were.`);
}

async function startNetwork({ path, lab }: PointedLab, point: SnapshotPoint, parts: SnapshotParts): Promise<void> {
  const ran = new Set(point.switches.map(({ name }) => name));
  const switches = lab.switches.filter(({ name }) => ran.has(name));
  const wires = lab.wires.filter(({ ends }) => ends.every(end => ran.has(end.switch)));
  await orderAll(
    'start',
    switches.map(({ name }) => ({ lab: path, kind: 'switch', name })),
    parts,
    parts.signal,
  );
  await orderAll(
    'start',
    wires.map(({ name }) => ({ lab: path, kind: 'wire', name })),
    parts,
    parts.signal,
  );
  for (const { name, ports } of point.switches) {
    const running = parts.store.host.switches.find(one => one.lab === lab.name && one.name === name);
    if (!running?.management) continue;
    const picture = await parts.pictureOf(running, lab);
    const wishes = ports.map(port => ({ ...port, plug: undefined }));
    await tellSwitch(parts.management, name, running.management, commandsFor(picture, wishes));
  }
}

async function bringBack(
  { name }: SavedVm,
  { path, lab }: PointedLab,
  point: SnapshotPoint,
  parts: SnapshotParts,
): Promise<VmLine> {
  const run = parts.runDir(lab.name);
  const { code, output } = await parts.scripts.run(
    `${scriptFolder(path, lab)}/${vmScript(name)}`,
    ['restore'],
    parts.signal,
  );
  if (code !== 0) throw new UserError(`${name} could not be brought back. ${output.trim()}`);
  const line = vmLine(parts.qmp, name, `${run}/${vmFiles(name).qmp}`);
  const version = await line.ask(queryVersion);
  const socket = `${run}/${stateSocket(name)}`;
  try {
    await line.ask(takeState(`unix:${socket}`));
    await parts.streams.send(`${pointsFolder({ path, lab })}/${point.name}/${stateFile(name)}`, socket, parts.signal);
    while ((await line.ask(queryStatus)) === 'inmigrate') await timePassed(parts.clock, lookMs, undefined);
    return line;
  } catch (cause) {
    const hint = version === point.qemu ? '' : ` It was saved by QEMU ${point.qemu ?? '?'}, and this is ${version}.`;
    const message = cause instanceof UserError ? cause.message : String(cause);
    throw new UserError(`QEMU did not take back the memory of ${name}.${hint} ${message}`, [], { cause });
  }
}
